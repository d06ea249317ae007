"""Putting accounts on a List and taking them off."""

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
    me = caller.me
    found = await own_list(tx, me, list_id)
    added = await account_by_id(tx, account)
    if added is None or added.state != ACTIVE:
        raise NobodyToAdd
    if await blockers_between(tx, me, account):
        raise NotToBeAdded
    if await tx.run(_ADD, list_id=list_id, account_id=account, place=tx.new_id()):
        await count_member(tx, found, account, 1)
        await note(tx, caller, "list.member_added", list_id)


async def remove_member(tx: Tx, caller: Caller, list_id: int, account: int) -> bool:
    """Take an account off a List of the caller's own; whether it was on it. Raises ListNotFound, NotYours."""
    found = await own_list(tx, caller.me, list_id)
    removed = await take_off(tx, found, account)
    if removed:
        await note(tx, caller, "list.member_removed", list_id)
    return removed


async def take_off(tx: Tx, of: ListRow, account: int) -> bool:
    """Take an account off a List, whoever wants it; whether it was on it."""
    if not await tx.run(_REMOVE, list_id=of.id, account=account):
        return False
    await count_member(tx, of, account, -1)
    return True
