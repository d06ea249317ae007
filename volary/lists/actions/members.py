"""Putting accounts on a List and taking them off."""

from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import bindparam, delete

from volary.access.caller import Caller
from volary.accounts.models import ACTIVE
from volary.accounts.queries import account_by_id
from volary.activity.actions import note
from volary.db import Tx, statement, upsert
from volary.graph.queries.connections import blockers_between
from volary.lists.actions.acting import own_list
from volary.lists.actions.counting import count_member
from volary.lists.errors import NobodyToAdd, NotToBeAdded
from volary.lists.models import ListRow, list_members

_ADD = statement(upsert(list_members, values=["list_id", "account_id", "place"], key=["list_id", "account_id"]))
_REMOVE = statement(
    delete(list_members).where(
        list_members.c.list_id == bindparam("list_id"), list_members.c.account_id == bindparam("account")
    )
)


async def add_member(tx: Tx, caller: Caller, list_id: int, account: int) -> None:
    """Put an account on a List of the caller's own (C052).

    Raises ListNotFound, NotYours, NobodyToAdd, NotToBeAdded, TooManyMembers.
    """
    await _add(tx, caller, await own_list(tx, caller.me, list_id), account)


async def add_members(tx: Tx, caller: Caller, list_id: int, accounts: Sequence[int]) -> None:
    """Put accounts on a List of the caller's own; those that are not there or may not be added are passed over.

    Raises ListNotFound, NotYours, TooManyMembers: then none of them is added.
    """
    found = await own_list(tx, caller.me, list_id)
    for one in accounts:
        with suppress(NobodyToAdd, NotToBeAdded):
            await _add(tx, caller, found, one)


async def remove_member(tx: Tx, caller: Caller, list_id: int, account: int) -> bool:
    """Take an account off a List of the caller's own; whether it was on it. Raises ListNotFound, NotYours."""
    return await remove_members(tx, caller, list_id, [account]) > 0


async def remove_members(tx: Tx, caller: Caller, list_id: int, accounts: Sequence[int]) -> int:
    """Take accounts off a List of the caller's own; how many were on it. Raises ListNotFound, NotYours."""
    found = await own_list(tx, caller.me, list_id)
    removed = 0
    for one in accounts:
        if await take_off(tx, found, one):
            await note(tx, caller, "list.member_removed", list_id)
            removed += 1
    return removed


async def take_off(tx: Tx, of: ListRow, account: int) -> bool:
    """Take an account off a List, whoever wants it; whether it was on it."""
    if not await tx.run(_REMOVE, list_id=of.id, account=account):
        return False
    await count_member(tx, of, account, -1)
    return True


async def _add(tx: Tx, caller: Caller, to: ListRow, account: int) -> None:
    added = await account_by_id(tx, account)
    if added is None or added.state != ACTIVE:
        raise NobodyToAdd
    if await blockers_between(tx, caller.me, account):
        raise NotToBeAdded
    if await tx.run(_ADD, list_id=to.id, account_id=account, place=tx.new_id()):
        await count_member(tx, to, account, 1)
        await note(tx, caller, "list.member_added", to.id)
