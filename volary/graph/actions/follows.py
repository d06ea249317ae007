"""Following, asking to follow, answering that, and ending it."""

import msgspec
from sqlalchemy import bindparam, delete

from volary.access.caller import Caller
from volary.accounts.actions import count_follow
from volary.activity.actions import note
from volary.db import Tx, statement, upsert
from volary.graph.actions.acting import other
from volary.graph.errors import BlockedYou, RequestNotFound, YouBlock
from volary.graph.models import follow_requests, follows
from volary.graph.queries.connections import blockers_between, is_following

_FOLLOW = statement(upsert(follows, values=["follower_id", "followed_id", "place"], key=["follower_id", "followed_id"]))
_UNFOLLOW = statement(
    delete(follows).where(
        follows.c.follower_id == bindparam("follower"), follows.c.followed_id == bindparam("followed")
    )
)
_ASK = statement(upsert(follow_requests, values=["asker_id", "asked_id", "place"], key=["asker_id", "asked_id"]))
_TAKE_REQUEST = statement(
    delete(follow_requests).where(
        follow_requests.c.asker_id == bindparam("asker"), follow_requests.c.asked_id == bindparam("asked")
    )
)


class Followed(msgspec.Struct, frozen=True):
    """What came of following: it is so, or it waits for an answer; `new` if it was neither before."""

    following: bool
    pending: bool
    new: bool


async def follow(tx: Tx, caller: Caller, account_id: int) -> Followed:
    """Follow an account, or ask to where it is protected. Raises NotYourself, NobodyThere, BlockedYou, YouBlock (C050)."""
    me = caller.me
    followed = await other(tx, me, account_id, active=True)
    blockers = await blockers_between(tx, me, account_id)
    if account_id in blockers:
        raise BlockedYou
    if me in blockers:
        raise YouBlock
    if await is_following(tx, me, account_id):
        return Followed(following=True, pending=False, new=False)
    if followed.protected:
        new = bool(await tx.run(_ASK, asker_id=me, asked_id=account_id, place=tx.new_id()))
        if new:
            await note(tx, caller, "follow.asked", account_id)
        return Followed(following=False, pending=True, new=new)
    await tx.run(_TAKE_REQUEST, asker=me, asked=account_id)  # it was asked while the account was protected
    await _connect(tx, me, account_id)
    await note(tx, caller, "follow.started", account_id)
    return Followed(following=True, pending=False, new=True)


async def unfollow(tx: Tx, caller: Caller, account_id: int) -> None:
    """Follow an account no longer; a request that waits is taken back."""
    me = caller.me
    ended = await disconnect(tx, me, account_id)
    taken_back = await tx.run(_TAKE_REQUEST, asker=me, asked=account_id)
    if ended or taken_back:
        await note(tx, caller, "follow.ended", account_id)


async def remove_follower(tx: Tx, caller: Caller, account_id: int) -> None:
    """End that an account follows the caller; it may ask again."""
    if await disconnect(tx, account_id, caller.me):
        await note(tx, caller, "follower.removed", account_id)


async def accept_request(tx: Tx, caller: Caller, account_id: int) -> None:
    """Let an account that asked follow the caller. Raises RequestNotFound: a request is answered once."""
    me = caller.me
    if not await tx.run(_TAKE_REQUEST, asker=account_id, asked=me):
        raise RequestNotFound
    await _connect(tx, account_id, me)
    await note(tx, caller, "follow.accepted", account_id)


async def decline_request(tx: Tx, caller: Caller, account_id: int) -> None:
    """Do not let an account that asked follow the caller. Nobody tells them. Raises RequestNotFound."""
    if not await tx.run(_TAKE_REQUEST, asker=account_id, asked=caller.me):
        raise RequestNotFound
    await note(tx, caller, "follow.declined", account_id)


async def separate(tx: Tx, one: int, two: int) -> None:
    """End follows and requests between two accounts, in both directions (SR-228)."""
    for follower, followed in ((one, two), (two, one)):
        await disconnect(tx, follower, followed)
        await tx.run(_TAKE_REQUEST, asker=follower, asked=followed)


async def disconnect(tx: Tx, follower: int, followed: int) -> bool:
    """End one follow; whether there was one."""
    if not await tx.run(_UNFOLLOW, follower=follower, followed=followed):
        return False
    await count_follow(tx, follower, followed, -1)
    return True


async def _connect(tx: Tx, follower: int, followed: int) -> None:
    if await tx.run(_FOLLOW, follower_id=follower, followed_id=followed, place=tx.new_id()):
        await count_follow(tx, follower, followed, 1)
