"""The tables of who follows, asked to follow, blocks and mutes whom, and the rows that queries give."""

import msgspec
from sqlalchemy import Index

from volary.accounts.models import AccountRow
from volary.db.tables import moment, reference, table, text, whole

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

reports = table(
    "reports",
    reference("reporter_id", "accounts.id", key=True, cascade=True),
    reference("reported_id", "accounts.id", key=True, cascade=True),
    whole("place"),
    whole("times", default=1),
    whole("app_id", optional=True),
    moment("first_at"),
    moment("last_at"),
    text("outcome", default=""),
    moment("decided_at", optional=True),
    Index(None, "reported_id"),
    Index(None, "place"),
    by_key=True,
)
"""Who reported whom for spam, by way of which app, for the operator alone. Reporting again counts, so that nobody fills the table.
`place` is of the last time. `outcome` is a word of `operator.actions.requests`, empty until an operator decided."""


class PlacedRow(AccountRow, frozen=True):
    """An account in a list, with its place there."""

    place: int


class ConnectionRow(msgspec.Struct, frozen=True):
    """One thing that connects a viewer with an account, by X's word for it."""

    id: int
    how: str


class ReportRow(msgspec.Struct, frozen=True):
    """One account that reported another."""

    place: int
    reporter_id: int
    reporter: str
    reported_id: int
    reported: str
    reported_state: str
    times: int
    app_id: int | None
    first_at: int
    last_at: int
    outcome: str
    decided_at: int | None
