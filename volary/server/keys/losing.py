"""A key is gone for good: what can no longer be opened, whom that concerns, and putting the installation under a new key.

What is kept as a digest works on: passwords, sessions, everything of OAuth 2.0, app-only tokens. What was sealed is lost: API key
secrets, and with them every signature of OAuth 1.0a, and its tokens' secrets.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from sqlalchemy import bindparam, delete, select

from volary.accounts.models import accounts
from volary.activity.actions import record
from volary.db import Database, Reader, Tx, statement
from volary.db.rotation import key_facts, retire, switch
from volary.db.sealed import Place
from volary.developers.actions.credentials import issue_api_key
from volary.developers.models import ACTIVE, DELETED, apps, credentials
from volary.developers.queries import app_by_id
from volary.factors.models import authenticators
from volary.kit.errors import Conflict
from volary.kit.secrets import Keyring
from volary.kit.whence import COMMAND_LINE
from volary.mail.actions import says_nothing
from volary.oauth.models import families, grants, oauth1_tokens, request_tokens
from volary.oauth.oauth1.tokens import make_own_token
from volary.oauth.revoking import end_family
from volary.server.keys.columns import (
    API_SECRETS,
    AUTHENTICATORS,
    LETTERS,
    REQUEST_SECRETS,
    SEALED,
    TOKEN_SECRETS,
    WEBHOOK_SECRETS,
)
from volary.webhooks.actions import rotate_secret
from volary.webhooks.models import webhooks as webhooks_table

_WHY = "the installation's key was lost"
_NOT_LOST = "the installation's key is here: nothing is lost; to have another one, volary key rotate"


class LostApp(msgspec.Struct, kw_only=True):
    """An App whose API keys cannot be opened, or to which people are connected by OAuth 1.0a; its new keys, once it has any."""

    app_id: str
    name: str
    owner: str
    api_keys: int = 0
    people: int = 0
    own_token: bool = False
    api_key: str | None = None
    api_key_secret: str | None = None
    access_token: str | None = None
    access_token_secret: str | None = None


class Lost(msgspec.Struct, kw_only=True):
    """Whom it concerns."""

    apps: list[LostApp]
    people: int
    """How many people have to connect an App again."""
    requests: int
    """Connections that were being made."""
    webhooks: int = 0
    """Webhooks whose secret cannot be opened: to begin anew they are given another one (volary webhook rotate)."""
    letters: int = 0
    """Letters that were not sent and cannot be written any more."""
    authenticators: int = 0
    """People whose one-time codes cannot be checked any more: their recovery codes and passkeys hold, or `volary account second-step`."""


class _Owned(msgspec.Struct, frozen=True):
    app_id: int
    name: str
    owner: str


class _Held(msgspec.Struct, frozen=True):
    app_id: int
    name: str
    owner: str
    account_id: int
    family_id: int
    own: int


_OWNED = (apps.c.id.label("app_id"), apps.c.name, accounts.c.username.label("owner"))
_KEY_OF = statement(
    select(*_OWNED).where(
        credentials.c.digest == bindparam("digest"), apps.c.id == credentials.c.app_id, accounts.c.id == apps.c.owner_id
    ),
    _Owned,
)
_TOKEN_OF = statement(
    select(*_OWNED, grants.c.account_id, families.c.id.label("family_id"), oauth1_tokens.c.own).where(
        oauth1_tokens.c.digest == bindparam("digest"),
        families.c.id == oauth1_tokens.c.family_id,
        families.c.ended_at.is_(None),
        grants.c.id == families.c.grant_id,
        grants.c.ended_at.is_(None),
        apps.c.id == grants.c.app_id,
        accounts.c.id == apps.c.owner_id,
    ),
    _Held,
)
_DROP = [
    statement(delete(table).where(table.c.digest == bindparam("digest"))) for table in (credentials, request_tokens)
]
_DROP_AUTHENTICATOR = statement(delete(authenticators).where(authenticators.c.digest == bindparam("digest")))
_DROP_TOKEN = statement(delete(oauth1_tokens).where(oauth1_tokens.c.digest == bindparam("digest")))


_WEBHOOK = statement(select(webhooks_table.c.id).where(webhooks_table.c.digest == bindparam("digest")), int)


async def lost(reader: Reader) -> Lost:
    """Whom it concerns that the keys which are here do not open everything."""
    found: dict[int, LostApp] = {}
    people: set[int] = set()
    async for digest in API_SECRETS.unreadable(reader, reader.keys):
        if (key := await reader.one(_KEY_OF, digest=digest)) is not None:
            _entry(found, key).api_keys += 1
    async for digest in TOKEN_SECRETS.unreadable(reader, reader.keys):
        if (token := await reader.one(_TOKEN_OF, digest=digest)) is None:
            continue
        entry = _entry(found, token)
        if token.own:
            entry.own_token = True
        else:
            entry.people += 1
            people.add(token.account_id)
    requests = sum([1 async for _ in REQUEST_SECRETS.unreadable(reader, reader.keys)])
    webhooks = sum([1 async for _ in WEBHOOK_SECRETS.unreadable(reader, reader.keys)])
    letters = sum([1 async for _ in LETTERS.unreadable(reader, reader.keys)])
    return Lost(
        apps=list(found.values()),
        people=len(people),
        requests=requests,
        webhooks=webhooks,
        letters=letters,
        authenticators=sum([1 async for _ in AUTHENTICATORS.unreadable(reader, reader.keys)]),
    )


async def refuse_if_found(db: Database, beside: Mapping[Path, Keyring]) -> None:
    """See that nothing `beside` the database is the lost key. Raises Conflict, which names the file or says that none is lost."""
    current = (await key_facts(db)).current
    if current in db.keys.key_ids:
        raise Conflict(_NOT_LOST)
    closed = await _closed(db, db.keys)
    for path, ring in beside.items():
        if set(ring.key_ids) <= set(db.keys.key_ids):
            continue
        count = len(closed - await _closed(db, ring))
        if count or current in ring.key_ids:
            raise Conflict(
                "the key is not lost: %(file)s holds one that opens %(count)s rows; put it into the key file, or into VOLARY_KEY",
                file=str(path),
                count=count,
            )


async def _closed(reader: Reader, keys: Keyring) -> set[tuple[str, Place]]:
    """The rows that none of the keys opens."""
    return {(column.name, place) for column in SEALED async for place in column.unreadable(reader, keys)}


async def begin_anew(db: Database) -> Lost:
    """Put the installation under the key that is here: what cannot be opened goes, and Apps get new API keys, given this once.

    One action, so that nothing is half done. Raises Conflict where the installation's key is here after all.
    """
    if (await key_facts(db)).current in db.keys.key_ids:
        raise Conflict(_NOT_LOST)
    return await db.write(_begin_anew)


async def _begin_anew(tx: Tx) -> Lost:
    report = await lost(tx)
    old = (await key_facts(tx)).current
    drop_key, drop_request = _DROP
    for digest in [one async for one in API_SECRETS.unreadable(tx, tx.keys)]:
        await tx.run(drop_key, digest=digest)
    for digest in [one async for one in TOKEN_SECRETS.unreadable(tx, tx.keys)]:
        token = await tx.one(_TOKEN_OF, digest=digest)
        if token is not None:
            await end_family(tx, token.family_id, _WHY, actor_id=COMMAND_LINE)
        await tx.run(_DROP_TOKEN, digest=digest)
    for digest in [one async for one in REQUEST_SECRETS.unreadable(tx, tx.keys)]:
        await tx.run(drop_request, digest=digest)
    for digest in [one async for one in WEBHOOK_SECRETS.unreadable(tx, tx.keys)]:
        if (webhook_id := await tx.one(_WEBHOOK, digest=digest)) is not None:
            await rotate_secret(tx, webhook_id)
    for digest in [one async for one in AUTHENTICATORS.unreadable(tx, tx.keys)]:
        await tx.run(_DROP_AUTHENTICATOR, digest=digest)
    for place in [one async for one in LETTERS.unreadable(tx, tx.keys)]:
        if isinstance(place, int):
            await says_nothing(tx, place)
    await switch(tx, tx.keys.key_id)
    await retire(tx, old)
    lost_key: dict[str, str | int] = {
        "from": old,
        "to": tx.keys.key_id,
        "apps": len(report.apps),
        "people": report.people,
    }
    await record(tx, "key.lost", account_id=None, actor_id=COMMAND_LINE, detail=lost_key)
    for entry in report.apps:
        await _renew(tx, entry)
    return report


async def _renew(tx: Tx, entry: LostApp) -> None:
    app = await app_by_id(tx, int(entry.app_id))
    if app is None or app.state == DELETED:
        return
    if entry.api_keys:
        pair = await issue_api_key(tx, app.id)
        entry.api_key, entry.api_key_secret = pair.key, pair.secret
    if entry.own_token and app.state == ACTIVE:
        own = await make_own_token(tx, app)
        entry.access_token, entry.access_token_secret = own.token, own.secret


def _entry(found: dict[int, LostApp], row: _Owned | _Held) -> LostApp:
    return found.setdefault(row.app_id, LostApp(app_id=str(row.app_id), name=row.name, owner=row.owner))
