"""Grants: which app may act for which account. A person's consent makes or widens one, and the person narrows it
again; families of tokens begin under it.

Ending them is in `revoking`, what *Apps and sessions* shows of them in `connected`, when they were last used in `uses`.
"""

from collections.abc import Iterable

import msgspec
from sqlalchemy import ColumnElement, FromClause, and_, bindparam, exists, insert, or_, select, update

from volary.access.levels import Level
from volary.access.scopes import OFFLINE, in_order
from volary.activity.actions import record as record_event
from volary.db import Reader, Tx, statement
from volary.developers.models import apps
from volary.kit.whence import SYSTEM
from volary.oauth.errors import EndPassed, NothingLeft
from volary.oauth.models import OAUTH1, OAUTH2, GrantRow, families, grants, oauth1_tokens
from volary.oauth.revoking import end_expired
from volary.oauth.tokens import not_over

_LIVE = grants.c.ended_at.is_(None)
_LIVE_GRANT = statement(
    select(*(grants.c[name] for name in GrantRow.__struct_fields__)).where(
        grants.c.account_id == bindparam("account_id"), grants.c.app_id == bindparam("app_id"), _LIVE, not_over()
    ),
    GrantRow,
)
_MAKE = statement(
    insert(grants).values(
        {
            name: bindparam(name)
            for name in ("id", "account_id", "app_id", "level", "email", "scopes", "created_at", "expires_at")
        }
    )
)
_CHANGE = statement(
    update(grants)
    .where(grants.c.id == bindparam("grant_id"), _LIVE)
    .values({name: bindparam(name) for name in ("level", "email", "scopes", "expires_at")})
)


async def live_grant(reader: Reader, account_id: int, app_id: int) -> GrantRow | None:
    """What an account allows an app at present, or None."""
    return await reader.one(_LIVE_GRANT, account_id=account_id, app_id=app_id, now=reader.now)


async def record(
    tx: Tx,
    account_id: int,
    app_id: int,
    *,
    level: Level | None = None,
    email: bool = False,
    scopes: Iterable[str] = (),
    lasting: int | None = None,
    address: str = "",
) -> int:
    """Note a person's consent; the id of the live grant, which was made or widened for it.

    What an earlier consent allowed stays allowed, with one exception: an OAuth 2.0 consent that does not ask to stay connected ends
    staying connected, so that old refresh tokens stop working (SR-225). Tokens carry their own, narrower permissions.

    `lasting` is for how long the person allows it: so many milliseconds, 0 until they revoke it, None where nobody was asked, which
    leaves an end that they set before. The last answer holds for the whole grant (decision 0055).
    """
    await end_expired(tx, account_id, app_id)
    before = await live_grant(tx, account_id, app_id)
    asked = frozenset(scopes)
    if before is None:
        after = GrantRow(
            id=tx.new_id(),
            account_id=account_id,
            app_id=app_id,
            level=level.wire if level else None,
            email=int(email),
            scopes=_text(asked),
            created_at=tx.now,
            last_used_at=None,
            last_used_address="",
            expires_at=_end(tx, lasting, None),
        )
        await _make(tx, after)
        await _tell(tx, "grant.created", after, address)
        return after.id
    kept = frozenset(before.scopes.split())
    after = msgspec.structs.replace(
        before,
        level=_wider(before.level, level),
        email=int(before.email or email),
        scopes=_text((kept - {OFFLINE} if asked else kept) | asked),
        expires_at=_end(tx, lasting, before.expires_at),
    )
    if after != before:
        await _change(tx, after, address)
    return after.id


async def narrow(
    tx: Tx,
    account_id: int,
    app_id: int,
    *,
    level: Level | None,
    email: bool,
    scopes: Iterable[str],
    expires_at: int | None,
    address: str = "",
) -> bool:
    """Take back some of what an app may do, and set or clear when its access ends: from the next call on, for tokens of every kind.

    Nothing is given that the grant does not hold, so a form that is out of date widens nothing. False when there is no such live grant.
    Raises NothingLeft when no permission would remain, and EndPassed.
    """
    before = await live_grant(tx, account_id, app_id)
    if before is None:
        return False
    if expires_at is not None and expires_at <= tx.now:
        raise EndPassed
    kept = Level.from_wire(before.level) if before.level else None
    after = msgspec.structs.replace(
        before,
        level=min(kept, level or kept).wire if kept else None,
        email=int(before.email and email),
        scopes=_text(frozenset(before.scopes.split()) & frozenset(scopes)),
        expires_at=expires_at,
    )
    if after.level is None and not frozenset(after.scopes.split()) - {OFFLINE}:
        raise NothingLeft
    if after != before:
        await _change(tx, after, address)
    return True


