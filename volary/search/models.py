"""The tables of search, and the rows that queries give."""

import msgspec
from sqlalchemy import Column, Index, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import TSVECTOR

from volary.db.tables import beside, id_column, moment, table, text, whole

search_documents = table(
    "search_documents",
    id_column("post_id"),
    Column("tokens", Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
    text("language"),
    Index("ix_search_documents_tokens", "tokens", postgresql_using="gin", sqlite_where=sql("0")),
)
"""The tokens of each post that can be found, in their order, and the language that they were written down with.

PostgreSQL indexes the column itself; on SQLite that index holds nothing: there `search_index` is an FTS5 table over this one, which two
triggers keep in step, so that both engines are written to by the same statements. No foreign key: the task that indexes takes out what
is no longer there.
"""

SQLITE_INDEX = (
    """
    CREATE VIRTUAL TABLE search_index USING fts5(
        tokens, content='search_documents', content_rowid='post_id', columnsize=0, tokenize="ascii tokenchars ':#@$_'"
    )
    """,
    """
    CREATE TRIGGER search_documents_in AFTER INSERT ON search_documents BEGIN
        INSERT INTO search_index (rowid, tokens) VALUES (new.post_id, new.tokens);
    END
    """,
    """
    CREATE TRIGGER search_documents_out AFTER DELETE ON search_documents BEGIN
        INSERT INTO search_index (search_index, rowid, tokens) VALUES ('delete', old.post_id, old.tokens);
    END
    """,
)
"""What SQLite needs beside the table."""

beside(search_documents, "sqlite", *SQLITE_INDEX)

trends = table(
    "trends",
    id_column("place"),
    id_column("position"),
    text("name"),
    whole("posts"),
    moment("since"),
    by_key=True,
)
"""What is talked about at each place (X's WOEIDs), the most talked about first, and since when. A recurring task writes it anew."""


class TrendRow(msgspec.Struct, frozen=True):
    """What is talked about at a place."""

    place: int
    position: int
    name: str
    posts: int
    since: int


class MaterialRow(msgspec.Struct, frozen=True):
    """What trends are made of: a public post, and where its author says to be."""

    id: int
    author_id: int
    text: str
    entities: str
    location: str
    country: str


class PlaceRow(msgspec.Struct, frozen=True):
    """Where somebody says to be."""

    location: str
    country: str


class IndexedRow(msgspec.Struct, frozen=True):
    """What the language and the document of a post are made of."""

    id: int
    author_id: int
    text: str
    language: str
    conversation_id: int
    reply_to_id: int | None
    reply_to_author_id: int | None
    quote_of_id: int | None
    repost_of_id: int | None
    original_author_id: int | None
    media_ids: str
    entities: str
    replaced_at: int | None


class EdgeRow(msgspec.Struct, frozen=True):
    """How many posts were looked at, and the oldest of them."""

    looked: int
    oldest: int


class BucketRow(msgspec.Struct, frozen=True):
    """How many posts were found in a stretch of time, numbered since 1970."""

    bucket: int
    found: int
