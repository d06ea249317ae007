"""The tokens of OAuth 2.0: how their texts look, how they are kept, how long they live, and when they are alive.

A text has X's form (X facts 2.3): base64url of `<256 random bits>:<milliseconds>:1:1:<kind>:1`. What is kept is the digest of the whole
text, in a table of its own for each kind, so none can stand in for another (SR-101).
"""

import base64

import msgspec
from sqlalchemy import ColumnElement, Table, bindparam, insert, or_

from volary.access.scopes import OFFLINE
from volary.accounts.models import ACTIVE as ACCOUNT_ACTIVE
from volary.accounts.models import accounts
from volary.db import Tx, statement
from volary.developers.models import ACTIVE as APP_ACTIVE
from volary.developers.models import apps
from volary.kit.clock import DAY, HOUR, SECOND
from volary.kit.secrets import digest, mint
from volary.oauth.models import access_tokens, codes, families, grants, refresh_tokens

ACCESS, REFRESH, CODE = "at", "rt", "ac"
"""The kinds, as they stand inside a text."""

CODE_LIFETIME = 30 * SECOND
ACCESS_LIFETIME = 2 * HOUR
REFRESH_LIFETIME = 180 * DAY
"""X says nothing of how long an unused refresh token lives. Each refresh begins the half year anew."""


class Challenge(msgspec.Struct, frozen=True):
    """What a code waits for. `digest` is what `pkce.hashed` gives for the right verifier, whatever the method: a `plain` challenge is
    the verifier itself and must not stand in the database (SR-086).
    """

    digest: str
    method: str


class Holder(msgspec.Struct, frozen=True):
    """What new tokens hang from: a live family, and the epochs of App and account at this moment."""

    family_id: int
    app_epoch: int
    account_epoch: int


class Issued(msgspec.Struct, frozen=True):
    """Tokens that were given just now; the only moment at which their texts are known."""

    access: str
    refresh: str | None
    scopes: str
    expires_at: int


def text_of(random: str, now: int, kind: str) -> str:
    """A token's text in X's form, from its random part."""
    return base64.urlsafe_b64encode(f"{random}:{now}:1:1:{kind}:1".encode()).rstrip(b"=").decode()


def grant_alive() -> tuple[ColumnElement[bool], ...]:
    """The grant, its App and its account say that what hangs from it may live. Joins the three tables."""
    return (
        grants.c.ended_at.is_(None),
        apps.c.id == grants.c.app_id,
        apps.c.state == APP_ACTIVE,
        apps.c.oauth2_enabled == 1,
        accounts.c.id == grants.c.account_id,
        accounts.c.state == ACCOUNT_ACTIVE,
    )


def not_over() -> ColumnElement[bool]:
    """The person set no end to the grant, or it has not come. Joins grants, and takes `now`, so no statement that is remembered has it."""
    return or_(grants.c.expires_at.is_(None), grants.c.expires_at > bindparam("now"))


def same_epochs(table: Table) -> tuple[ColumnElement[bool], ...]:
    """No epoch was raised since the row was made."""
    return (apps.c.epoch == table.c.app_epoch, accounts.c.epoch == table.c.account_epoch)


def alive(table: Table) -> tuple[ColumnElement[bool], ...]:
    """Everything that a token of this table must meet besides its own time. Joins families, grants, apps and accounts."""
    return (
        families.c.id == table.c.family_id,
        families.c.ended_at.is_(None),
        grants.c.id == families.c.grant_id,
        *grant_alive(),
        *same_epochs(table),
    )


_COLUMNS = ("digest", "family_id", "scopes", "app_epoch", "account_epoch", "created_at", "expires_at")
_CODE_COLUMNS = (
    *("digest", "app_id", "account_id", "grant_id", "redirect_uri", "scopes", "challenge", "challenge_method"),
    *("app_epoch", "account_epoch", "created_at", "expires_at", "device"),
)
_KEEP_CODE = statement(insert(codes).values({name: bindparam(name) for name in _CODE_COLUMNS}))
_KEEP_ACCESS = statement(insert(access_tokens).values({name: bindparam(name) for name in (*_COLUMNS, "watched_until")}))
_KEEP_REFRESH = statement(insert(refresh_tokens).values({name: bindparam(name) for name in (*_COLUMNS, "generation")}))


async def issue_code(
    tx: Tx,
    *,
    app_id: int,
    account_id: int,
    grant_id: int,
    redirect_uri: str,
    scopes: str,
    challenge: Challenge,
    app_epoch: int,
    account_epoch: int,
    device: str = "",
) -> str:
    """Make an authorization code and return its text. It lives thirty seconds (X facts 2.3)."""
    text = text_of(mint(), tx.now, CODE)
    await tx.run(
        _KEEP_CODE,
        digest=digest(text),
        app_id=app_id,
        account_id=account_id,
        grant_id=grant_id,
        redirect_uri=redirect_uri,
        scopes=scopes,
        challenge=challenge.digest,
        challenge_method=challenge.method,
        app_epoch=app_epoch,
        account_epoch=account_epoch,
        created_at=tx.now,
        expires_at=tx.now + CODE_LIFETIME,
        device=device,
    )
    return text


async def issue_first(tx: Tx, holder: Holder, scopes: str, *, until: int | None = None) -> Issued:
    """The tokens with which a family begins: an access token, and a refresh token where staying connected was allowed.

    `until` is when the person wants the grant to end.
    """
    access = text_of(mint(), tx.now, ACCESS)
    refresh = text_of(mint(), tx.now, REFRESH) if OFFLINE in scopes.split() else None
    expires_at = await keep_access(tx, access, holder, scopes, until=until)
    if refresh is not None:
        await keep_refresh(tx, refresh, holder, scopes, generation=1)
    return Issued(access, refresh, scopes, expires_at)


async def keep_access(
    tx: Tx, text: str, holder: Holder, scopes: str, *, watched_until: int | None = None, until: int | None = None
) -> int:
    """Keep a new access token; when it expires, which is not after the grant's end, `until`. `watched_until`: its first use before then
    is noted (decision 0018).
    """
    expires_at = tx.now + ACCESS_LIFETIME if until is None else min(until, tx.now + ACCESS_LIFETIME)
    await tx.run(
        _KEEP_ACCESS,
        digest=digest(text),
        scopes=scopes,
        created_at=tx.now,
        expires_at=expires_at,
        watched_until=watched_until,
        **msgspec.structs.asdict(holder),
    )
    return expires_at


async def keep_refresh(tx: Tx, text: str, holder: Holder, scopes: str, *, generation: int) -> None:
    """Keep a new refresh token. `generation` counts the rotations of its family."""
    await tx.run(
        _KEEP_REFRESH,
        digest=digest(text),
        scopes=scopes,
        generation=generation,
        created_at=tx.now,
        expires_at=tx.now + REFRESH_LIFETIME,
        **msgspec.structs.asdict(holder),
    )
