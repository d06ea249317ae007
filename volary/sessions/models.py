"""The tables of sessions, of failed sign-ins and of forgotten passwords, and the rows that queries give."""

import msgspec
from sqlalchemy import Index

from volary.db.tables import digest_column, id_column, moment, octets, reference, table, text, whole

sessions = table(
    "sessions",
    id_column(),
    reference("account_id", "accounts.id", cascade=True),
    octets("digest"),
    whole("epoch"),
    moment("created_at"),
    moment("last_seen_at"),
    moment("ended_at", optional=True),
    moment("proved_at", optional=True),
    text("ended_why", default=""),
    text("address"),
    text("location"),
    text("device"),
    text("browser"),
    text("user_agent"),
    text("method", default="password"),
    Index(None, "digest", unique=True),
    Index(None, "account_id", "ended_at"),
)
"""`proved_at` is when the password was last entered in this session, null while that was at its beginning."""

sign_in_failures = table(
    "sign_in_failures",
    text("subject", key=True),
    moment("window_start"),
    whole("count"),
    by_key=True,
)
"""Wrong passwords by network, by name, and by both (`sessions.rules.guesses`). Names stand here as keyed digests: somebody may have typed
a password there."""


password_resets = table(
    "password_resets",
    digest_column(),
    reference("account_id", "accounts.id", cascade=True),
    text("email"),
    moment("sent_at"),
    moment("expires_at"),
    Index(None, "account_id"),
)
"""Links that were sent to people who forgot their password, each good for one account, one address, one use and an hour. Rows stay for a
day, used or not: they are how it is known how many letters somebody was sent."""

lock_links = table(
    "lock_links",
    digest_column(),
    reference("account_id", "accounts.id", cascade=True),
    text("email"),
    moment("expires_at"),
    Index(None, "account_id"),
)
"""“This was not me”: links in letters about new sign-ins, each good for one lock of one account. `email` is where the letter went."""

ways_back = table(
    "ways_back",
    digest_column(),
    reference("account_id", "accounts.id", cascade=True),
    text("email"),
    moment("strange_since"),
    moment("expires_at"),
    Index(None, "account_id", unique=True),
)
"""The way back into an account that its owner locked: at most one link for each, in a letter to the address that is the owner's. An account
that has no row here was locked by the operator, who alone unlocks it. `strange_since` is the moment from which on somebody else may have
been in it."""


class SessionRow(msgspec.Struct, frozen=True):
    """A session as its owner sees it in *Apps and sessions* (C003, C004)."""

    id: int
    account_id: int
    created_at: int
    last_seen_at: int
    address: str
    location: str
    device: str
    browser: str
    method: str


class SignedInRow(msgspec.Struct, frozen=True):
    """A live session with its account, as the cookie's digest finds it."""

    session_id: int
    account_id: int
    username: str
    name: str
    language: str
    time_zone: str
    operator: int
    last_seen_at: int
    digest: bytes


class FailuresRow(msgspec.Struct, frozen=True):
    """How often somebody failed, since when."""

    subject: str
    window_start: int
    count: int