_START = statement(
    insert(families).values({name: bindparam(name) for name in ("id", "grant_id", "protocol", "name", "created_at")})
)
MOST_FAMILIES = 100
"""Devices of one person on which an App is connected. The next one ends the oldest, so that no App piles up tokens without end."""


def _live_of_grant(table: FromClause) -> tuple[ColumnElement[bool], ...]:
    return (
        table.c.grant_id == bindparam("grant_id"),
        table.c.protocol == bindparam("protocol"),
        table.c.ended_at.is_(None),
    )


_newest = families.alias("newest")
_OWNERS = exists().where(oauth1_tokens.c.family_id == families.c.id, oauth1_tokens.c.own == 1)
_LAST_THAT_FITS = (
    select(_newest.c.id)
    .where(*_live_of_grant(_newest))
    .order_by(_newest.c.id.desc())
    .limit(1)
    .offset(MOST_FAMILIES - 1)
    .scalar_subquery()
)
_TOO_OLD = families.c.id <= _LAST_THAT_FITS
_ONE_FAMILY = exists().where(grants.c.id == families.c.grant_id, apps.c.id == grants.c.app_id, apps.c.one_family == 1)
_END_OTHERS = {
    protocol: statement(
        update(families)
        .where(*_live_of_grant(families), which)
        .values(ended_at=bindparam("now"), ended_why=bindparam("why"))
        .returning(families.c.id),
        int,
    )
    for protocol, which in {OAUTH1: and_(_TOO_OLD, ~_OWNERS), OAUTH2: or_(_ONE_FAMILY, _TOO_OLD)}.items()
}


_WHOSE = statement(
    select(*(grants.c[name] for name in GrantRow.__struct_fields__)).where(grants.c.id == bindparam("grant_id")),
    GrantRow,
)
_AGAIN = "signed in again"


async def start_family(tx: Tx, grant_id: int, protocol: str, name: str = "") -> int:
    """Begin a device's chain of tokens under a live grant; its id.

    Where the App keeps X's rule of one live family for each person, the OAuth 2.0 families before this one end (X facts 2.3); without
    it, the oldest of a protocol ends where there would be more than a hundred, but for the token that the App's owner made in the portal.
    """
    for ended in await tx.all(_END_OTHERS[protocol], grant_id=grant_id, protocol=protocol, now=tx.now, why=_AGAIN):
        whose = await tx.one(_WHOSE, grant_id=grant_id)
        if whose is not None:
            await _tell_ended(tx, whose, ended)
    family_id = tx.new_id()
    await tx.run(_START, id=family_id, grant_id=grant_id, protocol=protocol, name=name, created_at=tx.now)
    return family_id


async def _change(tx: Tx, after: GrantRow, address: str) -> None:
    await tx.run(
        _CHANGE,
        grant_id=after.id,
        level=after.level,
        email=after.email,
        scopes=after.scopes,
        expires_at=after.expires_at,
    )
    await _tell(tx, "grant.changed", after, address)


def _end(tx: Tx, lasting: int | None, before: int | None) -> int | None:
    if lasting is None:
        return before
    return tx.now + lasting if lasting else None


async def _make(tx: Tx, grant: GrantRow) -> None:
    await tx.run(
        _MAKE,
        id=grant.id,
        account_id=grant.account_id,
        app_id=grant.app_id,
        level=grant.level,
        email=grant.email,
        scopes=grant.scopes,
        created_at=grant.created_at,
        expires_at=grant.expires_at,
    )


async def _tell(tx: Tx, kind: str, grant: GrantRow, address: str) -> None:
    await record_event(
        tx,
        kind,
        account_id=grant.account_id,
        app_id=grant.app_id,
        grant_id=grant.id,
        address=address,
        detail={
            "level": grant.level or "",
            "email": grant.email,
            "scopes": grant.scopes,
            "until": grant.expires_at or 0,
        },
    )


async def _tell_ended(tx: Tx, grant: GrantRow, family_id: int) -> None:
    await record_event(
        tx,
        "family.ended",
        account_id=grant.account_id,
        actor_id=SYSTEM,
        app_id=grant.app_id,
        grant_id=grant.id,
        subject_id=family_id,
        detail={"why": _AGAIN},
    )


def _wider(before: str | None, asked: Level | None) -> str | None:
    if before is None or asked is None:
        return asked.wire if asked else before
    return max(Level.from_wire(before), asked).wire


def _text(scopes: frozenset[str]) -> str:
    return " ".join(scope.name for scope in in_order(scopes))
