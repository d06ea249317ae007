"""The tables of collections and what is in them, and the rows that queries give."""

import msgspec
from sqlalchemy import Index

from volary.db.tables import id_column, moment, reference, table, text, whole

collections = table(
    "collections",
    id_column(),
    reference("owner_id", "accounts.id", cascade=True),
    text("name"),
    text("description", default=""),
    text("url", default=""),
    text("timeline_order"),
    moment("created_at"),
    Index(None, "owner_id", "id"),
)

collection_entries = table(
    "collection_entries",
    reference("collection_id", "collections.id", key=True, cascade=True),
    reference("post_id", "posts.id", key=True, cascade=True),
    whole("place"),
    Index(None, "collection_id", "place"),
    Index(None, "post_id"),
    by_key=True,
)
"""Whatever the collection's order is, its entries are read from the largest `place` down (`rules`)."""


class CollectionRow(msgspec.Struct, frozen=True):
    """A collection that its reader may see."""

    id: int
    owner_id: int
    name: str
    description: str
    url: str
    timeline_order: str
    created_at: int
