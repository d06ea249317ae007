"""The tables of second steps and passkeys, and the rows that queries give."""

import msgspec
from sqlalchemy import Index

from volary.db.tables import digest_column, id_column, moment, octets, reference, table, text, whole

second_steps = table(
    "second_steps",
    reference("account_id", "accounts.id", key=True, cascade=True),
    moment("since"),
)
"""An account whose password alone opens no session."""

authenticators = table(
    "authenticators",
    digest_column(),
    reference("account_id", "accounts.id", cascade=True),
    octets("secret"),
    whole("counter"),
    moment("created_at"),
    Index(None, "account_id", unique=True),
)
"""The app that makes an account's one-time codes: at most one. `secret` is sealed; `counter` is the number of the half minute whose code
was taken last; `digest` only names the row, as in every table with something sealed."""

recovery_codes = table(
    "recovery_codes",
    digest_column(),
    reference("account_id", "accounts.id", cascade=True),
    moment("created_at"),
    moment("used_at", optional=True),
    Index(None, "account_id"),
)

passkeys = table(
    "passkeys",
    id_column(),
    reference("account_id", "accounts.id", cascade=True),
    octets("credential_id"),
    octets("credential"),
    whole("sign_count"),
    text("name"),
    moment("created_at"),
    moment("last_used_at", optional=True),
    Index(None, "credential_id", unique=True),
    Index(None, "account_id"),
)
"""`credential` is what WebAuthn calls attested credential data: the authenticator's model, the id, and the public key."""

spent_challenges = table("spent_challenges", digest_column(), moment("expires_at"), Index(None, "expires_at"))
"""Challenges that a passkey has answered: none is answered twice. What was not answered is written down nowhere."""


class AuthenticatorRow(msgspec.Struct, frozen=True):
    """An account's authenticator app."""

    digest: bytes
    account_id: int
    secret: bytes
    counter: int
    created_at: int


class PasskeyRow(msgspec.Struct, frozen=True):
    """One passkey of an account."""

    id: int
    account_id: int
    credential_id: bytes
    credential: bytes
    sign_count: int
    name: str
    created_at: int
    last_used_at: int | None
