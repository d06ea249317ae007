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

    @property
    def me(self) -> int:
        """The account that is acted for. Only where no app on its own is admitted: for one it is an error of ours (RuntimeError)."""
        if self.account_id is None:
            raise RuntimeError("this needs a caller who acts for an account")
        return self.account_id


def in_person(account_id: int, username: str) -> Caller:
    """People themselves, in their own browser: they may do whatever an app can do for them."""
    return Caller(Scheme.SESSION, None, account_id, username, frozenset(), Level.DIRECT_MESSAGES)
