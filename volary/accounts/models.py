"""The table of accounts and the rows that queries give."""

import msgspec
from sqlalchemy import Index

from volary.db.tables import digest_column, flag, id_column, moment, octets, reference, table, text, whole

ACTIVE, SUSPENDED, LOCKED, DEACTIVATED, ERASED = "active", "suspended", "locked", "deactivated", "erased"
"""The states of an account. Only an active one can sign in or be acted for. Of an erased one a row is left that says nothing about anybody:
what others hold, such as their copies of messages, refers to it."""

accounts = table(
    "accounts",
    id_column(),
    text("username"),
    text("username_key"),
    text("name"),
    text("description", default=""),
    text("location", default=""),
    text("website", default=""),
    text("picture", default=""),
    text("banner", default=""),
    text("email", optional=True),
    moment("email_confirmed_at", optional=True),
    text("phone", optional=True),
    text("language", default="en"),
    text("time_zone", default="Etc/UTC"),
    text("country", default=""),
    flag("protected"),
    flag("verified"),
    text("password", optional=True),
    moment("password_changed_at", optional=True),
    text("state", default=ACTIVE),
    flag("operator"),
    flag("discoverable_by_email"),
    moment("deactivated_at", optional=True),
    whole("epoch", default=0),
    reference("automated_by", "accounts.id", optional=True),
    whole("post_count", default=0),
    whole("newest_post_id", default=0),
    whole("follower_count", default=0),
    whole("following_count", default=0),
    whole("like_count", default=0),
    whole("listed_count", default=0),
    whole("media_count", default=0),
    moment("created_at"),
    Index(None, "username_key", unique=True),
    Index(None, "email"),
    Index(None, "automated_by"),
)
"""`username_key` is the username in lower case, unique; `password` an Argon2id string; `epoch` see the room's docstring.
`operator` says that the account governs the installation; the command line alone sets it.
`deactivated_at` is when its owner went away, who can come back for a while.
`newest_post_id` is no smaller than the id of any post or repost that the account has; that one may be deleted meanwhile.
`picture` and `banner` are names of files in the media's folder, empty where there is none.
"""

account_words = table(
    "account_words",
    octets("word", key=True),
    reference("account_id", "accounts.id", key=True, cascade=True),
    Index(None, "account_id", "word"),
    by_key=True,
)
"""The words of usernames and names, by which people are found. As bytes, since texts stand in another order on each PostgreSQL."""

email_confirmations = table(
    "email_confirmations",
    digest_column(),
    reference("account_id", "accounts.id", cascade=True),
    text("email"),
    moment("expires_at"),
    Index(None, "account_id"),
    Index(None, "email"),
)
"""Links that were sent to addresses, each good for one account, one address, one use and a day. Rows stay that day, used or not: they are
how it is known how many letters somebody was sent."""

affiliations = table(
    "affiliations",
    reference("organization_id", "accounts.id", key=True, cascade=True),
    reference("account_id", "accounts.id", key=True, cascade=True),
    whole("place"),
    Index(None, "organization_id", "place"),
    Index(None, "account_id"),
    by_key=True,
)
"""Which accounts belong to an organization's. The operator says so."""


class AccountRow(msgspec.Struct, frozen=True):
    """An account as others may meet it; who may read which field is decided by queries and shapes."""

    id: int
    username: str
    name: str
    description: str
    location: str
    website: str
    picture: str
    banner: str
    email: str | None
    email_confirmed_at: int | None
    language: str
    time_zone: str
    protected: int
    verified: int
    state: str
    automated_by: int | None
    post_count: int
    follower_count: int
    following_count: int
    like_count: int
    listed_count: int
    media_count: int
    created_at: int


class FoundRow(AccountRow, frozen=True):
    """An account that was searched for, with the word by which it was found."""

    word: bytes


class AffiliateRow(AccountRow, frozen=True):
    """An account of an organization, with its place there."""

    place: int


class OwnRow(msgspec.Struct, frozen=True):
    """What an account keeps for its owner alone."""

    id: int
    phone: str | None
    country: str
    discoverable_by_email: int
    deactivated_at: int | None


class SecretRow(msgspec.Struct, frozen=True):
    """What checking a password needs."""

    id: int
    username: str
    name: str
    password: str | None
    state: str
    epoch: int
