"""Reading collections: by id, and those of an owner, newest first.

A collection is seen by who may see what its owner makes: the expression of `graph` stands in every statement.
"""

from sqlalchemy import ColumnElement, bindparam, exists, select

from volary.accounts.models import accounts
from volary.collections.models import CollectionRow, collection_entries, collections
from volary.db import Reader, Statement, statement
from volary.db.paging import Bounds
from volary.graph.queries.visibility import visible

_visible = (
    select(*(collections.c[name] for name in CollectionRow.__struct_fields__))
    .join(accounts, accounts.c.id == collections.c.owner_id)
    .where(visible())
)
_BY_ID = statement(_visible.where(collections.c.id == bindparam("id")), CollectionRow)


def _of_owner(*more: ColumnElement[bool]) -> tuple[Statement[CollectionRow], Statement[CollectionRow]]:
    """The statement of a page downwards from the newest, and of one upwards."""
    chosen = _visible.where(
        collections.c.owner_id == bindparam("owner"),
        collections.c.id > bindparam("after"),
        collections.c.id < bindparam("before"),
        *more,
    ).limit(bindparam("count"))
    return (
        statement(chosen.order_by(collections.c.id.desc()), CollectionRow),
        statement(chosen.order_by(collections.c.id), CollectionRow),
    )


_OF_OWNER = _of_owner()
_OF_OWNER_WITH = _of_owner(
    exists(
        select(collection_entries.c.place).where(
            collection_entries.c.collection_id == collections.c.id,
            collection_entries.c.post_id == bindparam("post_id"),
        )
    )
)


async def collection_by_id(reader: Reader, viewer: int, collection_id: int) -> CollectionRow | None:
    """The collection, if the viewer may see it."""
    return await reader.one(_BY_ID, id=collection_id, viewer=viewer)


async def collections_of(
    reader: Reader, viewer: int, owner: int, page: Bounds, count: int, *, holding: int | None = None
) -> list[CollectionRow]:
    """A page of an owner's collections, if the viewer may see them; with `holding` only those that hold that post."""
    bounds = {"viewer": viewer, "owner": owner, "after": page.after, "before": page.before, "count": count}
    if holding is None:
        rows = await reader.all(_OF_OWNER[page.up], **bounds)
    else:
        rows = await reader.all(_OF_OWNER_WITH[page.up], **bounds, post_id=holding)
    return rows[::-1] if page.up else rows
