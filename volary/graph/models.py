"""The tables of who follows, asked to follow, blocks and mutes whom, and the rows that queries give."""

import msgspec
from sqlalchemy import Index

from volary.accounts.models import AccountRow
from volary.db.tables import reference, table, whole

follows = table(
    "follows",
    reference("follower_id", "accounts.id", key=True, cascade=True),
    reference("followed_id", "accounts.id", key=True, cascade=True),
    whole("place"),
    Index(None, "follower_id", "place"),
    Index(None, "followed_id", "place"),
    by_key=True,
)
"""`place`, here and below, is the id of the act: it orders lists, and its time is the act's."""

follow_requests = table(
    "follow_requests",
    reference("asker_id", "accounts.id", key=True, cascade=True),
    reference("asked_id", "accounts.id", key=True, cascade=True),
    whole("place"),
    Index(None, "asked_id", "place"),
    by_key=True,
)

blocks = table(
    "blocks",
    reference("blocker_id", "accounts.id", key=True, cascade=True),
    reference("blocked_id", "accounts.id", key=True, cascade=True),
    whole("place"),
    Index(None, "blocker_id", "place"),
    Index(None, "blocked_id"),
    by_key=True,
)

mutes = table(
    "mutes",
    reference("muter_id", "accounts.id", key=True, cascade=True),
    reference("muted_id", "accounts.id", key=True, cascade=True),
    whole("place"),
    Index(None, "muter_id", "place"),
    Index(None, "muted_id"),
    by_key=True,
)


class PlacedRow(AccountRow, frozen=True):
    """An account in a list, with its place there."""

    place: int


class ConnectionRow(msgspec.Struct, frozen=True):
    """One thing that connects a viewer with an account, by X's word for it."""

    id: int
    how: str
