"""Which App a request names, proven or not: whose browsers' scripts may read the answer (`server.cors`). Nobody is let in by it."""

import enum

import msgspec
from sqlalchemy import bindparam, select

from volary.api.answer import Answer
from volary.api.machine import RawCall
from volary.db import Reader, statement
from volary.developers.models import BEARER, credentials
from volary.developers.queries import app_by_client_id
from volary.kit.secrets import digest
from volary.oauth.models import access_tokens, families, grants
from volary.oauth.oauth1.verify import carries_signature
from volary.oauth.oauth2.app_only import is_app_only
from volary.oauth.oauth2.checks.client import is_client_id

_OF_ACCESS_TOKEN = statement(
    select(grants.c.app_id).where(
        access_tokens.c.digest == bindparam("digest"),
        families.c.id == access_tokens.c.family_id,
        grants.c.id == families.c.grant_id,
    ),
    int,
)
_OF_APP_TOKEN = statement(
    select(credentials.c.app_id).where(credentials.c.digest == bindparam("digest"), credentials.c.kind == BEARER), int
)


class By(enum.Enum):
    """How far a request says whose it is."""

    NOBODY = enum.auto()
    """It carries no credentials."""
    UNKNOWN = enum.auto()
    """It carries some, which are nobody's."""
    APP = enum.auto()
    ELSEHOW = enum.auto()
    """It carries credentials that no script in a browser has."""


class Named(msgspec.Struct, frozen=True):
    """What a request says of whose it is."""

    by: By
    app_id: int = 0


async def app_named(raw: RawCall, answer: Answer) -> Named:
    """Whose request this was: by the client that the door read, else by its bearer token, ended and expired ones included, so that
    their App learns that they are.
    """
    if answer.client_id:
        app = await app_by_client_id(raw.db, answer.client_id) if is_client_id(answer.client_id) else None
        return _found(app.id if app else None)
    headers = raw.headers_of(b"authorization")
    if not headers and not carries_signature(None, raw.query_string, raw.form):
        return Named(By.NOBODY)
    if len(headers) == 1 and headers[0][:7].lower() == b"bearer ":
        return _found(await _of_token(raw.db, headers[0][7:].strip(b" ").decode("latin-1")))
    return Named(By.ELSEHOW)


async def _of_token(reader: Reader, token: str) -> int | None:
    return await reader.one(_OF_APP_TOKEN if is_app_only(token) else _OF_ACCESS_TOKEN, digest=digest(token))


def _found(app_id: int | None) -> Named:
    return Named(By.UNKNOWN) if app_id is None else Named(By.APP, app_id)
