"""Making, changing and deleting a List."""

import msgspec
from sqlalchemy import bindparam, delete, func, insert, select, update

from volary.access.caller import Caller
from volary.activity.actions import note
from volary.db import Tx, statement
from volary.lists.actions.acting import own_list
from volary.lists.actions.counting import count_all_members, count_follower
from volary.lists.errors import TooManyLists
from volary.lists.models import ListRow, list_followers, list_pins, lists
from volary.lists.rules import MOST_LISTS, checked_description, checked_name

_CREATE = statement(insert(lists).values({name: bindparam(name) for name in ListRow.__struct_fields__}))
_HOW_MANY = statement(select(func.count()).select_from(lists).where(lists.c.owner_id == bindparam("owner")), int)
_CHANGE = statement(
    update(lists)
    .where(lists.c.id == bindparam("list_id"))
    .values({name: bindparam(f"new_{name}") for name in ("name", "description", "private")})
)
_DELETE = statement(delete(lists).where(lists.c.id == bindparam("list_id")))
_END_FOLLOWS, _END_PINS = (
    statement(delete(kept).where(kept.c.list_id == bindparam("list_id"), kept.c.account_id != bindparam("owner")))
    for kept in (list_followers, list_pins)
)


class Changes(msgspec.Struct, frozen=True):
    """What is to be different about a List; what is None stays."""

    name: str | None = None
    description: str | None = None
    private: bool | None = None


async def create_list(tx: Tx, caller: Caller, name: str, description: str = "", *, private: bool = False) -> ListRow:
    """Make a List of the caller's own (C052). Raises BadName, BadDescription, TooManyLists."""
    owner = caller.me
    created = ListRow(
        id=tx.new_id(),
        owner_id=owner,
        name=checked_name(name),
        description=checked_description(description),
        private=int(private),
        member_count=0,
        follower_count=0,
        created_at=tx.now,
    )
    if (await tx.one(_HOW_MANY, owner=owner) or 0) >= MOST_LISTS:
        raise TooManyLists(MOST_LISTS)
    await tx.run(_CREATE, **msgspec.structs.asdict(created))
    await note(tx, caller, "list.created", created.id)
    return created


async def update_list(tx: Tx, caller: Caller, list_id: int, changes: Changes) -> ListRow:
    """Change a List of the caller's own. Raises ListNotFound, NotYours, BadName, BadDescription.

    When it becomes private, nobody else follows or pins it any longer, and it no longer counts among the Lists that its members are on.
    """
    found = await own_list(tx, caller.me, list_id)
    private = found.private if changes.private is None else int(changes.private)
    name = found.name if changes.name is None else checked_name(changes.name)
    description = found.description if changes.description is None else checked_description(changes.description)
    await tx.run(_CHANGE, list_id=list_id, new_name=name, new_description=description, new_private=private)
    if private != found.private:
        await count_all_members(tx, list_id, -1 if private else 1)
    if private and not found.private:
        await count_follower(tx, list_id, -await tx.run(_END_FOLLOWS, list_id=list_id, owner=found.owner_id))
        await tx.run(_END_PINS, list_id=list_id, owner=found.owner_id)
    await note(tx, caller, "list.changed", list_id)
    return msgspec.structs.replace(found, name=name, description=description, private=private)


async def delete_list(tx: Tx, caller: Caller, list_id: int) -> ListRow:
    """Delete a List of the caller's own, with its members, followers and pins. Raises ListNotFound, NotYours."""
    found = await own_list(tx, caller.me, list_id)
    if not found.private:
        await count_all_members(tx, list_id, -1)
    await tx.run(_DELETE, list_id=list_id)
    await note(tx, caller, "list.deleted", list_id)
    return found
