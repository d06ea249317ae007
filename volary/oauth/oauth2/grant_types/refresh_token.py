"""A refresh token becomes its successor and a new access token (RFC 6749 §6, RFC 9700 §4.14.2, decision 0018).

Each can be rotated once. One that comes again is a thief's or an honest retry after a lost answer, and nobody can tell which: the family
ends. The one exception is a confidential client that repeats the very same request within ten seconds, while nothing of the successor
has been used: it gets the same answer again, since the successor is derived from the key and the presented token (design: permissions).
"""

import msgspec
from sqlalchemy import ColumnElement, bindparam, exists, literal, literal_column, select, update

from volary.access.scopes import OFFLINE
from volary.db import Tx, statement
from volary.developers.models import AppRow
from volary.kit.clock import SECOND
from volary.kit.secrets import Keyring, digest
from volary.kit.whence import SYSTEM
from volary.oauth.models import access_tokens, families, grants, refresh_tokens
from volary.oauth.oauth2.errors import RefreshRefused, ScopeTooWide, TokenRefusal
from volary.oauth.revoking import end_family
from volary.oauth.tokens import (
    ACCESS,
    REFRESH,
    Holder,
    Issued,
    alive,
    keep_access,
    keep_refresh,
    not_over,
    text_of,
)

GRACE = 10 * SECOND


class Kept(msgspec.Struct, frozen=True):
    """What a refresh token carries on to its successor."""

    family_id: int
    scopes: str
    generation: int
    app_epoch: int
    account_epoch: int


class Grant(msgspec.Struct, frozen=True):
    """What the person allows now, which may be less than a token carries, and until when."""

    scopes: str
    until: int | None

    def held(self, asked: str) -> str:
        """What a new token permits of what was asked for, as its client is told (RFC 6749 §5.1)."""
        now = self.scopes.split()
        return " ".join(name for name in asked.split() if name in now)


class Seen(Kept, frozen=True):
    """A refresh token, whatever became of it, and the App of its grant."""

    rotated_at: int | None
    app_id: int


def _living(*more: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """The refresh token may be used now; `more` may speak of its grant."""
    return (
        refresh_tokens.c.expires_at > bindparam("now"),
        exists().where(
            *alive(refresh_tokens),
            not_over(),
            # The last consent decides about staying connected (SR-225).
            # The pattern is part of the text: SQLite prepares a statement anew whenever a pattern that is a parameter is bound (60 µs).
            (literal(" ") + grants.c.scopes + literal(" ")).like(literal_column(f"'% {OFFLINE} %'")),
            *more,
        ),
    )


_THIS = refresh_tokens.c.digest == bindparam("digest")
_KEPT = tuple(refresh_tokens.c[name] for name in Kept.__struct_fields__)
_LOOK = statement(
    select(
        *_KEPT,
        refresh_tokens.c.rotated_at,
        grants.c.app_id,
    ).where(_THIS, families.c.id == refresh_tokens.c.family_id, grants.c.id == families.c.grant_id),
    Seen,
)
_GRANT = statement(
    select(grants.c.scopes, grants.c.expires_at.label("until")).where(
        families.c.id == bindparam("family_id"), grants.c.id == families.c.grant_id
    ),
    Grant,
)
_ROTATE = statement(
    update(refresh_tokens)
    .where(_THIS, refresh_tokens.c.rotated_at.is_(None), *_living(grants.c.app_id == bindparam("app_id")))
    .values(rotated_at=bindparam("now"))
    .returning(*_KEPT),
    Kept,
)
_UNUSED_ACCESS = statement(
    select(access_tokens.c.expires_at).where(
        access_tokens.c.digest == bindparam("digest"), access_tokens.c.watched_until > bindparam("now")
    ),
    int,
)
_UNUSED_REFRESH = statement(
    select(refresh_tokens.c.generation).where(_THIS, refresh_tokens.c.rotated_at.is_(None), *_living()), int
)


async def refresh(tx: Tx, app: AppRow, token: str, scope: str | None, *, address: str = "") -> Issued | TokenRefusal:
    """The successor of a refresh token that an authenticated App brings, or the refusal. It is returned, so that what it did stays.

    `scope` may narrow the new access token; the refresh token keeps what was granted (RFC 6749 §6, SR-095).
    """
    key = digest(token)
    if scope is None and (kept := await tx.one(_ROTATE, digest=key, app_id=app.id, now=tx.now)) is not None:
        return await _succeed(tx, kept, token, kept.scopes)  # nearly always
    seen = await tx.one(_LOOK, digest=key)
    if seen is None or seen.app_id != app.id:
        why = "unknown token" if seen is None else f"the token belongs to app {seen.app_id}"
        return RefreshRefused(why=why).because("refresh_unknown")
    asked = seen.scopes if scope is None else " ".join(dict.fromkeys(scope.split()))
    if seen.rotated_at is not None:
        return await _again(tx, app, seen, token, asked, seen.rotated_at, address)
    if not set(asked.split()) <= set(seen.scopes.split()) or not asked:
        return ScopeTooWide().because("refresh_scope", has=seen.scopes)
    if await tx.one(_ROTATE, digest=key, app_id=app.id, now=tx.now) is not None:
        return await _succeed(tx, seen, token, asked)
    return RefreshRefused(why="the token expired, or its family, grant, app or account ended").because("refresh_ended")


async def _succeed(tx: Tx, seen: Kept, token: str, asked: str) -> Issued:
    """Keep the successors. Their texts are derived, so that they can be given once more without being kept."""
    access, following = _derived(tx.keys, token, asked, tx.now)
    holder = Holder(seen.family_id, seen.app_epoch, seen.account_epoch)
    grant = await _grant(tx, seen.family_id)
    expires_at = await keep_access(tx, access, holder, asked, watched_until=tx.now + GRACE, until=grant.until)
    await keep_refresh(tx, following, holder, seen.scopes, generation=seen.generation + 1)
    return Issued(access, following, grant.held(asked), expires_at)


async def _again(
    tx: Tx, app: AppRow, seen: Seen, token: str, asked: str, rotated_at: int, address: str
) -> Issued | TokenRefusal:
    """A token that was rotated before: the same successor for an honest retry, the end of the family for anything else."""
    for key in tx.keys.each if app.confidential and tx.now - rotated_at <= GRACE else ():
        access, following = _derived(key, token, asked, rotated_at)
        expires_at = await tx.one(_UNUSED_ACCESS, digest=digest(access), now=tx.now)
        unused = await tx.one(_UNUSED_REFRESH, digest=digest(following), now=tx.now)
        if expires_at is not None and unused is not None:
            held = (await _grant(tx, seen.family_id)).held(asked)
            return Issued(access, following, held, expires_at)
    await end_family(tx, seen.family_id, "refresh token replayed", actor_id=SYSTEM, address=address)
    why = "the token was rotated before; its family ended"
    return RefreshRefused(why=why).because("refresh_rotated", at=rotated_at)


async def _grant(tx: Tx, family_id: int) -> Grant:
    found = await tx.one(_GRANT, family_id=family_id)
    if found is None:
        raise RuntimeError("a family hangs from a grant")
    return found


def _derived(keys: Keyring, token: str, asked: str, rotated_at: int) -> tuple[str, str]:
    """The access token and the refresh token that follow a presented one."""
    access = text_of(keys.derived("access token of a refresh", token, asked), rotated_at, ACCESS)
    return access, text_of(keys.derived("successor of a refresh token", token), rotated_at, REFRESH)
