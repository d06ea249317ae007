"""Who is calling: resolved once per request, then passed to everything that must know."""

import enum

import msgspec

from volary.access.levels import Level


class Scheme(enum.Enum):
    """By which kind of proof a caller was identified; the value is X's name of it (X facts 4.3)."""

    OAUTH1 = "OAuth 1.0a User Context"
    OAUTH2_USER = "OAuth 2.0 User Context"
    APP_ONLY = "OAuth 2.0 Application-Only"
    SESSION = "Session"


class Caller(msgspec.Struct, frozen=True):
    """An app, or an app for a person, or a person in their own browser.

    `scopes` are effective: what the token carries and the app is allowed at this moment. `level` is what `x-access-level` says.
    """

    scheme: Scheme
    app_id: int | None
    account_id: int | None
    username: str
    scopes: frozenset[str]
    level: Level
    grant_id: int | None = None
    family_id: int | None = None
    enrolled: bool = True
    """Whether the app belongs to a Project, as v2 requires (C148)."""
    email: bool = False
    """Whether the confirmed email address may be read (C060)."""
