"""The tables of conversations and messages, and the rows that queries give."""

import msgspec
from sqlalchemy import Index

from volary.db.tables import id_column, moment, reference, table, text, whole

conversations = table(
    "conversations",
    id_column(),
    text("pair", optional=True),
    text("name", default=""),
    reference("created_by", "accounts.id"),
    moment("created_at"),
    Index(None, "pair", unique=True),
    Index(None, "created_by"),
)
"""`pair` is `<smaller account id>-<larger account id>` of a conversation between two, null for a group (X facts 5.7)."""

participants = table(
    "participants",
    reference("conversation_id", "conversations.id", key=True, cascade=True),
    reference("account_id", "accounts.id", key=True, cascade=True),
    moment("joined_at"),
    moment("left_at", optional=True),
    Index(None, "account_id"),
    by_key=True,
)

message_events = table(
    "message_events",
    id_column(),
    reference("conversation_id", "conversations.id", cascade=True),
    reference("sender_id", "accounts.id"),
    text("kind", default="MessageCreate"),
    text("text", default=""),
    whole("source_app_id", optional=True),
    moment("created_at"),
    Index(None, "conversation_id", "id"),
    Index(None, "sender_id"),
)

message_copies = table(
    "message_copies",
    reference("account_id", "accounts.id", key=True, cascade=True),
    reference("event_id", "message_events.id", key=True, cascade=True),
    reference("conversation_id", "conversations.id", cascade=True),
    Index(None, "account_id", "conversation_id", "event_id"),
    Index(None, "conversation_id"),
    Index(None, "event_id"),
    by_key=True,
)


class MessageRow(msgspec.Struct, frozen=True):
    """An event of which the reader holds a copy."""

    id: int
    conversation_id: int
    pair: str | None
    sender_id: int
    kind: str
    text: str
    created_at: int
