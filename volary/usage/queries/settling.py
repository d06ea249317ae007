"""Finding out about a refused caller what its door had no reason to look up: which App a key or token is of, and when and why it ended.

It is asked when the refusal is written down, never while the caller waits: how long an answer takes tells nobody what is known (SR-120).
"""

import msgspec
from sqlalchemy import Table, bindparam, select

from volary.accounts.models import ACTIVE as ACCOUNT_ACTIVE
from volary.accounts.models import accounts
from volary.db import Reader, Statement, statement
from volary.developers.models import API_KEY, BEARER, SUSPENDED, apps, credentials
from volary.kit.errors import Clue
from volary.oauth.models import access_tokens, families, grants, oauth1_tokens

_REPLAYED = {"code replayed", "refresh token replayed"}


class _Token(msgspec.Struct, frozen=True):
    app_id: int
    app_state: str
    account_state: str
    family_ended_at: int | None
    family_why: str
    grant_ended_at: int | None
    grant_expires_at: int | None
    expires_at: int | None
    app_epoch: int
    app_epoch_now: int


class _Credential(msgspec.Struct, frozen=True):
    app_id: int
    app_state: str
    expires_at: int | None


def _token(table: Table) -> Statement[_Token]:
    expires = table.c.expires_at if "expires_at" in table.c else grants.c.ended_at.label("expires_at")
    return statement(
        select(
            grants.c.app_id,
            apps.c.state.label("app_state"),
            accounts.c.state.label("account_state"),
            families.c.ended_at.label("family_ended_at"),
            families.c.ended_why.label("family_why"),
            grants.c.ended_at.label("grant_ended_at"),
            grants.c.expires_at.label("grant_expires_at"),
            expires,
            table.c.app_epoch,
            apps.c.epoch.label("app_epoch_now"),
        ).where(
            table.c.digest == bindparam("digest"),
            families.c.id == table.c.family_id,
            grants.c.id == families.c.grant_id,
            apps.c.id == grants.c.app_id,
            accounts.c.id == grants.c.account_id,
        ),
        _Token,
    )


def _credential(kind: str) -> Statement[_Credential]:
    return statement(
        select(credentials.c.app_id, apps.c.state.label("app_state"), credentials.c.expires_at).where(
            credentials.c.digest == bindparam("digest"),
            credentials.c.kind == kind,
            apps.c.id == credentials.c.app_id,
        ),
        _Credential,
    )


_TOKENS = {"token": _token(access_tokens), "token_signed": _token(oauth1_tokens)}
_APP_TOKEN = _credential(BEARER)
_KEY = _credential(API_KEY)


async def settle(reader: Reader, clue: Clue) -> None:
    """Fill in the App and the reason, as far as they can be known."""
    if clue.key and not clue.app_id:
        await _settle_key(reader, clue)
    if clue.token and clue.reason in _TOKENS:
        await _settle_token(reader, clue)
    elif clue.token and clue.reason == "app_token":
        await _settle_app_token(reader, clue)


async def _settle_key(reader: Reader, clue: Clue) -> None:
    found = await reader.one(_KEY, digest=clue.key)
    if found is None:
        return
    clue.app_id = found.app_id
    if clue.reason == "key" and found.expires_at is not None:
        clue.reason, clue.facts = "key_ended", {"at": found.expires_at}


async def _settle_app_token(reader: Reader, clue: Clue) -> None:
    found = await reader.one(_APP_TOKEN, digest=clue.token)
    if found is None:
        return
    clue.app_id = found.app_id
    if found.app_state == SUSPENDED:
        clue.reason = "app_suspended"
    elif found.expires_at is not None:
        clue.reason, clue.facts = "app_token_ended", {"at": found.expires_at}


async def _settle_token(reader: Reader, clue: Clue) -> None:
    found = await reader.one(_TOKENS[clue.reason], digest=clue.token)
    if found is None:
        return
    if clue.app_id and clue.app_id != found.app_id:
        clue.reason = "token_other"
        return
    clue.app_id = found.app_id
    clue.reason, clue.facts = _end_of(found, reader.now)


def _end_of(token: _Token, now: int) -> tuple[str, dict[str, str | int]]:
    """Why a token that was given is none any more: what ended first and for the most is told first."""
    if token.app_state == SUSPENDED:
        return "app_suspended", {}
    if token.account_state != ACCOUNT_ACTIVE:
        return "account_inactive", {}
    if token.family_ended_at is not None and token.family_why in _REPLAYED:
        return "token_replayed", {"at": token.family_ended_at}
    if token.grant_expires_at is not None and token.grant_expires_at <= (token.grant_ended_at or now):
        return "access_over", {"at": token.grant_expires_at}
    if token.grant_ended_at is not None:
        return "token_revoked", {"at": token.grant_ended_at}
    if token.family_ended_at is not None:
        return "token_ended", {"at": token.family_ended_at}
    if token.expires_at is not None and token.expires_at <= now:
        return "token_expired", {"at": token.expires_at}
    return "token_epoch", {}
