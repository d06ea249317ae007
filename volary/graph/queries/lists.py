"""Lists of accounts, newest first: whom one follows, who follows, asks to follow, is blocked or muted.

Only active accounts are listed. Whether the viewer may see the owner's list of follows is part of the statement; the other lists are
for their owner alone, who is the only one that they are asked for.
"""

from sqlalchemy import ColumnElement, Table, bindparam, select

from volary.accounts.models import ACTIVE, accounts
from volary.accounts.queries import ACCOUNT_COLUMNS
from volary.db import Reader, Statement, statement
from volary.db.paging import Bounds
from volary.graph.models import PlacedRow, blocks, follow_requests, follows, mutes
from volary.graph.queries.visibility import visible

Pair = tuple[Statement[PlacedRow], Statement[PlacedRow]]
"""The statement of a page downwards from the newest, and of one upwards."""


def _pages(kept: Table, mine: str, theirs: str, *, seen: bool = False) -> Pair:
    chosen = (
        select(*ACCOUNT_COLUMNS, kept.c.place)
        .select_from(kept)
        .join(accounts, accounts.c.id == kept.c[theirs])
        .where(
            kept.c[mine] == bindparam("owner"),
            kept.c.place > bindparam("after"),
            kept.c.place < bindparam("before"),
            accounts.c.state == ACTIVE,
        )
        .limit(bindparam("count"))
    )
    if seen:
        owners = accounts.alias("owners")
        chosen = chosen.join(owners, owners.c.id == kept.c[mine]).where(visible(owners))
    order: tuple[ColumnElement[int], ...] = (kept.c.place.desc(), kept.c.place.asc())
    down, up = (statement(chosen.order_by(one), PlacedRow) for one in order)
    return down, up


_FOLLOWED = _pages(follows, "follower_id", "followed_id", seen=True)
_FOLLOWERS = _pages(follows, "followed_id", "follower_id", seen=True)
_BLOCKED = _pages(blocks, "blocker_id", "blocked_id")
_MUTED = _pages(mutes, "muter_id", "muted_id")
_REQUESTS = _pages(follow_requests, "asked_id", "asker_id")


async def followed_by(reader: Reader, viewer: int, owner: int, page: Bounds, count: int) -> list[PlacedRow]:
    """Whom an account follows, if the viewer may see that."""
    return await _read(reader, _FOLLOWED, page, count, owner=owner, viewer=viewer)


async def followers_of(reader: Reader, viewer: int, owner: int, page: Bounds, count: int) -> list[PlacedRow]:
    """Who follows an account, if the viewer may see that."""
    return await _read(reader, _FOLLOWERS, page, count, owner=owner, viewer=viewer)


async def blocked_by(reader: Reader, owner: int, page: Bounds, count: int) -> list[PlacedRow]:
    """Whom an account blocks."""
    return await _read(reader, _BLOCKED, page, count, owner=owner)


async def muted_by(reader: Reader, owner: int, page: Bounds, count: int) -> list[PlacedRow]:
    """Whom an account mutes."""
    return await _read(reader, _MUTED, page, count, owner=owner)


async def requests_to(reader: Reader, owner: int, page: Bounds, count: int) -> list[PlacedRow]:
    """Who asks to follow an account."""
    return await _read(reader, _REQUESTS, page, count, owner=owner)


async def _read(reader: Reader, pages: Pair, page: Bounds, count: int, **of: int) -> list[PlacedRow]:
    """One page, newest first."""
    asked = pages[1] if page.up else pages[0]
    rows = await reader.all(asked, after=page.after, before=page.before, count=count, **of)
    return rows[::-1] if page.up else rows
