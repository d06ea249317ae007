"""The numbers that a post shows of what others made of it, and the same by the hour for its author. They change in the act itself,
so that numbers and facts never part (C034).

Every act of this room changes rows of posts before rows of accounts, so that two acts wait for each other instead of crossing.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, update

from volary.db import Statement, Tx, statement, upsert
from volary.posts.models import post_hours, posts
from volary.posts.rules.counts import hour_of, last_forgotten, young

_HOURLY = {
    "reply": "replies",
    "quote": "quotes",
    "repost": "reposts",
    "like": "likes",
    "bookmark": "bookmarks",
}


def _total(column: str) -> Statement[None]:
    changed = {column: posts.c[column] + bindparam("change")}
    return statement(update(posts).where(posts.c.id == bindparam("post_id")).values(changed))


def _hourly(column: str) -> Statement[None]:
    return statement(
        upsert(
            post_hours,
            values={"post_id": bindparam("post_id"), "hour": bindparam("hour"), column: bindparam("change")},
            key=["post_id", "hour"],
            update={column: post_hours.c[column] + bindparam("change")},
        )
    )


_TOTALS = {what: _total(f"{what}_count") for what in _HOURLY}
_HOURS = {what: _hourly(column) for what, column in _HOURLY.items()}
_UNLIKES = _hourly("unlikes")
_VIEWS, _VIEWS_BY_HOUR = _total("impression_count"), _hourly("impressions")
_FORGET = statement(delete(post_hours).where(post_hours.c.post_id < bindparam("before")))


async def count_reply(tx: Tx, post: int, change: int) -> None:
    """Add one answer (1) or take one away (-1)."""
    await _count(tx, "reply", post, change)


async def count_quote(tx: Tx, post: int, change: int) -> None:
    """Add one quote (1) or take one away (-1)."""
    await _count(tx, "quote", post, change)


async def count_repost(tx: Tx, post: int, change: int) -> None:
    """Add one repost (1) or take one away (-1)."""
    await _count(tx, "repost", post, change)


async def count_like(tx: Tx, post: int, change: int) -> None:
    """Add one like (1) or take one away (-1)."""
    await _count(tx, "like", post, change)
    if change < 0 and young(post, tx.now):
        await tx.run(_UNLIKES, post_id=post, hour=hour_of(tx.now), change=-change)


async def count_bookmark(tx: Tx, post: int, change: int) -> None:
    """Add one bookmark (1) or take one away (-1)."""
    await _count(tx, "bookmark", post, change)


async def count_views(tx: Tx, views: Sequence[tuple[int, int]], hour: int) -> None:
    """Add so many views to each of some posts, in the order of their ids. A post that is gone is passed over."""
    for post, number in views:
        if await tx.run(_VIEWS, post_id=post, change=number) and young(post, tx.now):
            await tx.run(_VIEWS_BY_HOUR, post_id=post, hour=hour, change=number)


async def forget_hours(tx: Tx) -> int:
    """Delete the hours of old posts; how many."""
    return await tx.run(_FORGET, before=last_forgotten(tx.now))


async def _count(tx: Tx, what: str, post: int, change: int) -> None:
    """Change a number of a post; by the hour only what is new counts."""
    await tx.run(_TOTALS[what], post_id=post, change=change)
    if change > 0 and young(post, tx.now):
        await tx.run(_HOURS[what], post_id=post, hour=hour_of(tx.now), change=change)
