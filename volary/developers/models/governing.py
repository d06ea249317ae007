"""The tables of what the operator says about Apps and their names, and the rows that queries give."""

import msgspec
from sqlalchemy import Index
from sqlalchemy import text as sql

from volary.db.tables import flag, id_column, moment, reference, table, text, whole

OPEN, CLOSED = "open", "closed"
"""The states of an appeal."""

appeals = table(
    "appeals",
    id_column(),
    reference("app_id", "apps.id", cascade=True),
    text("state", default=OPEN),
    moment("opened_at"),
    moment("closed_at", optional=True),
    Index(
        "ix_appeals_app_id",
        "app_id",
        unique=True,
        sqlite_where=sql("state = 'open'"),
        postgresql_where=sql("state = 'open'"),
    ),
    Index("ix_appeals_state_id", "state", "id"),
)
"""What the owner of a suspended App says against it; an App has one open appeal at the most."""

appeal_messages = table(
    "appeal_messages",
    id_column(),
    reference("appeal_id", "appeals.id", cascade=True),
    whole("account_id"),
    flag("by_operator"),
    text("text"),
    moment("at"),
    Index(None, "appeal_id"),
)
"""What both sides wrote. `account_id` is 0 where somebody wrote at the command line."""

reserved_names = table(
    "reserved_names",
    text("name_key", key=True),
    text("name_shape"),
    text("name"),
    moment("added_at"),
    Index(None, "name_shape"),
    by_key=True,
)
"""Names that no App may take, nor one that reads or looks the same."""

app_limits = table(
    "app_limits", reference("app_id", "apps.id", key=True, cascade=True), whole("percent"), moment("set_at")
)
"""Rate limits of one App, in percent of what everybody has."""


class AppealRow(msgspec.Struct, frozen=True):
    """An appeal, with the App that it is about."""

    id: int
    app_id: int
    app: str
    owner: str
    state: str
    opened_at: int
    closed_at: int | None


class MessageRow(msgspec.Struct, frozen=True):
    """Something that one side wrote; operators stay without a name."""

    id: int
    username: str | None
    by_operator: int
    text: str
    at: int


class ReservedRow(msgspec.Struct, frozen=True):
    """A reserved name."""

    name_key: str
    name: str
    added_at: int


class LimitRow(msgspec.Struct, frozen=True):
    """The rate limits of an App in percent."""

    app_id: int
    percent: int
