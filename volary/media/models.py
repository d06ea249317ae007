"""The tables of media, and the rows that queries give."""

import msgspec
from sqlalchemy import Index
from sqlalchemy import text as sql

from volary.db.tables import flag, id_column, moment, reference, table, text, whole

OPEN, READING, READY, FAILED = "open", "reading", "ready", "failed"
"""The states: its segments are coming in, it is being read, it can be used, it could not be read."""

media = table(
    "media",
    id_column(),
    reference("owner_id", "accounts.id", cascade=True),
    text("name"),
    text("kind"),
    text("state"),
    text("category", default=""),
    text("format", default=""),
    whole("size"),
    whole("width", default=0),
    whole("height", default=0),
    whole("duration_ms", default=0),
    whole("bit_rate", default=0),
    text("parts", default=""),
    text("alt_text", default=""),
    flag("sensitive"),
    whole("post_uses", default=0),
    whole("message_uses", default=0),
    whole("view_count", default=0),
    whole("source_app_id", optional=True),
    moment("created_at"),
    moment("changed_at"),
    moment("expires_at", optional=True),
    Index(None, "name", unique=True),
    Index(None, "owner_id", "id"),
    Index(
        None,
        "expires_at",
        sqlite_where=sql("expires_at IS NOT NULL"),
        postgresql_where=sql("expires_at IS NOT NULL"),
    ),
)
"""`name` is random, part of the file's name and of its address. `parts` names the files that there are, with blanks between. `expires_at`
is when media that nothing uses goes; null while something does.
"""

media_segments = table(
    "media_segments",
    reference("media_id", "media.id", key=True, cascade=True),
    id_column("place"),
    whole("size"),
    by_key=True,
)
"""The segments of an upload that have come in, by their places."""

media_readers = table(
    "media_readers",
    reference("media_id", "media.id", key=True, cascade=True),
    reference("account_id", "accounts.id", key=True, cascade=True),
    whole("uses"),
    Index(None, "account_id"),
    by_key=True,
)
"""Who holds how many copies of messages that a media is attached to."""


media_views = table(
    "media_views",
    reference("media_id", "media.id", key=True, cascade=True),
    id_column("hour"),
    whole("views"),
    by_key=True,
)
"""How often a video was played in an hour, numbered since 1970."""


media_subtitles = table(
    "media_subtitles",
    reference("media_id", "media.id", key=True, cascade=True),
    text("language", key=True),
    reference("file_id", "media.id", cascade=True),
    text("name", default=""),
    Index(None, "file_id"),
    by_key=True,
)
"""Which file of subtitles a video has in a language (two capitals), and under which name it is offered. A file may serve several."""


class SubtitlesRow(msgspec.Struct, frozen=True):
    """A file of subtitles that its reader may see, since they may see the video."""

    file: str
    open: int


class ViewRow(msgspec.Struct, frozen=True):
    """The plays of one video in one hour."""

    media_id: int
    hour: int
    views: int


class MediaRow(msgspec.Struct, frozen=True):
    """A media that its reader may see, or their own."""

    id: int
    owner_id: int
    name: str
    kind: str
    state: str
    category: str
    format: str
    size: int
    width: int
    height: int
    duration_ms: int
    bit_rate: int
    parts: str
    alt_text: str
    sensitive: int
    post_uses: int
    message_uses: int
    view_count: int
    created_at: int
    changed_at: int
    expires_at: int | None
    open: int
    """Whether anybody may see it: its address needs no signature then."""


class WaitingRow(msgspec.Struct, frozen=True):
    """How many media wait for their first use, and how many bytes they have."""

    count: int
    size: int


class SegmentRow(msgspec.Struct, frozen=True):
    """A segment that has come in."""

    place: int
    size: int
