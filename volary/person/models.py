"""The table of archives that people asked for, and the row that queries give."""

import msgspec
from sqlalchemy import Index

from volary.db.tables import id_column, moment, reference, table, text, whole

WAITING, MAKING, READY, FAILED = "waiting", "making", "ready", "failed"
"""The states of an archive; one that expired has no row."""

archives = table(
    "archives",
    id_column(),
    reference("account_id", "accounts.id", cascade=True),
    text("state", default=WAITING),
    text("part", default=""),
    whole("done", default=0),
    whole("total", default=0),
    text("name", default=""),
    whole("size", default=0),
    moment("asked_at"),
    moment("ready_at", optional=True),
    moment("expires_at", optional=True),
    Index(None, "account_id", unique=True),
    Index(None, "name"),
)
"""An account has one at a time. `part` is what is being written, `done` of `total` parts are; `name` is the file's in the media's folder,
random, and no address leads to it but the owner's own page."""


class ArchiveRow(msgspec.Struct, frozen=True):
    """An archive, as its owner sees it."""

    id: int
    account_id: int
    state: str
    part: str
    done: int
    total: int
    name: str
    size: int
    asked_at: int
    ready_at: int | None
    expires_at: int | None
