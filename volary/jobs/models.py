"""The table of jobs, and the rows that queries give."""

import msgspec
from sqlalchemy import Index

from volary.db.tables import id_column, moment, table, text, whole

jobs = table(
    "jobs",
    id_column(),
    text("name"),
    text("lane"),
    text("payload"),
    moment("due_at"),
    whole("tries", default=0),
    text("holder", default=""),
    text("error", default=""),
    moment("given_up_at", optional=True),
    moment("created_at"),
)
"""`due_at` is when a job may be taken; while somebody holds it, the end of their lease. `holder` is who, empty where nobody does.
`lane` is what jobs share that would hold each other up, such as one receiver. A job that is done has no row.
"""
Index(
    "ix_jobs_due_at",
    jobs.c.due_at,
    sqlite_where=jobs.c.given_up_at.is_(None),
    postgresql_where=jobs.c.given_up_at.is_(None),
)


class DueRow(msgspec.Struct, frozen=True):
    """A job that may be taken."""

    id: int
    lane: str


class TakenRow(msgspec.Struct, frozen=True):
    """A job that this process holds."""

    id: int
    name: str
    lane: str
    payload: str
    tries: int


class JobRow(msgspec.Struct, frozen=True):
    """A job as operators see it. Its payload names rows, never secrets."""

    id: int
    name: str
    lane: str
    payload: str
    due_at: int
    tries: int
    holder: str
    error: str
    given_up_at: int | None
    created_at: int
