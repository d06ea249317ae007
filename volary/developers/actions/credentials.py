"""An App's own credentials: made, renewed with an overlap, revoked (C180 to C186).

What is kept is a digest, or for the secret of an API key, which OAuth 1.0a signs with, a sealed text; so nothing here can be shown again.
The old credential may live on for a while: the new one is put to use meanwhile. What people granted stays untouched.
"""

from sqlalchemy import bindparam, delete, insert, or_, update

from volary.db import Reader, Tx, statement
from volary.developers.actions.noting import note_app
from volary.developers.actions.values import KeyPair
from volary.developers.errors import AppSuspended
from volary.developers.models import ACTIVE, API_KEY, BEARER, CLIENT_SECRET, AppRow, apps, credentials
from volary.developers.queries.apps import app_by_bearer, app_by_id
from volary.developers.queries.credentials import held_credentials
from volary.developers.queries.members import app_of_member
from volary.developers.rules.credentials import (
    SECRET_PURPOSE,
    bearer_token,
    hint_of,
    new_api_key,
    new_client_secret,
)
from volary.developers.rules.roles import Act
from volary.kit.errors import Invalid, NotFound
from volary.kit.secrets import digest
from volary.language import mark as _

_INSERT = statement(
    insert(credentials).values(
        {name: bindparam(name) for name in ("digest", "app_id", "kind", "secret", "hint", "created_at")}
    )
)
_OF_KIND = (credentials.c.app_id == bindparam("app_id"), credentials.c.kind == bindparam("kind"))
_DELETE = statement(delete(credentials).where(*_OF_KIND))
_DELETE_ONE = statement(
    delete(credentials).where(
        *_OF_KIND,
        credentials.c.digest == bindparam("digest"),
        or_(credentials.c.expires_at.is_(None), credentials.c.expires_at > bindparam("now")),
    )
)
_OUTLIVE = statement(
    update(credentials)
    .values(expires_at=bindparam("until"))
    .where(*_OF_KIND, or_(credentials.c.expires_at.is_(None), credentials.c.expires_at > bindparam("until")))
)
_SWEEP = statement(delete(credentials).where(*_OF_KIND, credentials.c.expires_at <= bindparam("now")))
_NEXT_BEARER = statement(
    update(apps)
    .values(bearer_generation=apps.c.bearer_generation + 1)
    .where(apps.c.id == bindparam("app_id"))
    .returning(apps.c.bearer_generation),
    int,
)


async def rotate_api_key(tx: Tx, member_id: int, app_id: int, *, overlap: int = 0) -> KeyPair:
    """Give the App a new API key and secret; the old ones live on for `overlap` milliseconds.

    Raises AppUnknown, NotForThisRole, AppSuspended.
    """
    app = await _active_app(tx, member_id, app_id)
    await _retire(tx, app_id, API_KEY, overlap)
    pair = await issue_api_key(tx, app_id)
    await note_app(tx, app, member_id, "credential.renewed", detail={"kind": API_KEY})
    return pair


async def rotate_client_secret(tx: Tx, member_id: int, app_id: int, *, overlap: int = 0) -> str:
    """Give the App a new client secret. Raises AppUnknown, NotForThisRole, AppSuspended, and Invalid for a public client (C197)."""
    app = await _active_app(tx, member_id, app_id)
    if not (app.oauth2_enabled and app.confidential):
        raise Invalid(_("This type of App is a public client and has no client secret."))
    await _retire(tx, app_id, CLIENT_SECRET, overlap)
    secret = await issue_client_secret(tx, app_id)
    await note_app(tx, app, member_id, "credential.renewed", detail={"kind": CLIENT_SECRET})
    return secret


async def rotate_bearer(tx: Tx, member_id: int, app_id: int, *, overlap: int = 0) -> str:
    """Give the App a new App Access Token. Raises AppUnknown, NotForThisRole, AppSuspended."""
    app = await _active_app(tx, member_id, app_id)
    await _retire(tx, app_id, BEARER, overlap)
    token = await issue_bearer(tx, app_id)
    await note_app(tx, app, member_id, "credential.renewed", detail={"kind": BEARER})
    return token


async def revoke_api_keys(tx: Tx, member_id: int, app_id: int) -> None:
    """End every API key of the App. Raises AppUnknown, NotForThisRole."""
    await _revoke(tx, member_id, app_id, API_KEY)


async def revoke_client_secrets(tx: Tx, member_id: int, app_id: int) -> None:
    """End every client secret of the App. Raises AppUnknown, NotForThisRole."""
    await _revoke(tx, member_id, app_id, CLIENT_SECRET)


