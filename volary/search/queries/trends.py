"""Reading trends, and the public posts that they are made of."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from volary.accounts.models import accounts
from volary.db import Reader, in_list, statement
from volary.graph.models import follows
from volary.graph.queries.visibility import NOBODY
from volary.posts.models import posts
from volary.posts.queries.visibility import seen
from volary.search.models import MaterialRow, PlaceRow, TrendRow, trends

_ALL = statement(select(*trends.c).order_by(trends.c.place, trends.c.position), TrendRow)
_AT = statement(
    select(*trends.c).where(in_list(trends.c.place, "places")).order_by(trends.c.place, trends.c.position), TrendRow
)
_PUBLIC = (
    select(posts.c.id, posts.c.author_id, posts.c.text, posts.c.entities, accounts.c.location, accounts.c.country)
    .select_from(posts)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(
        posts.c.id > bindparam("after"),
        posts.c.repost_of_id.is_(None),
        posts.c.replaced_at.is_(None),
        accounts.c.protected == 0,
        seen(),
    )
    .order_by(posts.c.id.desc())
    .limit(bindparam("count"))
)
_NEWEST = statement(_PUBLIC, MaterialRow)
_OF_FOLLOWED = statement(
    _PUBLIC.where(
        posts.c.author_id.in_(select(follows.c.followed_id).where(follows.c.follower_id == bindparam("viewer")))
    ),
    MaterialRow,
)

_WHERE = statement(
    select(accounts.c.location, accounts.c.country).where(accounts.c.id == bindparam("account")), PlaceRow
)


async def every_trend(reader: Reader) -> list[TrendRow]:
    """All trends, place by place."""
    return await reader.all(_ALL)


async def trends_at(reader: Reader, places: Sequence[int]) -> list[TrendRow]:
    """The trends of some places, the most talked about first at each."""
    return await reader.all(_AT, places=places)


async def newest_public(reader: Reader, after: int, count: int) -> list[MaterialRow]:
    """The newest posts that everybody may see, with ids above `after`."""
    return await reader.all(_NEWEST, viewer=NOBODY, after=after, count=count)


async def newest_of_followed(reader: Reader, viewer: int, after: int, count: int) -> list[MaterialRow]:
    """The newest public posts of those whom an account follows."""
    return await reader.all(_OF_FOLLOWED, viewer=viewer, after=after, count=count)


async def where_is(reader: Reader, account: int) -> tuple[str, str]:
    """An account's location in its own words, and the country of its settings."""
    found = await reader.one(_WHERE, account=account)
    return (found.location, found.country) if found else ("", "")
