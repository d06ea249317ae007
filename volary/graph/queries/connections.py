"""What connects accounts with one another."""

from collections.abc import Sequence

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
    literal_column,
    or_,
    select,
    union_all,
)

from volary.db import Reader, in_list, statement
from volary.graph.models import ConnectionRow, blocks, follow_requests, follows, mutes

_VIEWER: BindParameter[int] = bindparam("viewer")


def _connected(how: str, mine: Column[int], theirs: Column[int]) -> Select[int, str]:
    word: ColumnElement[str] = literal_column(f"'{how}'")
    return select(theirs.label("id"), word.label("how")).where(mine == _VIEWER, in_list(theirs, "ids"))


_CONNECTIONS: CompoundSelect[int, str] = union_all(
    _connected("following", follows.c.follower_id, follows.c.followed_id),
    _connected("followed_by", follows.c.followed_id, follows.c.follower_id),
    _connected("follow_request_sent", follow_requests.c.asker_id, follow_requests.c.asked_id),
    _connected("follow_request_received", follow_requests.c.asked_id, follow_requests.c.asker_id),
    _connected("blocking", blocks.c.blocker_id, blocks.c.blocked_id),
    _connected("blocked_by", blocks.c.blocked_id, blocks.c.blocker_id),
    _connected("muting", mutes.c.muter_id, mutes.c.muted_id),
)
_OF_MANY = statement(_CONNECTIONS, ConnectionRow)
_FOLLOWS = statement(
    select(follows.c.place).where(
        follows.c.follower_id == bindparam("follower"), follows.c.followed_id == bindparam("followed")
    ),
    int,
)
_BLOCKED = statement(
    select(blocks.c.blocker_id).where(
        or_(
            (blocks.c.blocker_id == bindparam("one")) & (blocks.c.blocked_id == bindparam("other")),
            (blocks.c.blocker_id == bindparam("other")) & (blocks.c.blocked_id == bindparam("one")),
        )
    ),
    int,
)


async def connections(reader: Reader, viewer: int, ids: Sequence[int]) -> dict[int, set[str]]:
    """What connects a viewer with each of some accounts, in X's words for `connection_status` (X facts 5.2), and `blocked_by`."""
    found: dict[int, set[str]] = {one: set() for one in ids}
    for row in await reader.all(_OF_MANY, viewer=viewer, ids=list(found)) if found else ():
        found[row.id].add(row.how)
    return found


async def is_following(reader: Reader, follower: int, followed: int) -> bool:
    """Whether one account follows another."""
    return await reader.one(_FOLLOWS, follower=follower, followed=followed) is not None


async def blockers_between(reader: Reader, one: int, other: int) -> set[int]:
    """Which of two accounts block the other: none, one, or both."""
    return set(await reader.all(_BLOCKED, one=one, other=other))
