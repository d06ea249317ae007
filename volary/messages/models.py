"""The tables of conversations and messages, and the rows that queries give."""

import msgspec
from sqlalchemy import Index

from volary.db.tables import id_column, moment, reference, table, text, whole

MESSAGE, JOINED, LEFT = "MessageCreate", "ParticipantsJoin", "ParticipantsLeave"
"""The kinds of events, by X's names (X facts 5.7)."""

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
    text("kind", default=MESSAGE),
    text("text", default=""),
    text("entities", default=""),
    text("post_ids", default=""),
    text("participant_ids", default=""),
    whole("media_id", optional=True),
    whole("source_app_id", optional=True),
    moment("created_at"),
    Index(None, "conversation_id", "id"),
    Index(None, "sender_id"),
)
"""`entities` is JSON as posts have it; `post_ids` are the posts that the text links to and `participant_ids` who joined or left, each with
blanks between. An event that nobody holds a copy of is gone.
"""

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

message_blocks = table(
    "message_blocks",
    reference("blocker_id", "accounts.id", key=True, cascade=True),
    reference("blocked_id", "accounts.id", key=True, cascade=True),
    whole("place"),
    Index(None, "blocked_id"),
    by_key=True,
)
"""Whose messages somebody does not want; everything else between the two stays as it is. `place` is the id of the act."""

EVERYONE, FOLLOWING = "everyone", "following"
"""Who can begin a conversation with an account: everybody, or only whom it follows."""

message_settings = table(
    "message_settings",
    reference("account_id", "accounts.id", key=True, cascade=True),
    text("allowed", default=EVERYONE),
    by_key=True,
)
"""An account that never chose has no row, which counts as EVERYONE."""


class MessageRow(msgspec.Struct, frozen=True):
    """An event of which the reader holds a copy."""

    id: int
    conversation_id: int
    pair: str | None
    sender_id: int
    kind: str
    text: str
    entities: str
    post_ids: str
    participant_ids: str
    media_id: int | None
    source_app_id: int | None
    created_at: int

    @property
    def place(self) -> int:
        """Events are listed as they happened."""
        return self.id
