"""Making, changing and deleting a collection."""

import msgspec
from sqlalchemy import bindparam, delete, func, insert, select, update

from volary.access.caller import Caller
from volary.activity.actions import note
from volary.collections.errors import CollectionNotFound, NotYours, TooManyCollections
from volary.collections.models import CollectionRow, collections
from volary.collections.queries.reading import collection_by_id
from volary.collections.rules import (
    CURATED,
    MOST_COLLECTIONS,
    checked_address,
    checked_description,
    checked_name,
    checked_order,
)
from volary.db import Tx, statement

_CREATE = statement(insert(collections).values({name: bindparam(name) for name in CollectionRow.__struct_fields__}))
_HOW_MANY = statement(
    select(func.count()).select_from(collections).where(collections.c.owner_id == bindparam("owner")), int
)
_CHANGE = statement(
    update(collections)
    .where(collections.c.id == bindparam("collection_id"))
    .values({name: bindparam(f"new_{name}") for name in ("name", "description", "url")})
)
_DELETE = statement(delete(collections).where(collections.c.id == bindparam("collection_id")))


class Draft(msgspec.Struct, frozen=True):
    """What a new collection is to be."""

    name: str
    description: str = ""
    url: str = ""
    timeline_order: str = CURATED


class Changes(msgspec.Struct, frozen=True):
    """What is to be different about a collection; what is None stays."""

    name: str | None = None
    description: str | None = None
    url: str | None = None


async def create_collection(tx: Tx, caller: Caller, draft: Draft) -> CollectionRow:
    """Make a collection of the caller's own (C053). Raises BadName, BadDescription, BadAddress, BadOrder, TooManyCollections."""
    created = CollectionRow(
        id=tx.new_id(),
        owner_id=caller.me,
        name=checked_name(draft.name),
        description=checked_description(draft.description),
        url=checked_address(draft.url),
        timeline_order=checked_order(draft.timeline_order),
        created_at=tx.now,
    )
    if (await tx.one(_HOW_MANY, owner=caller.me) or 0) >= MOST_COLLECTIONS:
        raise TooManyCollections(MOST_COLLECTIONS)
    await tx.run(_CREATE, **msgspec.structs.asdict(created))
    await note(tx, caller, "collection.created", created.id)
    return created


async def update_collection(tx: Tx, caller: Caller, collection_id: int, changes: Changes) -> CollectionRow:
    """Change a collection of the caller's own. Raises CollectionNotFound, NotYours, BadName, BadDescription, BadAddress."""
    found = await own_collection(tx, caller.me, collection_id)
    name = found.name if changes.name is None else checked_name(changes.name)
    description = found.description if changes.description is None else checked_description(changes.description)
    url = found.url if changes.url is None else checked_address(changes.url)
    await tx.run(_CHANGE, collection_id=collection_id, new_name=name, new_description=description, new_url=url)
    await note(tx, caller, "collection.changed", collection_id)
    return msgspec.structs.replace(found, name=name, description=description, url=url)


async def delete_collection(tx: Tx, caller: Caller, collection_id: int) -> None:
    """Delete a collection of the caller's own with its entries; the posts stay. Raises CollectionNotFound, NotYours."""
    await own_collection(tx, caller.me, collection_id)
    await tx.run(_DELETE, collection_id=collection_id)
    await note(tx, caller, "collection.deleted", collection_id)


async def own_collection(tx: Tx, actor: int, collection_id: int) -> CollectionRow:
    """A collection of the actor's own. Raises CollectionNotFound, and NotYours for one that they may see."""
    found = await collection_by_id(tx, actor, collection_id)
    if found is None:
        raise CollectionNotFound
    if found.owner_id != actor:
        raise NotYours
    return found
