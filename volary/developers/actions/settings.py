"""Changing an App's details and its user authentication settings."""

from sqlalchemy import bindparam, update

from volary.db import Tx, statement
from volary.developers.actions.callbacks import replace_callbacks
from volary.developers.actions.credentials import end_credentials, issue_client_secret
from volary.developers.actions.names import ensure_name_free
from volary.developers.actions.noting import note_app
from volary.developers.models import CLIENT_SECRET, AppRow, apps
from volary.developers.queries.callbacks import callback_urls
from volary.developers.queries.members import app_of_member
from volary.developers.rules import texts
from volary.developers.rules.callbacks import check_callbacks
from volary.developers.rules.roles import Act
from volary.developers.rules.settings import (
    Authentication,
    Details,
    check_authentication,
    check_email_permission,
    checked_details,
)

_TEXTS = ("name", "description", "website", "terms_url", "privacy_url", "organization", "organization_url", "use_case")
_FLAGS = (
    "oauth1_enabled",
    "email_permission",
    "sign_in_enabled",
    "oauth2_enabled",
    "pkce_plain",
    "any_port",
    "one_family",
)
_DETAILS = statement(
    update(apps)
    .values({name: bindparam(name) for name in (*_TEXTS, "name_key", "name_shape")})
    .where(apps.c.id == bindparam("app_id"))
)
_AUTHENTICATION = statement(
    update(apps)
    .values({name: bindparam(name) for name in (*_FLAGS, "oauth1_level", "oauth2_type")})
    .where(apps.c.id == bindparam("app_id"))
)


async def edit_details(tx: Tx, member_id: int, app_id: int, details: Details) -> None:
    """Change what *App details* holds, the callback URL list included.

    Raises AppUnknown, NotForThisRole, NameTaken, and Invalid and its kin.
    """
    app = await app_of_member(tx, member_id, app_id, Act.EDIT_APP)
    kept = checked_details(details)
    if app.email_permission:
        check_email_permission(kept.terms_url, kept.privacy_url)
    await ensure_name_free(tx, kept.name, but=app_id)
    changed = [name for name in _TEXTS if getattr(kept, name) != getattr(app, name)]
    if list(kept.callbacks) != await callback_urls(tx, app_id):
        changed.append("callbacks")
    await tx.run(
        _DETAILS,
        app_id=app_id,
        name_key=texts.name_key(kept.name),
        name_shape=texts.name_shape(kept.name),
        **{name: getattr(kept, name) for name in _TEXTS},
    )
    await replace_callbacks(tx, app_id, kept.callbacks)
    # The use case has a history: operators judge an App by what it said it was for (C172).
    said: dict[str, str | int] = {"use_case": kept.use_case} if "use_case" in changed else {}
    await note_app(tx, app, member_id, "app.edited", detail={"changed": " ".join(changed), **said})


async def add_callback(tx: Tx, member_id: int, app_id: int, url: str) -> None:
    """Add one URL to the list; one that is there already changes nothing.

    Raises AppUnknown, NotForThisRole, TooManyCallbacks, BadAddress.
    """
    app = await app_of_member(tx, member_id, app_id, Act.EDIT_APP)
    listed = await callback_urls(tx, app_id)
    if url in listed:
        return
    await replace_callbacks(tx, app_id, check_callbacks([*listed, url]))
    await note_app(tx, app, member_id, "app.edited", detail={"changed": "callbacks"})


async def edit_authentication(tx: Tx, member_id: int, app_id: int, wanted: Authentication) -> str | None:
    """Change the user authentication settings; gives a client secret where the App has become a confidential client (C197).

    A narrower setting bites on the next request: a token never carries more than its App is allowed now (design: permissions). An App
    that becomes a public client loses its client secrets. Raises AppUnknown, NotForThisRole, Invalid.
    """
    app = await app_of_member(tx, member_id, app_id, Act.SET_PERMISSIONS)
    check_authentication(wanted)
    if wanted.email:
        check_email_permission(app.terms_url, app.privacy_url)
    await tx.run(
        _AUTHENTICATION,
        app_id=app_id,
        oauth1_enabled=int(wanted.oauth1),
        oauth1_level=wanted.level.wire,
        email_permission=int(wanted.email),
        sign_in_enabled=int(wanted.sign_in),
        oauth2_enabled=int(wanted.oauth2),
        oauth2_type=wanted.type,
        pkce_plain=int(wanted.pkce_plain),
        any_port=int(wanted.any_port),
        one_family=int(wanted.one_family),
    )
    changes: dict[str, str | int] = {
        "level": wanted.level.wire,
        "oauth1": int(wanted.oauth1),
        "oauth2": int(wanted.oauth2),
    }
    await note_app(tx, app, member_id, "app.authentication", detail=changes)
    return await _client_secret_after(tx, app, await app_of_member(tx, member_id, app_id))


async def _client_secret_after(tx: Tx, before: AppRow, after: AppRow) -> str | None:
    had, has = before.oauth2_enabled and before.confidential, after.oauth2_enabled and after.confidential
    if not after.confidential:
        await end_credentials(tx, after.id, CLIENT_SECRET)
    if not has or had:
        return None
    await end_credentials(tx, after.id, CLIENT_SECRET)
    return await issue_client_secret(tx, after.id)