async def revoke_bearer(tx: Tx, member_id: int, app_id: int) -> None:
    """End the App Access Token; the next one that is asked for is another one. Raises AppUnknown, NotForThisRole."""
    await _revoke(tx, member_id, app_id, BEARER)


async def revoke_one(tx: Tx, member_id: int, app_id: int, kind: str, reference: str) -> None:
    """End one of several credentials of a kind, such as the old one while two overlap (C184).

    `reference` is what `held_credentials` calls it. Raises AppUnknown, NotForThisRole, and NotFound when it has ended already.
    """
    app = await app_of_member(tx, member_id, app_id, Act.REVOKE_CREDENTIALS)
    held = await held_credentials(tx, app_id)
    digests = [row.digest for row in held if row.kind == kind and row.reference == reference]
    if not digests or not await tx.run(_DELETE_ONE, digest=digests[0], app_id=app_id, kind=kind, now=tx.now):
        raise NotFound(_("It has ended already."))
    await note_app(tx, app, member_id, "credential.revoked", detail={"kind": kind})


async def bearer_of_app(tx: Tx, app_id: int) -> str | None:
    """The App's one live app-only token: the same at every call until it is renewed or revoked (X facts 3). None for no such App.

    For the token endpoint, which has authenticated the App by its API key; a suspended App is the caller's to refuse.
    """
    app = await app_by_id(tx, app_id)
    if app is None:
        return None
    for key in tx.keys.each if app.bearer_generation else ():  # an older key may have made it
        token = bearer_token(key, app_id, app.bearer_generation)
        if await app_by_bearer(tx, digest(token)) is not None:
            return token
    await tx.run(_SWEEP, app_id=app_id, kind=BEARER, now=tx.now)
    await note_app(tx, app, app.id, "credential.obtained", detail={"kind": BEARER})
    return await issue_bearer(tx, app_id)


async def invalidate_bearer(tx: Tx, app_id: int, presented: str, *, actor_id: int) -> bool:
    """End this one app-only token of an App, at its own wish (X facts 3; `actor_id` is the App's number) or somebody else's.

    False when it is not one of its live ones.
    """
    ended = await tx.run(_DELETE_ONE, digest=digest(presented), app_id=app_id, kind=BEARER, now=tx.now)
    app = await app_by_id(tx, app_id) if ended else None
    if app is not None:
        await note_app(tx, app, actor_id, "credential.revoked", detail={"kind": BEARER})
    return bool(ended)


async def issue_api_key(tx: Tx, app_id: int) -> KeyPair:
    """Make an API key and its secret for an App, beside those that it has."""
    key, secret = new_api_key()
    await _insert(tx, app_id, API_KEY, key, tx.keys.seal(SECRET_PURPOSE, secret))
    return KeyPair(key, secret)


async def issue_client_secret(tx: Tx, app_id: int) -> str:
    """Make a client secret for an App, beside those that it has."""
    secret = new_client_secret()
    await _insert(tx, app_id, CLIENT_SECRET, secret, None)
    return secret


async def issue_bearer(tx: Tx, app_id: int) -> str:
    """Make the app-only token of the App's next generation."""
    generation = await tx.one(_NEXT_BEARER, app_id=app_id)
    token = bearer_token(tx.keys, app_id, generation or 0)
    await _insert(tx, app_id, BEARER, token, None)
    return token


async def end_credentials(tx: Tx, app_id: int, kind: str) -> None:
    """End every credential of a kind."""
    await tx.run(_DELETE, app_id=app_id, kind=kind)


async def _active_app(reader: Reader, member_id: int, app_id: int) -> AppRow:
    app = await app_of_member(reader, member_id, app_id, Act.RENEW_CREDENTIALS)
    if app.state != ACTIVE:
        raise AppSuspended
    return app


async def _insert(tx: Tx, app_id: int, kind: str, presented: str, secret: bytes | None) -> None:
    await tx.run(
        _INSERT,
        digest=digest(presented),
        app_id=app_id,
        kind=kind,
        secret=secret,
        hint=hint_of(presented),
        created_at=tx.now,
    )


async def _retire(tx: Tx, app_id: int, kind: str, overlap: int) -> None:
    """End what is there, now or after the overlap; an earlier end that was set before stays."""
    await tx.run(_SWEEP, app_id=app_id, kind=kind, now=tx.now)
    if overlap > 0:
        await tx.run(_OUTLIVE, app_id=app_id, kind=kind, until=tx.now + overlap)
    else:
        await end_credentials(tx, app_id, kind)


async def _revoke(tx: Tx, member_id: int, app_id: int, kind: str) -> None:
    app = await app_of_member(tx, member_id, app_id, Act.REVOKE_CREDENTIALS)
    await end_credentials(tx, app_id, kind)
    await note_app(tx, app, member_id, "credential.revoked", detail={"kind": kind})
