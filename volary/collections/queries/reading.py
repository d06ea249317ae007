"""Reading collections: by id, and those of an owner, newest first.

A collection is seen by who may see what its owner makes: the expression of `graph` stands in every statement.
"""

from sqlalchemy import bindparam, exists, select

from volary.accounts.models import accounts
from volary.collections.models import CollectionRow, collection_entries, collections
from volary.db import Reader, statement
from volary.db.paging import Bounds, Pages
from volary.graph.queries.visibility import visible

_visible = (
    select(*(collections.c[name] for name in CollectionRow.__struct_fields__))
    .join(accounts, accounts.c.id == collections.c.owner_id)
    .where(visible())
)
_BY_ID = statement(_visible.where(collections.c.id == bindparam("id")), CollectionRow)


_of_owner = _visible.where(collections.c.owner_id == bindparam("owner"))
_OF_OWNER = Pages(_of_owner, collections.c.id, CollectionRow)
_OF_OWNER_WITH = Pages(
    _of_owner.where(
        exists(
            select(collection_entries.c.place).where(
                collection_entries.c.collection_id == collections.c.id,
                collection_entries.c.post_id == bindparam("post_id"),
            )
        )
    ),
    collections.c.id,
    CollectionRow,
)


async def collection_by_id(reader: Reader, viewer: int, collection_id: int) -> CollectionRow | None:
    """The collection, if the viewer may see it."""
    return await reader.one(_BY_ID, id=collection_id, viewer=viewer)


async def collections_of(
    reader: Reader, viewer: int, owner: int, page: Bounds, count: int, *, holding: int | None = None
) -> list[CollectionRow]:
    """A page of an owner's collections, if the viewer may see them; with `holding` only those that hold that post."""
    if holding is None:
        return await _OF_OWNER.read(reader, page, count, viewer=viewer, owner=owner)
    return await _OF_OWNER_WITH.read(reader, page, count, viewer=viewer, owner=owner, post_id=holding)
