"""The tables of grants and of everything that hangs from them, and the rows that queries give."""

import msgspec
from sqlalchemy import Index
from sqlalchemy import text as sql

from volary.db.tables import digest_column, flag, id_column, moment, octets, reference, table, text, whole

OAUTH1, OAUTH2 = "oauth1", "oauth2"
"""The protocols, as families and pending authorizations name them."""

grants = table(
    "grants",
    id_column(),
    reference("account_id", "accounts.id", cascade=True),
    reference("app_id", "apps.id", cascade=True),
    text("level", optional=True),
    flag("email"),
    text("scopes", default=""),
    moment("created_at"),
    moment("last_used_at", optional=True),
    text("last_used_address", default=""),
    moment("expires_at", optional=True),
    moment("ended_at", optional=True),
    text("ended_why", default=""),
    Index(
        "ix_grants_expires_at",
        "expires_at",
        sqlite_where=sql("expires_at > 0 AND ended_at IS NULL"),
        postgresql_where=sql("expires_at > 0 AND ended_at IS NULL"),
    ),
    Index(
        "ix_grants_live",
        "account_id",
        "app_id",
        unique=True,
        sqlite_where=sql("ended_at IS NULL"),
        postgresql_where=sql("ended_at IS NULL"),
    ),
    Index(None, "app_id"),
)
"""One live grant for each account and app. `level` and `email` are what OAuth 1.0a consent allows now, `scopes` what OAuth 2.0 consent
allows now (space separated), until `expires_at` where the person set an end. A token never permits more than its own consent gave, than
its grant holds now, or than the app is allowed now."""

families = table(
    "families",
    id_column(),
    reference("grant_id", "grants.id", cascade=True),
    text("protocol"),
    text("name", default=""),
    moment("created_at"),
    moment("last_used_at", optional=True),
    text("last_used_address", default=""),
    moment("ended_at", optional=True),
    text("ended_why", default=""),
    Index(None, "grant_id"),
)
"""One sign-in of an app: the tokens that hang from one consent. `name` says in which browser that was, until the person gives another."""

oauth1_tokens = table(
    "oauth1_tokens",
    digest_column(),
    reference("family_id", "families.id", cascade=True),
    octets("secret"),
    text("level"),
    flag("email"),
    flag("own"),
    text("hint"),
    whole("app_epoch"),
    whole("account_epoch"),
    moment("created_at"),
    Index(None, "family_id"),
    by_key=True,
)
"""OAuth 1.0a access tokens. `secret` is sealed; `own` marks the one that the App's owner made in the portal (C140)."""

access_tokens = table(
    "access_tokens",
    digest_column(),
    reference("family_id", "families.id", cascade=True),
    text("scopes"),
    whole("app_epoch"),
    whole("account_epoch"),
    moment("created_at"),
    moment("expires_at"),
    moment("watched_until", optional=True),
    Index(None, "family_id"),
    Index(None, "expires_at"),
    by_key=True,
)
"""`watched_until` is set on what a refresh gave, and emptied by its first use: until then the client may not have got the answer, and
may ask again (decision 0018). After that moment nobody looks at it."""

refresh_tokens = table(
    "refresh_tokens",
    digest_column(),
    reference("family_id", "families.id", cascade=True),
    text("scopes"),
    whole("generation"),
    whole("app_epoch"),
    whole("account_epoch"),
    moment("created_at"),
    moment("expires_at"),
    moment("rotated_at", optional=True),
    Index(None, "family_id"),
    Index(None, "expires_at"),
    by_key=True,
)
"""A rotated token stays until it expires, so that its replay is recognised. Its successor is derived, not kept (design §4)."""

codes = table(
    "codes",
    digest_column(),
    reference("app_id", "apps.id", cascade=True),
    reference("account_id", "accounts.id", cascade=True),
    reference("grant_id", "grants.id", cascade=True),
    text("redirect_uri"),
    text("scopes"),
    text("challenge", default=""),
    text("challenge_method", default=""),
    whole("app_epoch"),
    whole("account_epoch"),
    moment("created_at"),
    moment("expires_at"),
    moment("used_at", optional=True),
    whole("tries", default=0),
    text("device", default=""),
    reference("family_id", "families.id", optional=True),
    Index(None, "grant_id"),
    Index(None, "app_id"),
    Index(None, "account_id"),
    Index(None, "family_id"),
    Index(None, "expires_at"),
    by_key=True,
)
"""Authorization codes. `challenge` is the digest by which S256 would know the verifier, for `plain` too, so that nobody who reads the
table learns a verifier (SR-086). A used one stays until it expires for good, so that its replay ends the family that it started
(SR-070)."""

request_tokens = table(
    "request_tokens",
    digest_column(),
    reference("app_id", "apps.id", cascade=True),
    octets("secret"),
    text("callback"),
    text("level"),
    flag("email"),
    whole("app_epoch"),
    text("state"),
    reference("account_id", "accounts.id", optional=True, cascade=True),
    octets("verifier", optional=True),
    whole("tries", default=0),
    text("device", default=""),
    moment("created_at"),
    moment("expires_at"),
    Index(None, "app_id"),
    Index(None, "account_id"),
    Index(None, "expires_at"),
    by_key=True,
)
"""OAuth 1.0a request tokens. `state`: new, approved, denied, used. `verifier` is a keyed digest; `level` what may be asked at most, and
with `email` what was approved once it was; `callback` a URL of the App's list, or `oob`."""

oauth1_nonces = table(
    "oauth1_nonces",
    id_column("second"),
    digest_column(),
    by_key=True,
)
"""Signed requests that were seen, only where PostgreSQL is used without Valkey; elsewhere they have a place of their own."""

oauth1_nonce_floors = table("oauth1_nonce_floors", id_column(), whole("second"))
"""One row: requests of an earlier second were forgotten by some node, so none of them is taken any more, by whatever clock."""

pending_authorizations = table(
    "pending_authorizations",
    digest_column(),
    text("protocol"),
    text("request"),
    octets("bound_to"),
    moment("created_at"),
    moment("expires_at"),
    Index(None, "expires_at"),
    by_key=True,
)
"""Validated authorization requests that wait for a person's decision: single use, ten minutes, bound to the session or pre-session
cookie in which they were shown (design §5). `request` is a sealed `asking.Request`."""


class GrantRow(msgspec.Struct, frozen=True):
    """One row of *Apps and sessions*, without the app's own data."""

    id: int
    account_id: int
    app_id: int
    level: str | None
    email: int
    scopes: str
    created_at: int
    last_used_at: int | None
    last_used_address: str
    expires_at: int | None


class FamilyRow(msgspec.Struct, frozen=True):
    """One device's chain of tokens under a grant."""

    id: int
    grant_id: int
    protocol: str
    name: str
    created_at: int
    last_used_at: int | None
    last_used_address: str
