"""An App's credentials: what may be shown of them, and whether a client secret is one of them."""

import msgspec
from sqlalchemy import bindparam, or_, select

from volary.db import Reader, statement
from volary.developers.models import CLIENT_SECRET, CredentialRow, HeldCredentialRow, credentials

_LIVE = or_(credentials.c.expires_at.is_(None), credentials.c.expires_at > bindparam("now"))
_LISTED = (credentials.c.kind, credentials.c.created_at.desc(), credentials.c.digest)
_SHOWN = tuple(credentials.c[name] for name in CredentialRow.__struct_fields__)
_OF_APP = statement(
    select(*_SHOWN).where(credentials.c.app_id == bindparam("app_id"), _LIVE).order_by(*_LISTED), CredentialRow
)
_HELD = statement(
    select(*_SHOWN, credentials.c.digest).where(credentials.c.app_id == bindparam("app_id"), _LIVE).order_by(*_LISTED),
    HeldCredentialRow,
)


class _SecretRow(msgspec.Struct, frozen=True):
    app_id: int
    expires_at: int | None


_CLIENT_SECRET = statement(
    select(credentials.c.app_id, credentials.c.expires_at).where(
        credentials.c.digest == bindparam("digest"),
        credentials.c.app_id == bindparam("app_id"),
        credentials.c.kind == CLIENT_SECRET,
    ),
    _SecretRow,
    hot=True,
)


async def credentials_of_app(reader: Reader, app_id: int) -> list[CredentialRow]:
    """Every live credential, the newest of each kind first: hint, created, last used, and until when an old one lives on (C185)."""
    return await reader.all(_OF_APP, app_id=app_id, now=reader.now)


async def held_credentials(reader: Reader, app_id: int) -> list[HeldCredentialRow]:
    """The same, each with the name by which it alone can be revoked."""
    return await reader.all(_HELD, app_id=app_id, now=reader.now)


async def client_secret_matches(reader: Reader, app_id: int, digest: bytes) -> bool:
    """Whether a client secret, given by its digest, is one of this App's and live now."""
    found = await reader.one(_CLIENT_SECRET, app_id=app_id, digest=digest)
    return found is not None and (found.expires_at is None or found.expires_at > reader.now)
