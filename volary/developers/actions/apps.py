"""Apps: created, attached to a Project, suspended, restored, deleted."""

from sqlalchemy import bindparam, delete, insert, null, select, update

from volary.activity.actions import record
from volary.db import Reader, Tx, statement
from volary.developers.actions.callbacks import replace_callbacks
from volary.developers.actions.credentials import issue_api_key, issue_bearer, issue_client_secret
from volary.developers.actions.values import NewApp
from volary.developers.errors import AppUnknown, NameTaken, ProjectFull
from volary.developers.models import ACTIVE, DELETED, SUSPENDED, AppRow, app_icons, apps, credentials
from volary.developers.queries.apps import app_by_id
from volary.developers.queries.owners import app_of_owner, apps_of_project, developer_account, project_of_owner
from volary.developers.rules import texts
from volary.developers.rules.credentials import new_client_id
from volary.developers.rules.settings import (
    Authentication,
    Details,
    check_authentication,
    check_email_permission,
    checked_details,
)
from volary.developers.rules.tiers import ESSENTIAL, project_limit
from volary.kit.errors import Conflict
from volary.language import mark as _

_INSERT = statement(
    insert(apps).values({name: bindparam(name) for name in (*AppRow.__struct_fields__, "name_key", "name_shape")})
)
_NAMED = tuple(
    statement(select(apps.c.id).where(column == bindparam("like"), apps.c.id != bindparam("but")).limit(1), int)
    for column in (apps.c.name_key, apps.c.name_shape)
)
_ATTACH = statement(update(apps).values(project_id=bindparam("project_id")).where(apps.c.id == bindparam("app_id")))
_SET_STATE = statement(
    update(apps)
    .values(state=bindparam("state"), state_reason=bindparam("reason"))
    .where(apps.c.id == bindparam("app_id"), apps.c.state == bindparam("was"))
)
_DELETE = statement(
    update(apps)
    .values(
        state=DELETED, state_reason="", name_key=null(), name_shape=null(), project_id=null(), epoch=apps.c.epoch + 1
    )
    .where(apps.c.id == bindparam("app_id"))
)
_FORGET_CREDENTIALS = statement(delete(credentials).where(credentials.c.app_id == bindparam("app_id")))
_FORGET_ICON = statement(delete(app_icons).where(app_icons.c.app_id == bindparam("app_id")))


async def create_app(
    tx: Tx,
    owner_id: int,
    details: Details,
    authentication: Authentication | None = None,
    *,
    project_id: int | None = None,
) -> NewApp:
    """Make an App in a Project of its owner, or a standalone one, with its first credentials, which are given this once.

    Whether the owner accepted the developer agreement is asked by `ensure_developer`: the portal does, the command line need not (C160).
    Raises Invalid and its kin for a wrong value, NameTaken, ProjectUnknown, ProjectFull.
    """
    kept, chosen = checked_details(details), authentication or Authentication()
    check_authentication(chosen)
    if chosen.email:
        check_email_permission(kept.terms_url, kept.privacy_url)
    await ensure_name_free(tx, kept.name)
    if project_id is not None:
        await _ensure_room(tx, owner_id, project_id)
    app = _row(tx, owner_id, project_id, kept, chosen)
    await tx.run(
        _INSERT,
        name_key=texts.name_key(app.name),
        name_shape=texts.name_shape(app.name),
        **{name: getattr(app, name) for name in AppRow.__struct_fields__},
    )
    await replace_callbacks(tx, app.id, kept.callbacks)
    pair = await issue_api_key(tx, app.id)
    bearer = await issue_bearer(tx, app.id)
    client_secret = await issue_client_secret(tx, app.id) if app.oauth2_enabled and app.confidential else None
    await record(tx, "app.created", account_id=owner_id, app_id=app.id, detail={"name": app.name})
    made = await app_by_id(tx, app.id)
    return NewApp(made or app, pair.key, pair.secret, bearer, client_secret)


