"""The app on its own behalf: its one bearer token, given, given back, and recognised (X facts 3, C138, C144).

The App proves itself with its API key and secret by HTTP Basic. Every refusal of these two doors is X's number 99.
"""

import msgspec
from sqlalchemy import bindparam, select

from volary.access.caller import Caller, Scheme
from volary.access.levels import Level
from volary.api.errors import Numbered
from volary.db import Database, Reader, statement
from volary.developers.models import ACTIVE, BEARER, KeyedAppRow, apps, credentials
from volary.developers.queries import app_by_api_key
from volary.developers.rules.credentials import SECRET_PURPOSE
from volary.kit.secrets import SealBroken, digest, same
from volary.oauth.oauth2.client_auth import basic_of


class NotVerified(Numbered):
    """X's one answer for everything that is wrong at the app-only doors."""

    def __init__(self, why: str) -> None:
        super().__init__(403, 99, "Unable to verify your credentials", why)


class AppOnly(msgspec.Struct, frozen=True, gc=False):
    """Everything that an app-only Caller is made of."""

    app_id: int
    enrolled: int
    expires_at: int | None


_FIND = statement(
    select(apps.c.id.label("app_id"), apps.c.project_id.is_not(None).label("enrolled"), credentials.c.expires_at).where(
        credentials.c.digest == bindparam("digest"),
        credentials.c.kind == BEARER,
        apps.c.id == credentials.c.app_id,
        apps.c.state == ACTIVE,
    ),
    AppOnly,
    hot=True,
)
_NOTHING: frozenset[str] = frozenset()


def is_app_only(token: str) -> bool:
    """Whether a bearer token has the form of an app-only one. Access tokens never begin like this: they are base64 of text."""
    return token.startswith("AAAA")


async def caller_of(db: Database, key: bytes) -> Caller | None:
    """Who is calling with the app-only token of this digest; None when it is unknown or was ended."""
    found = await db.one(_FIND, digest=key)
    if found is None or (found.expires_at is not None and found.expires_at <= db.now):
        return None
    return Caller(Scheme.APP_ONLY, found.app_id, None, "", _NOTHING, Level.READ, None, None, bool(found.enrolled))


async def app_of(reader: Reader, headers: list[bytes]) -> KeyedAppRow:
    """The active App whose API key and secret the one Authorization header holds. Raises NotVerified."""
    basic = basic_of(headers)
    if basic is None:
        raise NotVerified("no Authorization header of the Basic scheme").because("app_basic")
    app = await app_by_api_key(reader, digest(basic.user))
    try:
        secret = reader.keys.unseal(SECRET_PURPOSE, app.secret) if app else ""
    except SealBroken:
        secret = ""
    if not (same(basic.password, secret) and secret) or app is None or app.state != ACTIVE:
        reason = "key" if app is None else "app_suspended" if app.state != ACTIVE else "key_secret"
        refusal = NotVerified("unknown API key, wrong secret, or an App that is not active").because(reason)
        raise refusal.named(app.id if app else 0, key=digest(basic.user))
    return app


def spellings(presented: str) -> tuple[str, ...]:
    """The texts that a form may mean by a bearer token: its percent-escapes belong to it, but forms take them for their own."""
    return (presented, presented.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D"))
