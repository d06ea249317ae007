"""The table of events, and the row that queries give."""

import msgspec
from sqlalchemy import Index
from sqlalchemy import text as sql

from volary.db.tables import id_column, moment, table, text, whole

events = table(
    "events",
    id_column(),
    moment("at"),
    text("kind"),
    whole("account_id", optional=True),
    whole("actor_id", optional=True),
    whole("app_id", optional=True),
    whole("grant_id", optional=True),
    whole("subject_id", optional=True),
    text("address", default=""),
    text("detail", default=""),
    whole("team_id", optional=True),
    Index(None, "account_id", "id"),
    Index(None, "app_id", "id"),
    Index(None, "team_id", "id", sqlite_where=sql("team_id > 0"), postgresql_where=sql("team_id > 0")),
)
"""No foreign keys: an event outlives what it speaks of. `detail` is a JSON object of small public facts, never a secret.
`team_id` is the team of developers whose history it belongs to."""


class EventRow(msgspec.Struct, frozen=True):
    """One event. `kind` has two parts, such as `grant.revoked`; `account_id` is whose record it stands in, `actor_id` who acted."""

    id: int
    at: int
    kind: str
    account_id: int | None
    actor_id: int | None
    app_id: int | None
    grant_id: int | None
    subject_id: int | None
    address: str
    detail: str
    team_id: int | None
