"""Reading sessions. A session is live while it is not ended, was seen lately, and its epoch and its account's state still hold."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, bindparam, func, select

from volary.accounts.models import ACTIVE, AccountRow, accounts
from volary.db import Reader, in_list, statement
from volary.kit.clock import DAY
from volary.kit.secrets import digest
from volary.sessions.models import FailuresRow, SessionRow, SignedInRow, sessions, sign_in_failures
from volary.sessions.rules.arrivals import Arrival
from volary.sessions.rules.browsers import IDLE, LONGEST, held_tokens
from volary.sessions.rules.guesses import Count, network_of

KNOWN_FOR = 90 * DAY
"""How long a place counts as one where an account was signed in."""

_PLACES = 50

_SESSION_COLUMNS = tuple(sessions.c[name] for name in SessionRow.__struct_fields__)
_WITH_ACCOUNT = sessions.join(accounts, accounts.c.id == sessions.c.account_id)


def _live() -> ColumnElement[Any]:
    return and_(
        sessions.c.ended_at.is_(None),
        sessions.c.epoch == accounts.c.epoch,
        accounts.c.state == ACTIVE,
        sessions.c.last_seen_at > bindparam("seen_after"),
        sessions.c.created_at > bindparam("made_after"),
    )


_BY_DIGEST = statement(
    select(
        sessions.c.id.label("session_id"),
        sessions.c.account_id,
        accounts.c.username,
        accounts.c.name,
        accounts.c.language,
        accounts.c.time_zone,
        accounts.c.operator,
        sessions.c.last_seen_at,
        sessions.c.digest,
    )
    .select_from(_WITH_ACCOUNT)
    .where(sessions.c.digest == bindparam("digest"), _live()),
    SignedInRow,
)
_OF_ACCOUNT = statement(
    select(*_SESSION_COLUMNS)
    .select_from(_WITH_ACCOUNT)
    .where(sessions.c.account_id == bindparam("account_id"), _live())
    .order_by(sessions.c.created_at.desc(), sessions.c.id.desc()),
    SessionRow,
)
_PROVED_AT = statement(
    select(func.coalesce(sessions.c.proved_at, sessions.c.created_at)).where(
        sessions.c.account_id == bindparam("account_id"), sessions.c.id == bindparam("session_id")
    ),
    int,
)
_PLACES_OF = statement(
    select(sessions.c.address)
    .where(sessions.c.account_id == bindparam("account_id"), sessions.c.last_seen_at > bindparam("after"))
    .distinct()
    .limit(_PLACES),
    str,
)
_BROWSER_OF = statement(
    select(sessions.c.id).where(
        sessions.c.account_id == bindparam("account_id"), sessions.c.digest == bindparam("digest")
    ),
    int,
)
_FAILURES = statement(
    select(sign_in_failures.c.subject, sign_in_failures.c.window_start, sign_in_failures.c.count).where(
        in_list(sign_in_failures.c.subject, "subjects")
    ),
    FailuresRow,
)


async def live_session(reader: Reader, token_digest: bytes) -> SignedInRow | None:
    """The live session of a token, with its account."""
    return await reader.one(_BY_DIGEST, digest=token_digest, **_limits(reader))


async def live_sessions(reader: Reader, digests: Sequence[bytes]) -> list[SignedInRow]:
    """The live sessions of a browser's tokens, in the tokens' order."""
    found = [await live_session(reader, token_digest) for token_digest in digests]
    return [row for row in found if row is not None]


class Held(msgspec.Struct, frozen=True):
    """A token that a browser holds, and the live session that it stands for."""

    token: str
    session: SignedInRow


async def held_sessions(reader: Reader, cookies: Mapping[str, str]) -> list[Held]:
    """The tokens of a browser whose sessions are live, the current account's first."""
    found = [(token, await live_session(reader, digest(token))) for token in held_tokens(cookies)]
    return [Held(token, session) for token, session in found if session is not None]


async def sessions_of(reader: Reader, account_id: int) -> list[SessionRow]:
    """Every live session of an account, the newest sign-in first (C003)."""
    return await reader.all(_OF_ACCOUNT, account_id=account_id, **_limits(reader))


async def password_entered_at(reader: Reader, account_id: int, session_id: int) -> int:
    """When the password was last entered in a session of an account; 0 for a session that is none."""
    return await reader.one(_PROVED_AT, account_id=account_id, session_id=session_id) or 0


async def was_here(reader: Reader, account_id: int, address: str, digests: Sequence[bytes]) -> bool:
    """Whether the account was signed in from this network lately, or in this browser (whose session may have ended since)."""
    for token_digest in digests:
        if await reader.one(_BROWSER_OF, account_id=account_id, digest=token_digest) is not None:
            return True
    places = await reader.all(_PLACES_OF, account_id=account_id, after=reader.now - KNOWN_FOR)
    return network_of(address) in {network_of(place) for place in places}


class _TraitsRow(msgspec.Struct, frozen=True):
    address: str
    device: str
    browser: str


_DEVICES_OF = statement(
    select(sessions.c.address, sessions.c.device, sessions.c.browser)
    .where(sessions.c.account_id == bindparam("account_id"), sessions.c.last_seen_at > bindparam("after"))
    .distinct()
    .limit(_PLACES),
    _TraitsRow,
)


async def is_known_device(reader: Reader, account: AccountRow, arrival: Arrival) -> bool:
    """Whether an account was signed in in this browser before, or lately with such a device from this network. So is the first device of
    an account that was just made.

    Browsers are compared without their versions, which change every month.
    """
    for token_digest in arrival.held:
        if await reader.one(_BROWSER_OF, account_id=account.id, digest=token_digest) is not None:
            return True
    seen = await reader.all(_DEVICES_OF, account_id=account.id, after=reader.now - KNOWN_FOR)
    here = (network_of(arrival.address), arrival.traits.device, _unversioned(arrival.traits.browser))
    if not seen:
        return reader.now - account.created_at < DAY
    return here in {(network_of(row.address), row.device, _unversioned(row.browser)) for row in seen}


def _unversioned(browser: str) -> str:
    return browser.rstrip("0123456789 ")


async def failures(reader: Reader, subjects: Sequence[str]) -> dict[str, Count]:
    """How often these subjects failed."""
    rows = await reader.all(_FAILURES, subjects=list(subjects))
    return {row.subject: Count(row.window_start, row.count) for row in rows}


def _limits(reader: Reader) -> dict[str, int]:
    return {"seen_after": reader.now - IDLE, "made_after": reader.now - LONGEST}
