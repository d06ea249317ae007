"""The numbers that a post shows of what others made of it. They change in the act itself.

Every act of this room changes rows of posts before rows of accounts, so that two acts wait for each other instead of crossing.
"""

from sqlalchemy import Column, bindparam, update

from volary.db import Statement, Tx, statement
from volary.posts.models import posts


def _counting(column: Column[int]) -> Statement[None]:
    return statement(
        update(posts).where(posts.c.id == bindparam("post")).values({column: column + bindparam("change")})
    )


_REPOSTS, _LIKES, _BOOKMARKS = (_counting(posts.c[name]) for name in ("repost_count", "like_count", "bookmark_count"))


async def count_repost(tx: Tx, post: int, change: int) -> None:
    """Add one repost (1) or take one away (-1)."""
    await tx.run(_REPOSTS, post=post, change=change)


async def count_like(tx: Tx, post: int, change: int) -> None:
    """Add one like (1) or take one away (-1)."""
    await tx.run(_LIKES, post=post, change=change)


async def count_bookmark(tx: Tx, post: int, change: int) -> None:
    """Add one bookmark (1) or take one away (-1)."""
    await tx.run(_BOOKMARKS, post=post, change=change)
