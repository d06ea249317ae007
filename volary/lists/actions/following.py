"""Following Lists and pinning them."""

from sqlalchemy import bindparam, delete, func, select

from volary.access.caller import Caller
from volary.activity.actions import note
from volary.db import Tx, statement, upsert
from volary.lists.actions.acting import seen_list
from volary.lists.actions.counting import count_follower
from volary.lists.errors import TooManyPins
from volary.lists.models import list_followers, list_pins
from volary.lists.rules import MOST_PINS

_KEPT = ["list_id", "account_id", "place"]
_FOLLOW, _PIN = (statement(upsert(kept, values=_KEPT, key=_KEPT[:2])) for kept in (list_followers, list_pins))
_UNFOLLOW, _UNPIN = (
    statement(delete(kept).where(kept.c.list_id == bindparam("list_id"), kept.c.account_id == bindparam("account")))
    for kept in (list_followers, list_pins)
)
_PINS = statement(
    select(func.count()).select_from(list_pins).where(list_pins.c.account_id == bindparam("account")), int
)


async def follow_list(tx: Tx, caller: Caller, list_id: int) -> None:
    """Follow a List. Raises ListNotFound for one that the caller may not see, too."""
    me = caller.me
    await seen_list(tx, me, list_id)
    if await tx.run(_FOLLOW, list_id=list_id, account_id=me, place=tx.new_id()):
        await count_follower(tx, list_id, 1)
        await note(tx, caller, "list.followed", list_id)


async def unfollow_list(tx: Tx, caller: Caller, list_id: int) -> bool:
    """Follow a List no longer; whether it was followed."""
    ended = await stop_following(tx, list_id, caller.me)
    if ended:
        await note(tx, caller, "list.unfollowed", list_id)
    return ended


async def pin_list(tx: Tx, caller: Caller, list_id: int) -> None:
    """Pin a List. Raises ListNotFound, TooManyPins."""
    me = caller.me
    await seen_list(tx, me, list_id)
    if not await tx.run(_PIN, list_id=list_id, account_id=me, place=tx.new_id()):
        return
    if (await tx.one(_PINS, account=me) or 0) > MOST_PINS:
        raise TooManyPins(MOST_PINS)
    await note(tx, caller, "list.pinned", list_id)


async def unpin_list(tx: Tx, caller: Caller, list_id: int) -> None:
    """Pin a List no longer."""
    if await tx.run(_UNPIN, list_id=list_id, account=caller.me):
        await note(tx, caller, "list.unpinned", list_id)


async def stop_following(tx: Tx, list_id: int, account: int) -> bool:
    """End that an account follows a List, whoever wants it; whether it did."""
    if not await tx.run(_UNFOLLOW, list_id=list_id, account=account):
        return False
    await count_follower(tx, list_id, -1)
    return True
