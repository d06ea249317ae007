"""The tables of Spaces, and the rows that queries give."""

import msgspec
from sqlalchemy import Index

from volary.db.tables import id_column, moment, reference, table, text, whole

SCHEDULED, LIVE, ENDED, CANCELED = "scheduled", "live", "ended", "canceled"
"""The states of a Space, by X's names; a canceled one is not shown to anybody any more."""
HOST, SPEAKER, LISTENER, INVITED = "host", "speaker", "listener", "invited"
"""What somebody is in a Space. Who is invited becomes a speaker by joining."""

spaces = table(
    "spaces",
    id_column(),
    reference("creator_id", "accounts.id", cascade=True),
    text("title"),
    text("state"),
    text("language", default=""),
    moment("scheduled_start", optional=True),
    moment("started_at", optional=True),
    moment("ended_at", optional=True),
    whole("participant_count", default=0),
    moment("created_at"),
    moment("updated_at"),
    Index(None, "creator_id", "id"),
    Index(None, "state", "id"),
)

space_people = table(
    "space_people",
    reference("space_id", "spaces.id", key=True, cascade=True),
    reference("account_id", "accounts.id", key=True, cascade=True),
    text("role"),
    moment("joined_at", optional=True),
    moment("left_at", optional=True),
    Index(None, "account_id"),
    by_key=True,
)
"""Who was in a Space in which role. Somebody is there now who has `joined_at` and no `left_at`."""

space_words = table(
    "space_words",
    text("word", key=True),
    reference("space_id", "spaces.id", key=True, cascade=True),
    Index(None, "space_id"),
    by_key=True,
)
"""The words of the titles of Spaces that are announced or live, for finding them."""

space_posts = table(
    "space_posts",
    reference("space_id", "spaces.id", key=True, cascade=True),
    reference("post_id", "posts.id", key=True, cascade=True),
    reference("account_id", "accounts.id", cascade=True),
    whole("place"),
    Index(None, "space_id", "place"),
    Index(None, "post_id"),
    Index(None, "account_id"),
    by_key=True,
)
"""Posts that were shared in a Space. `place` is the id of the act."""


class SpaceRow(msgspec.Struct, frozen=True):
    """A Space that its reader may see."""

    id: int
    creator_id: int
    title: str
    state: str
    language: str
    scheduled_start: int | None
    started_at: int | None
    ended_at: int | None
    participant_count: int
    created_at: int
    updated_at: int


class Space(SpaceRow, frozen=True):
    """A Space with the people who are named with it."""

    hosts: tuple[int, ...] = ()
    speakers: tuple[int, ...] = ()
    invited: tuple[int, ...] = ()


class PersonRow(msgspec.Struct, frozen=True):
    """What somebody is or was in a Space."""

    space_id: int
    account_id: int
    role: str
    joined_at: int | None
    left_at: int | None

    @property
    def here(self) -> bool:
        """Whether they are in it now."""
        return self.joined_at is not None and self.left_at is None
