"""Putting posts into a collection, moving them in it and taking them out."""

from collections.abc import Sequence
from typing import Literal

import msgspec
from sqlalchemy import bindparam, delete, func, insert, select, update

from volary.access.caller import Caller
from volary.activity.actions import note
from volary.collections.actions.writing import own_collection
from volary.collections.models import CollectionRow, collection_entries
from volary.collections.rules import CURATED, FIRST, MOST_ENTRIES, STEP, place_by_time
from volary.db import Tx, statement
from volary.graph.queries.visibility import NOBODY
from volary.posts.queries.reading import post_by_id

_entries = collection_entries
_OF_COLLECTION = _entries.c.collection_id == bindparam("in_collection")
_ENTRY = (_OF_COLLECTION, _entries.c.post_id == bindparam("of_post"))
_ADD = statement(insert(_entries).values({name: bindparam(name) for name in ("collection_id", "post_id", "place")}))
_REMOVE = statement(delete(_entries).where(*_ENTRY))
_MOVE = statement(update(_entries).where(*_ENTRY).values(place=bindparam("new_place")))
_PLACE = statement(select(_entries.c.place).where(*_ENTRY), int)
_HOW_MANY = statement(select(func.count()).select_from(_entries).where(_OF_COLLECTION), int)
_TOP, _BOTTOM = (
    statement(select(_entries.c.place).where(_OF_COLLECTION).order_by(order).limit(1), int)
    for order in (_entries.c.place.desc(), _entries.c.place.asc())
)
_ABOVE, _BELOW = (
    statement(select(_entries.c.place).where(_OF_COLLECTION, beyond).order_by(order).limit(1), int)
    for beyond, order in (
        (_entries.c.place > bindparam("place"), _entries.c.place.asc()),
        (_entries.c.place < bindparam("place"), _entries.c.place.desc()),
    )
)
_ranked = (
    select(_entries.c.post_id, func.row_number().over(order_by=_entries.c.place).label("rank"))
    .where(_OF_COLLECTION)
    .subquery("ranked")
)
_SPREAD = statement(
    update(_entries)
    .where(_OF_COLLECTION, _entries.c.post_id == _ranked.c.post_id)
    .values(place=FIRST + _ranked.c.rank * STEP)
)


class Change(msgspec.Struct, frozen=True):
    """One change: of which post, and above or below which other one (at an end where none is named)."""

    op: Literal["add", "remove", "move"]
    post_id: int
    relative_to: int | None = None
    above: bool = True


class Undone(msgspec.Struct, frozen=True):
    """A change that was not made, and why: `duplicate`, `not_found`, `too_many`, or `not_curated` for an order by time."""

    change: Change
    reason: str


async def curate(tx: Tx, caller: Caller, collection_id: int, changes: Sequence[Change]) -> list[Undone]:
    """Make changes in a collection of the caller's own, in their order; those that cannot be made are given back, the others stay made
    (C053). Raises CollectionNotFound, NotYours.
    """
    found = await own_collection(tx, caller.me, collection_id)
    acts = {"add": _add, "remove": _remove, "move": _move}
    undone = [Undone(one, reason) for one in changes if (reason := await acts[one.op](tx, found, one))]
    if len(undone) < len(changes):
        await note(tx, caller, "collection.curated", collection_id)
    return undone


async def _add(tx: Tx, found: CollectionRow, change: Change) -> str:
    """Put a post in that everybody may see: nobody in particular, and the owner (a block hides it from them)."""
    for viewer in (NOBODY, found.owner_id):
        if await post_by_id(tx, viewer, change.post_id) is None:
            return "not_found"
    if await tx.one(_PLACE, in_collection=found.id, of_post=change.post_id) is not None:
        return "duplicate"
    if (await tx.one(_HOW_MANY, in_collection=found.id) or 0) >= MOST_ENTRIES:
        return "too_many"
    if found.timeline_order == CURATED:
        place = await _place(tx, found, change)
    else:
        place = place_by_time(found.timeline_order, change.post_id)
    if place is None:
        return "not_found"
    await tx.run(_ADD, collection_id=found.id, post_id=change.post_id, place=place)
    return ""


async def _remove(tx: Tx, found: CollectionRow, change: Change) -> str:
    return "" if await tx.run(_REMOVE, in_collection=found.id, of_post=change.post_id) else "not_found"


async def _move(tx: Tx, found: CollectionRow, change: Change) -> str:
    if found.timeline_order != CURATED:
        return "not_curated"
    if await tx.one(_PLACE, in_collection=found.id, of_post=change.post_id) is None:
        return "not_found"
    place = await _place(tx, found, change)
    if place is None:
        return "not_found"
    await tx.run(_MOVE, in_collection=found.id, of_post=change.post_id, new_place=place)
    return ""


async def _place(tx: Tx, found: CollectionRow, change: Change) -> int | None:
    """A free place where the change wants the post; None where the other post is not in the collection."""
    away = STEP if change.above else -STEP
    if change.relative_to is None:
        end = await tx.one(_TOP if change.above else _BOTTOM, in_collection=found.id)
        return FIRST if end is None else end + away
    for _ in range(2):
        at = await tx.one(_PLACE, in_collection=found.id, of_post=change.relative_to)
        if at is None:
            return None
        next_to = await tx.one(_ABOVE if change.above else _BELOW, in_collection=found.id, place=at)
        if next_to is None:
            return at + away
        if abs(next_to - at) > 1:
            return (at + next_to) // 2
        await tx.run(_SPREAD, in_collection=found.id)  # there is no room between the two: make some everywhere
    raise AssertionError("entries stand apart after they were spread")
