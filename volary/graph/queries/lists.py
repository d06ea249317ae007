"""Lists of accounts, newest first: whom one follows, who follows, asks to follow, is blocked or muted.

Only active accounts are listed. Whether the viewer may see the owner's list of follows is part of the statement; the other lists are
for their owner alone, who is the only one that they are asked for.
"""

from sqlalchemy import Table, bindparam, select

from volary.accounts.models import ACTIVE, accounts
from volary.accounts.queries import ACCOUNT_COLUMNS
from volary.db import Reader
from volary.db.paging import Bounds, Pages
from volary.graph.models import PlacedRow, blocks, follow_requests, follows, mutes
from volary.graph.queries.visibility import visible


def _pages(kept: Table, mine: str, theirs: str, *, seen: bool = False) -> Pages[PlacedRow]:
    chosen = (
        select(*ACCOUNT_COLUMNS, kept.c.place)
        .select_from(kept)
        .join(accounts, accounts.c.id == kept.c[theirs])
        .where(kept.c[mine] == bindparam("owner"), accounts.c.state == ACTIVE)
    )
    if seen:
        owners = accounts.alias("owners")
        chosen = chosen.join(owners, owners.c.id == kept.c[mine]).where(visible(owners))
    return Pages(chosen, kept.c.place, PlacedRow)


_FOLLOWED = _pages(follows, "follower_id", "followed_id", seen=True)
_FOLLOWERS = _pages(follows, "followed_id", "follower_id", seen=True)
_BLOCKED = _pages(blocks, "blocker_id", "blocked_id")
_MUTED = _pages(mutes, "muter_id", "muted_id")
_REQUESTS = _pages(follow_requests, "asked_id", "asker_id")


async def followed_by(reader: Reader, viewer: int, owner: int, page: Bounds, count: int) -> list[PlacedRow]:
    """Whom an account follows, if the viewer may see that."""
    return await _FOLLOWED.read(reader, page, count, owner=owner, viewer=viewer)


async def followers_of(reader: Reader, viewer: int, owner: int, page: Bounds, count: int) -> list[PlacedRow]:
    """Who follows an account, if the viewer may see that."""
    return await _FOLLOWERS.read(reader, page, count, owner=owner, viewer=viewer)


async def blocked_by(reader: Reader, owner: int, page: Bounds, count: int) -> list[PlacedRow]:
    """Whom an account blocks."""
    return await _BLOCKED.read(reader, page, count, owner=owner)


async def muted_by(reader: Reader, owner: int, page: Bounds, count: int) -> list[PlacedRow]:
    """Whom an account mutes."""
    return await _MUTED.read(reader, page, count, owner=owner)


async def requests_to(reader: Reader, owner: int, page: Bounds, count: int) -> list[PlacedRow]:
    """Who asks to follow an account."""
    return await _REQUESTS.read(reader, page, count, owner=owner)
