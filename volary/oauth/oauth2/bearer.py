"""An access token becomes a Caller: one statement, on every call of the API (RFC 6750, design: permissions).

The statement joins everything that can end a token, so what was revoked a moment ago is refused now. What the caller may do is what the
token carries, less what the person took back and what the App is not allowed at this moment. This is the hot path: measured at
11 µs on SQLite with few tokens, 22 µs at random among 100,000, 76 µs on PostgreSQL over a socket (decision 0006).
"""

import contextlib
from functools import lru_cache

import msgspec
from sqlalchemy import and_, bindparam, case, select, update

from volary.access.caller import Caller, Scheme
from volary.access.levels import Level
from volary.access.scopes import EMAIL, level_of
from volary.accounts.models import accounts
from volary.db import Database, Tx, statement
from volary.developers.models import apps
from volary.kit.errors import Busy
from volary.kit.secrets import digest
from volary.oauth.models import access_tokens, families, grants
from volary.oauth.tokens import alive


class Bearer(msgspec.Struct, frozen=True, gc=False):
    """Everything that a Caller is made of."""

    app_id: int
    account_id: int
    username: str
    grant_id: int
    family_id: int
    scopes: str
    granted: str
    watched_until: int | None
    expires_at: int
    enrolled: int
    email: int


_FIND = statement(
    select(
        grants.c.app_id,
        grants.c.account_id,
        accounts.c.username,
        grants.c.id.label("grant_id"),
        families.c.id.label("family_id"),
        access_tokens.c.scopes,
        grants.c.scopes.label("granted"),
        access_tokens.c.watched_until,
        # Whoever set an end to the grant may have done so after the token was made.
        case(
            (grants.c.expires_at < access_tokens.c.expires_at, grants.c.expires_at), else_=access_tokens.c.expires_at
        ).label("expires_at"),
        apps.c.project_id.is_not(None).label("enrolled"),
        # The email address obeys the App's switch at use, too, and needs both URLs (contradiction 29).
        and_(apps.c.email_permission == 1, apps.c.terms_url != "", apps.c.privacy_url != "").label("email"),
    ).where(
        access_tokens.c.digest == bindparam("digest"),
        *alive(access_tokens),
    ),
    Bearer,
    hot=True,
)
_USED = statement(update(access_tokens).where(access_tokens.c.digest == bindparam("digest")).values(watched_until=None))


async def caller_of(db: Database, token: str) -> Caller | None:
    """Who is calling with this access token; None when it is unknown, expired, or was ended by anybody."""
    key = digest(token)
    now = db.now
    found = await db.one(_FIND, digest=key)
    if found is None or found.expires_at <= now:
        return None
    if found.watched_until is not None and found.watched_until > now:
        await _note_first_use(db, key)
    permitted = permissions(found.scopes, found.granted, bool(found.email))
    return Caller(
        Scheme.OAUTH2_USER,
        found.app_id,
        found.account_id,
        found.username,
        permitted.scopes,
        permitted.level,
        found.grant_id,
        found.family_id,
        bool(found.enrolled),
        permitted.email,
    )


class Permissions(msgspec.Struct, frozen=True):
    """What scopes amount to, computed once for each different text."""

    scopes: frozenset[str]
    level: Level
    email: bool


@lru_cache(maxsize=4096)
def permissions(scopes: str, granted: str, email: bool) -> Permissions:
    """The effective scopes of a token's text: those that its grant holds now, without the email address where the App may not have it."""
    names = frozenset(scopes.split()) & frozenset(granted.split())
    effective = names if email else names - {EMAIL}
    return Permissions(effective, level_of(effective), EMAIL in effective)


async def _note_first_use(db: Database, key: bytes) -> None:
    """The client has the answer of its refresh, so the refresh token before it is no retry any more (decision 0018).

    At most once for each token, in its first ten seconds. A database that cannot write now does not keep the caller from reading.
    """
    with contextlib.suppress(Busy):
        await db.write(_first_use, key)


async def _first_use(tx: Tx, key: bytes) -> None:
    await tx.run(_USED, digest=key)
