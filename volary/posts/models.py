"""The tables of posts, of polls and of counts by the hour, and the rows that queries give."""

import msgspec
from sqlalchemy import Index
from sqlalchemy import text as sql

from volary.db.tables import flag, id_column, moment, reference, table, text, whole

UNDETERMINED = "und"
"""The language of a post in which none was recognised (BCP 47)."""


def _where(present: str, *columns: str) -> Index:
    """An index of the posts that have something."""
    only = sql(f"{present} IS NOT NULL")
    return Index(None, *columns, sqlite_where=only, postgresql_where=only)


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
    whole("repost_of_id", optional=True),
    whole("poll_id", optional=True),
    text("media_ids", default=""),
    text("versions", default=""),
    text("reply_settings", default="everyone"),
    text("entities", default=""),
    whole("reply_count", default=0),
    whole("quote_count", default=0),
    whole("repost_count", default=0),
    whole("like_count", default=0),
    whole("bookmark_count", default=0),
    whole("impression_count", default=0),
    flag("sensitive"),
    flag("paid_partnership"),
    flag("made_with_ai"),
    moment("created_at"),
    moment("hidden_at", optional=True),
    moment("replaced_at", optional=True),
    moment("deleted_at", optional=True),
    Index(None, "author_id", "id"),
    Index(None, "author_id", "text_key"),
    _where("reply_to_id", "conversation_id", "id"),
    _where("reply_to_id", "reply_to_id", "id"),
    _where("quote_of_id", "quote_of_id", "id"),
    _where("repost_of_id", "repost_of_id", "id"),
    _where("deleted_at", "deleted_at"),
    _where("replaced_at", "replaced_at"),
    Index(
        "ix_posts_reposted",
        "author_id",
        "id",
        sqlite_where=sql("repost_count > 0"),
        postgresql_where=sql("repost_count > 0"),
    ),
    Index(
        "uq_posts_repost",
        "author_id",
        "repost_of_id",
        unique=True,
        sqlite_where=sql("repost_of_id IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sql("repost_of_id IS NOT NULL AND deleted_at IS NULL"),
    ),
)
"""`text_key` is a digest of the folded text, to recognise a duplicate; `entities` JSON in our own words. No foreign keys to other
posts or apps: a post outlives what it answers and the app that it came from. Deleting keeps the row for thirty days, empty of text
(`actions.forgetting`).

A repost is a post without text that names its original in `repost_of_id`; an account has one live repost of a post. `versions` holds the
ids of all versions of an edited post, the first one first, with blanks between, and is empty for one that was never edited; a version
that a newer one follows has `replaced_at`. `media_ids` holds keys of media with blanks between. `hidden_at`: the conversation's author
hid the reply. Indexes leave out the posts that they are not about: most answer, quote and repost nothing, and each index costs a write.
"""

mentions = table(
    "mentions",
    reference("mentioned_id", "accounts.id", key=True, cascade=True),
    id_column("post_id"),
    by_key=True,
)
"""Whom a post mentions or answers, so that an account's mentions are one walk of the key. A deleted post has none.
No foreign key to posts, whose rows would have to be looked for here when one goes."""
likes = table(
    "likes",
    reference("account_id", "accounts.id", key=True, cascade=True),
    reference("post_id", "posts.id", key=True, cascade=True),
    whole("place"),
    Index(None, "account_id", "place"),
    Index(None, "post_id", "place"),
    by_key=True,
)
"""`place`, here and below, is the id of the act: it orders lists, and its time is the act's."""

bookmark_folders = table(
    "bookmark_folders",
    id_column(),
    reference("account_id", "accounts.id", cascade=True),
    text("name"),
    Index(None, "account_id", "id"),
)

bookmarks = table(
    "bookmarks",
    reference("account_id", "accounts.id", key=True, cascade=True),
    reference("post_id", "posts.id", key=True, cascade=True),
    whole("place"),
    reference("folder_id", "bookmark_folders.id", optional=True),
    Index(None, "account_id", "place"),
    Index(None, "post_id"),
    Index(None, "folder_id", "place"),
    by_key=True,
)
"""A bookmark lies in one folder at most, and always in the list of all."""


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
    repost_of_id: int | None
    poll_id: int | None
    media_ids: str
    versions: str
    reply_settings: str
    entities: str
    reply_count: int
    quote_count: int
    repost_count: int
    like_count: int
    bookmark_count: int
    impression_count: int
    sensitive: int
    paid_partnership: int
    made_with_ai: int
    created_at: int
    hidden_at: int | None
    replaced_at: int | None


class PlacedPostRow(PostRow, frozen=True):
    """A post in a list, with its place there."""

    place: int


class FolderRow(msgspec.Struct, frozen=True):
    """A folder of bookmarks; its id is its place among its owner's."""

    id: int
    name: str

    @property
    def place(self) -> int:
        """Folders are listed as they were made."""
        return self.id


polls = table(
    "polls",
    id_column(),
    reference("post_id", "posts.id", cascade=True),
    whole("duration_minutes"),
    moment("ends_at"),
    Index(None, "post_id", unique=True),
)

poll_options = table(
    "poll_options",
    reference("poll_id", "polls.id", key=True, cascade=True),
    whole("position", key=True),
    text("label"),
    whole("votes", default=0),
    by_key=True,
)

poll_votes = table(
    "poll_votes",
    reference("poll_id", "polls.id", key=True, cascade=True),
    reference("account_id", "accounts.id", key=True, cascade=True),
    whole("position"),
    Index(None, "account_id"),
    by_key=True,
)
"""Who voted for what, so that nobody votes twice. Nothing reads it but the voter's own page: to others votes are numbers."""

post_hours = table(
    "post_hours",
    reference("post_id", "posts.id", key=True, cascade=True),
    whole("hour", key=True),
    *(
        whole(name, default=0)
        for name in ("impressions", "replies", "quotes", "reposts", "likes", "unlikes", "bookmarks")
    ),
    by_key=True,
)
"""What happened to a post in an hour (counted from 1970), while it is young: `rules.counts` says how long."""


class OptionRow(msgspec.Struct, frozen=True):
    """One of the answers to choose from in a poll. The first has position 1."""

    poll_id: int
    position: int
    label: str
    votes: int


class PollRow(msgspec.Struct, frozen=True):
    """A poll without its options."""

    id: int
    post_id: int
    duration_minutes: int
    ends_at: int


class HourRow(msgspec.Struct, frozen=True):
    """What happened to a post in one hour."""

    post_id: int
    hour: int
    impressions: int
    replies: int
    quotes: int
    reposts: int
    likes: int
    unlikes: int
    bookmarks: int
