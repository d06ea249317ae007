"""Being in a Space: inviting to speak, joining, leaving, and sharing posts."""

from sqlalchemy import bindparam, update

from volary.access.caller import Caller
from volary.accounts.models import ACTIVE
from volary.accounts.queries import account_by_id
from volary.db import Tx, statement, upsert
from volary.graph.queries.connections import blockers_between
from volary.posts.queries.reading import post_by_id
from volary.spaces.errors import NobodyToInvite, NotNow, NotThere, NotYourSpace, PostNotShown, SpaceNotFound
from volary.spaces.models import (
    HOST,
    INVITED,
    LISTENER,
    LIVE,
    SCHEDULED,
    SPEAKER,
    Space,
    space_people,
    space_posts,
    spaces,
)
from volary.spaces.queries.reading import person_in, space_by_id

_PUT = statement(
    upsert(
        space_people,
        values=["space_id", "account_id", "role", "joined_at", "left_at"],
        key=["space_id", "account_id"],
        update=["role", "joined_at", "left_at"],
    )
)
_GO = statement(
    update(space_people)
    .where(
        space_people.c.space_id == bindparam("of"),
        space_people.c.account_id == bindparam("who"),
        space_people.c.joined_at.is_not(None),
        space_people.c.left_at.is_(None),
        space_people.c.role != HOST,
    )
    .values(left_at=bindparam("now"))
)
_COUNT = statement(
    update(spaces)
    .where(spaces.c.id == bindparam("space_id"), spaces.c.state == LIVE)
    .values(participant_count=spaces.c.participant_count + bindparam("change"), updated_at=bindparam("now"))
)
_SHARE = statement(
    upsert(space_posts, values=["space_id", "post_id", "account_id", "place"], key=["space_id", "post_id"])
)


async def join_space(tx: Tx, caller: Caller, space_id: int) -> None:
    """Come into a live Space: as a listener, or as a speaker who was invited. Raises SpaceNotFound, NotNow."""
    me = caller.me
    await _space(tx, me, space_id, LIVE)
    there = await person_in(tx, space_id, me)
    if there is not None and there.here:
        return
    role = LISTENER if there is None else SPEAKER if there.role == INVITED else there.role
    if not await tx.run(_COUNT, space_id=space_id, change=1, now=tx.now):
        raise NotNow
    await tx.run(_PUT, space_id=space_id, account_id=me, role=role, joined_at=tx.now, left_at=None)


async def leave_space(tx: Tx, caller: Caller, space_id: int) -> None:
    """Go out of a Space. Who hosts it ends it instead; for who is not in it nothing changes."""
    await go_out(tx, space_id, caller.me)


async def go_out(tx: Tx, space_id: int, account: int) -> None:
    """End that an account is in a Space, whoever wants it. Not for who hosts it."""
    if await tx.run(_GO, of=space_id, who=account, now=tx.now):
        await tx.run(_COUNT, space_id=space_id, change=-1, now=tx.now)


async def invite_speaker(tx: Tx, caller: Caller, space_id: int, account_id: int) -> None:
    """Invite somebody to speak; who listens already speaks from now on.

    Raises SpaceNotFound, NotYourSpace, NotNow, NobodyToInvite.
    """
    me = caller.me
    space = await _space(tx, me, space_id, SCHEDULED, LIVE)
    if space.creator_id != me:
        raise NotYourSpace
    account = await account_by_id(tx, account_id)
    if account is None or account.state != ACTIVE or account_id == me or await blockers_between(tx, me, account_id):
        raise NobodyToInvite
    there = await person_in(tx, space_id, account_id)
    if there is not None and there.role != LISTENER:
        return
    here = there is not None and there.here
    joined_at, left_at = (there.joined_at, there.left_at) if there is not None and here else (None, None)
    role = SPEAKER if here else INVITED
    await tx.run(_PUT, space_id=space_id, account_id=account_id, role=role, joined_at=joined_at, left_at=left_at)


async def share_post(tx: Tx, caller: Caller, space_id: int, post_id: int) -> None:
    """Show a post to everybody in a live Space. Raises SpaceNotFound, NotNow, NotThere, PostNotShown."""
    me = caller.me
    await _space(tx, me, space_id, LIVE)
    there = await person_in(tx, space_id, me)
    if there is None or not there.here or there.role not in {HOST, SPEAKER}:
        raise NotThere
    if await post_by_id(tx, me, post_id) is None:
        raise PostNotShown
    await tx.run(_SHARE, space_id=space_id, post_id=post_id, account_id=me, place=tx.new_id())


async def _space(tx: Tx, viewer: int, space_id: int, *states: str) -> Space:
    """The Space, if the viewer may see it and it is in one of these states. Raises SpaceNotFound, NotNow."""
    found = await space_by_id(tx, viewer, space_id)
    if found is None:
        raise SpaceNotFound
    if found.state not in states:
        raise NotNow
    return found
