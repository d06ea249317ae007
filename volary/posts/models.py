"""The table of posts and the row that queries give."""

import msgspec
from sqlalchemy import Index

from volary.db.tables import id_column, moment, reference, table, text, whole

UNDETERMINED = "und"
"""The language of a post in which none was recognised (BCP 47)."""

posts = table(
    "posts",
    id_column(),
    reference("author_id", "accounts.id", cascade=True),
    text("text"),
    text("text_key"),
    text("language", default=UNDETERMINED),
    whole("source_app_id", optional=True),
    whole("conversation_id"),
    whole("reply_to_id", optional=True),
    whole("reply_to_author_id", optional=True),
    whole("quote_of_id", optional=True),
    text("reply_settings", default="everyone"),
    text("entities", default=""),
    whole("reply_count", default=0),
    whole("quote_count", default=0),
    whole("impression_count", default=0),
    moment("created_at"),
    moment("deleted_at", optional=True),
    Index(None, "author_id", "id"),
    Index(None, "conversation_id", "id"),
    Index(None, "author_id", "text_key"),
    Index(None, "reply_to_id"),
)
"""`text_key` is a digest of the folded text, to recognise a duplicate; `entities` JSON in our own words. No foreign keys to other
posts or apps: a post outlives what it answers and the app that it came from. Deleting keeps the row for thirty days, empty of text."""


class PostRow(msgspec.Struct, frozen=True):
    """A post that its reader may see."""

    id: int
    author_id: int
    text: str
    language: str
    source_app_id: int | None
    conversation_id: int
    reply_to_id: int | None
    reply_to_author_id: int | None
    quote_of_id: int | None
    reply_settings: str
    entities: str
    reply_count: int
    quote_count: int
    impression_count: int
    created_at: int
