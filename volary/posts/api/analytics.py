"""What happened to one's own posts, by hours, days or weeks (C034)."""

from typing import Annotated

import msgspec

from volary.accounts.shapes import moment
from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.pagination import moment_in
from volary.api.problems import not_authorized, not_found
from volary.api.query import Id, whole_id
from volary.kit.clock import HOUR
from volary.posts.api.needs import READ_OWN
from volary.posts.models import HourRow
from volary.posts.queries.hours import Hours, hours_of, own_posts
from volary.posts.queries.reading import posts_by_ids
from volary.posts.rules.series import Granularity, hours_between, nothing, series
from volary.posts.shapes.analytics import Field, shaped


class AnalyticsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters. Whole hours are counted, so the time is widened to those that it touches."""

    ids: Annotated[tuple[Id, ...], msgspec.Meta(min_length=1, max_length=100)]
    start_time: str
    end_time: str
    granularity: Granularity = "total"
    fields: tuple[Field, ...] = msgspec.field(default=(), name="analytics.fields")


@operation("GET", "/2/tweets/analytics", need=READ_OWN, limits=limits(app=300, user=300), query=AnalyticsQuery)
async def analytics(call: Call[AnalyticsQuery, None]) -> Reply:
    """The numbers of some of one's own posts. Each is counted for the thirty days after it was posted (X facts 5.2)."""
    query, me = call.query, call.me
    start, end = moment_in(query.start_time, "start_time"), moment_in(query.end_time, "end_time")
    if end <= start:
        raise InvalidRequest("The `end_time` must be later than the `start_time`.", "end_time", (query.end_time,))
    first, last = hours_between(start, end)
    ids = list(dict.fromkeys(whole_id(text, "ids") for text in query.ids))
    own = await own_posts(call.db, me, ids)
    found: dict[int, list[HourRow]] = {one: [] for one in ids if one in own}
    for row in await hours_of(call.db.long, me, list(found), Hours(first, last)) if found else ():
        found[row.post_id].append(row)
    data, whole = [], query.granularity == "total"
    for post_id, hours in found.items():
        parts = series(hours, first, query.granularity)
        if whole:
            parts = parts or [(first * HOUR, nothing())]
        data.append(shaped(post_id, [(moment(at), sums) for at, sums in parts], query.fields, whole=whole))
    body: dict[str, object] = {"data": data} if data else {}
    if others := [one for one in ids if one not in own]:
        seen = {row.id for row in await posts_by_ids(call.db, me, others)}
        body["errors"] = [
            not_authorized("ids", str(one), "tweet") if one in seen else not_found("tweet", "ids", str(one))
            for one in others
        ]
    return Reply(body)
