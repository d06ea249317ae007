"""Apps as the protocols find them. A deleted App is never found; a suspended one is, so that its caller can be told so."""

from collections.abc import Collection

from sqlalchemy import bindparam, or_, select

from volary.db import Reader, in_list, statement
from volary.developers.models import API_KEY, BEARER, DELETED, AppRow, KeyedAppRow, SourceRow, apps, credentials
from volary.developers.rules.texts import name_key

APP_COLUMNS = tuple(apps.c[name] for name in AppRow.__struct_fields__)
"""The columns of an `AppRow`, in its order."""

_LIVE = apps.c.state != DELETED
_BY_ID = statement(select(*APP_COLUMNS).where(apps.c.id == bindparam("id"), _LIVE), AppRow)
_BY_NAME = statement(select(*APP_COLUMNS).where(apps.c.name_key == bindparam("name_key"), _LIVE), AppRow)
_EVERY = statement(select(*APP_COLUMNS).where(_LIVE).order_by(apps.c.id), AppRow)
_BY_CLIENT_ID = statement(
    select(*APP_COLUMNS).where(apps.c.client_id == bindparam("client_id"), _LIVE), AppRow, hot=True
)
_BY_CREDENTIAL = (
    select(*APP_COLUMNS)
    .join_from(credentials, apps, apps.c.id == credentials.c.app_id)
    .where(
        credentials.c.digest == bindparam("digest"),
        or_(credentials.c.expires_at.is_(None), credentials.c.expires_at > bindparam("now")),
        _LIVE,
    )
)
_BY_API_KEY = statement(
    _BY_CREDENTIAL.add_columns(credentials.c.secret, credentials.c.last_used_at).where(credentials.c.kind == API_KEY),
    KeyedAppRow,
)
_BY_BEARER = statement(
    _BY_CREDENTIAL.where(credentials.c.kind == BEARER),
    AppRow,
)
_FURTHER = statement(select(apps.c.further).where(apps.c.id == bindparam("app_id"), _LIVE), str)
_SOURCES = statement(select(apps.c.id, apps.c.name, apps.c.website).where(in_list(apps.c.id, "ids")), SourceRow)


async def app_by_id(reader: Reader, app_id: int) -> AppRow | None:
    """An App by its number; None once it is deleted."""
    return await reader.one(_BY_ID, id=app_id)


async def app_by_name(reader: Reader, name: str) -> AppRow | None:
    """The App that has a name, or one that reads the same."""
    return await reader.one(_BY_NAME, name_key=name_key(name))


async def every_app(reader: Reader) -> list[AppRow]:
    """All Apps of the installation, the oldest first: for its operator."""
    return await reader.all(_EVERY)


async def app_by_client_id(reader: Reader, client_id: str) -> AppRow | None:
    """The App of an OAuth 2.0 client id. Whether OAuth 2.0 is switched on for it is the caller's to check."""
    return await reader.one(_BY_CLIENT_ID, client_id=client_id)


async def app_by_api_key(reader: Reader, digest: bytes) -> KeyedAppRow | None:
    """The App of an API key (consumer key) that is live now, with the key's sealed secret.

    `digest` is `kit.secrets.digest(key)`; open the secret with `keys.unseal(SECRET_PURPOSE, row.secret)`.
    """
    return await reader.one(_BY_API_KEY, digest=digest, now=reader.now)


async def app_by_bearer(reader: Reader, digest: bytes) -> AppRow | None:
    """The App of an app-only bearer token that is live now."""
    return await reader.one(_BY_BEARER, digest=digest, now=reader.now)


async def further_of_app(reader: Reader, app_id: int) -> frozenset[str]:
    """The further permissions that the operator gave an App (C193)."""
    return frozenset((await reader.one(_FURTHER, app_id=app_id) or "").split())


async def source_of_apps(reader: Reader, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Name and website of Apps, for the source of posts (C174); of deleted ones too, since their posts stay."""
    rows = await reader.all(_SOURCES, ids=sorted(set(ids))) if ids else []
    return {row.id: (row.name, row.website) for row in rows}
