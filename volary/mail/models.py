"""The table of letters, and the rows that queries give."""

import msgspec
from sqlalchemy import Index

from volary.db.tables import id_column, moment, octets, reference, table, text

WAITING, SENT, OUTBOX, FAILED = "waiting", "sent", "outbox", "failed"
"""A letter waits to be sent, was taken by the mail server, stays here since no mail server is set, or was given up."""

letters = table(
    "letters",
    id_column(),
    reference("account_id", "accounts.id", optional=True, cascade=True),
    text("address"),
    text("language"),
    text("template"),
    octets("parameters", optional=True),
    text("state", default=WAITING),
    text("answer", default=""),
    moment("created_at"),
    moment("sent_at", optional=True),
    Index(None, "account_id"),
    Index(None, "created_at"),
)
"""`parameters` is sealed, since a link in a letter may be a key; a letter that was sent has none any more. `answer` is what the mail
server said last.
"""


class Addressee(msgspec.Struct, frozen=True):
    """Who gets a letter: the address, the language to write in, and whose account it is about."""

    address: str
    language: str
    account_id: int | None = None
    time_zone: str = "Etc/UTC"


class LetterRow(msgspec.Struct, frozen=True):
    """A letter with everything that it takes to write it."""

    id: int
    account_id: int | None
    address: str
    language: str
    template: str
    parameters: bytes | None
    state: str
    answer: str
    created_at: int
    sent_at: int | None
