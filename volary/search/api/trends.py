"""What is talked about: at a place, and among those whom one follows."""

from typing import Annotated, Literal

import msgspec

from volary.access.levels import Level
from volary.access.needs import Need
from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest
from volary.api.limits import Quota, limits, per_day
from volary.api.operation import operation
from volary.api.problems import not_found
from volary.kit.clock import DAY
from volary.kit.ids import first_id_at
from volary.posts.rules.answering import kept_entities
from volary.search.queries.trends import newest_of_followed, trends_at, where_is
from volary.search.rules.places import PLACES, WORLD, place_of
from volary.search.rules.trending import Tally
from volary.search.shapes import PersonalTrend, personal_trends, trends_of

READ = Need(scopes=frozenset(), app_only=True)
READ_OWN = Need(oauth1=Level.READ, scopes=frozenset({"tweet.read", "users.read"}))
_FOLLOWED_POSTS = 500
_PERSONAL = 20


class TrendsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of the trends of a place."""

    max_trends: Annotated[int, msgspec.Meta(ge=1, le=50)] = 20
    fields: tuple[Literal["trend_name", "tweet_count"], ...] = msgspec.field(default=(), name="trend.fields")


class PersonalQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of one's own trends."""

    fields: tuple[Literal["category", "post_count", "trend_name", "trending_since"], ...] = msgspec.field(
        default=(), name="personalized_trend.fields"
    )


@operation("GET", "/2/trends/by/woeid/{woeid}", need=READ, limits=limits(app=75, user=75), query=TrendsQuery)
async def trends(call: Call[TrendsQuery, None]) -> Reply:
    """What is talked about in the world (1) or in a country, by its WOEID; made of public posts alone."""
    text = call.path["woeid"]
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise InvalidRequest(f"The `woeid` path parameter value [{text[:100]}] is not valid", "woeid", (text[:100],))
    if int(text) not in PLACES:
        return Reply({"errors": [not_found("woeid", "woeid", text)]})
    rows = await trends_at(call.db, [int(text)])
    return Reply({"data": trends_of(rows[: call.query.max_trends], call.query.fields)})


@operation(
    "GET",
    "/2/users/personalized_trends",
    need=READ_OWN,
    limits=limits(user=(Quota(10), per_day(100)), app=(Quota(200), per_day(200))),
    query=PersonalQuery,
)
async def own_trends(call: Call[PersonalQuery, None]) -> Reply:
    """What those whom one follows talk about in public, then one's country, then the world."""
    db, me = call.db, call.me
    tally = Tally()
    for row in await newest_of_followed(db.long, me, first_id_at(db.now - DAY), _FOLLOWED_POSTS):
        tally.add(row.author_id, None, row.text, kept_entities(row.entities))
    place = place_of(*await where_is(db, me)) or WORLD
    rows = sorted(await trends_at(db, [WORLD, place]), key=lambda row: (row.place == WORLD, row.position))
    known = {row.name: row.since for row in rows}
    found = [
        PersonalTrend("Trending among people you follow", one.name, one.posts, known.get(one.name))
        for one in tally.trends()
    ]
    found += [PersonalTrend("Trending", row.name, row.posts, row.since) for row in rows]
    first = {one.name.lower(): one for one in reversed(found)}
    chosen = [one for one in found if first[one.name.lower()] is one][:_PERSONAL]
    return Reply({"data": personal_trends(chosen, call.query.fields, db.now)})