async def attach_app(tx: Tx, owner_id: int, app_id: int, project_id: int) -> None:
    """Put a standalone App into a Project, so that it can call v2 (C151). Raises AppUnknown, ProjectUnknown, ProjectFull, Conflict."""
    app = await app_of_owner(tx, owner_id, app_id)
    if app.project_id is not None:
        raise Conflict(_("This App is in a Project already."))
    await _ensure_room(tx, owner_id, project_id)
    await tx.run(_ATTACH, app_id=app_id, project_id=project_id)
    await record(tx, "app.attached", account_id=owner_id, app_id=app_id, subject_id=project_id)


async def suspend_app(tx: Tx, app_id: int, *, reason: str, actor_id: int | None = None) -> None:
    """Suspend an App: the next use of any of its credentials and tokens is refused, until it is restored (C176).

    What people granted is kept, so that restoring brings their connections back. Raises AppUnknown, Conflict.
    """
    kept = texts.text(reason, "reason", texts.REASON)
    await _move(tx, app_id, ACTIVE, SUSPENDED, kept, actor_id)


async def restore_app(tx: Tx, app_id: int, *, actor_id: int | None = None) -> None:
    """End a suspension. Raises AppUnknown, Conflict."""
    await _move(tx, app_id, SUSPENDED, ACTIVE, "", actor_id)


async def delete_app(tx: Tx, owner_id: int, app_id: int) -> None:
    """Delete an App for good: its credentials and every token end with it (C155). Raises AppUnknown.

    The row stays without its name's claim, so that its client id is never given out again and its posts keep their source.
    """
    app = await app_of_owner(tx, owner_id, app_id)
    await tx.run(_FORGET_CREDENTIALS, app_id=app_id)
    await tx.run(_FORGET_ICON, app_id=app_id)
    await replace_callbacks(tx, app_id, ())
    await tx.run(_DELETE, app_id=app_id)
    await record(tx, "app.deleted", account_id=owner_id, app_id=app_id, detail={"name": app.name})


async def ensure_name_free(tx: Tx, name: str, *, but: int = 0) -> None:
    """Raise NameTaken when another App has a name that reads or looks the same."""
    for asked, like in zip(_NAMED, (texts.name_key(name), texts.name_shape(name)), strict=True):
        if await tx.one(asked, like=like, but=but) is not None:
            raise NameTaken


async def _ensure_room(reader: Reader, owner_id: int, project_id: int) -> None:
    """Refuse somebody else's Project, and one that is full for its owner's tier (C146, C147)."""
    await project_of_owner(reader, owner_id, project_id)
    developer = await developer_account(reader, owner_id)
    limit = project_limit(developer.tier if developer else ESSENTIAL)
    if len(await apps_of_project(reader, owner_id, project_id)) >= limit:
        raise ProjectFull(limit)


async def _move(tx: Tx, app_id: int, was: str, state: str, reason: str, actor_id: int | None) -> None:
    app = await app_by_id(tx, app_id)
    if app is None:
        raise AppUnknown
    if not await tx.run(_SET_STATE, app_id=app_id, was=was, state=state, reason=reason):
        raise Conflict(_("This App is in that state already."))
    kind = "app.suspended" if state == SUSPENDED else "app.restored"
    await record(tx, kind, account_id=app.owner_id, actor_id=actor_id, app_id=app_id, detail={"reason": reason})


def _row(tx: Tx, owner_id: int, project_id: int | None, details: Details, chosen: Authentication) -> AppRow:
    return AppRow(
        id=tx.new_id(),
        owner_id=owner_id,
        project_id=project_id,
        name=details.name,
        description=details.description,
        website=details.website,
        organization=details.organization,
        organization_url=details.organization_url,
        terms_url=details.terms_url,
        privacy_url=details.privacy_url,
        use_case=details.use_case,
        oauth1_enabled=int(chosen.oauth1),
        oauth1_level=chosen.level.wire,
        email_permission=int(chosen.email),
        sign_in_enabled=int(chosen.sign_in),
        oauth2_enabled=int(chosen.oauth2),
        oauth2_type=chosen.type,
        pkce_plain=int(chosen.pkce_plain),
        any_port=int(chosen.any_port),
        one_family=int(chosen.one_family),
        client_id=new_client_id(),
        bearer_generation=0,
        state=ACTIVE,
        state_reason="",
        epoch=0,
        created_at=tx.now,
    )
