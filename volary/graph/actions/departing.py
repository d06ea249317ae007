"""Whom an account that is erased followed, and who followed it: ended a few at a time, with what that counts for."""

import msgspec
from sqlalchemy import bindparam, delete, or_, select

from volary.db import Tx, statement
from volary.graph.actions.follows import disconnect
from volary.graph.models import blocks, follow_requests, follows, mutes, reports


class _FollowRow(msgspec.Struct, frozen=True):
    follower_id: int
    followed_id: int


_FOLLOWS = statement(
    select(follows.c.follower_id, follows.c.followed_id)
    .where(or_(follows.c.follower_id == bindparam("account"), follows.c.followed_id == bindparam("account")))
    .limit(bindparam("count")),
    _FollowRow,
)
_FORGET = tuple(
    statement(delete(of).where(or_(*(column == bindparam("account") for column in columns))))
    for of, columns in (
        (follow_requests, (follow_requests.c.asker_id, follow_requests.c.asked_id)),
        (blocks, (blocks.c.blocker_id, blocks.c.blocked_id)),
        (mutes, (mutes.c.muter_id, mutes.c.muted_id)),
        (reports, (reports.c.reporter_id, reports.c.reported_id)),
    )
)


async def end_follows(tx: Tx, account: int, count: int) -> int:
    """End some of the follows in which an account takes part; how many. With the last of them, everything else between it and others."""
    rows = await tx.all(_FOLLOWS, account=account, count=count)
    for row in rows:
        await disconnect(tx, row.follower_id, row.followed_id)
    if len(rows) < count:
        for forget in _FORGET:
            await tx.run(forget, account=account)
    return len(rows)
