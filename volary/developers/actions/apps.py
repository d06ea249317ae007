"""Apps: created, moved between Projects, deleted, and brought back."""

from sqlalchemy import bindparam, delete, insert, null, update

from volary.db import Reader, Tx, statement
from volary.developers.actions.appeals import close_appeal
from volary.developers.actions.callbacks import replace_callbacks
from volary.developers.actions.credentials import issue_api_key, issue_bearer, issue_client_secret
from volary.developers.actions.names import ensure_name_free
from volary.developers.actions.noting import note_app
from volary.developers.actions.teams import team_for_new
from volary.developers.actions.values import NewApp
from volary.developers.errors import AppUnknown, ProjectFull
from volary.developers.models import ACTIVE, DELETED, AppRow, DeletedAppRow, apps, credentials
from volary.developers.queries.apps import app_by_id
from volary.developers.queries.deleted import deleted_app_of_member
from volary.developers.queries.members import app_of_member, apps_of_project, project_of_member
from volary.developers.queries.teams import team_by_id
from volary.developers.rules import texts
from volary.developers.rules.credentials import new_client_id
from volary.developers.rules.roles import Act
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
_MOVE = statement(update(apps).values(project_id=bindparam("project_id")).where(apps.c.id == bindparam("app_id")))
_DELETE = statement(
    update(apps)
    .values(
        state=DELETED,
        deleted_from=apps.c.state,
        deleted_at=bindparam("now"),
        name_key=null(),
        name_shape=null(),
        epoch=apps.c.epoch + 1,
    )
    .where(apps.c.id == bindparam("app_id"), apps.c.state != DELETED)
)
_UNDELETE = statement(
    update(apps)
    .values(
        state=apps.c.deleted_from,
        deleted_from="",
        deleted_at=null(),
        name=bindparam("name"),
        name_key=bindparam("name_key"),
        name_shape=bindparam("name_shape"),
        project_id=bindparam("project_id"),
    )
    .where(apps.c.id == bindparam("app_id"), apps.c.deleted_at > bindparam("since"))
)
_FORGET_CREDENTIALS = statement(delete(credentials).where(credentials.c.app_id == bindparam("app_id")))


async def create_app(
    tx: Tx,
    member_id: int,
    details: Details,
    authentication: Authentication | None = None,
    *,
    project_id: int | None = None,
    team_id: int | None = None,
) -> NewApp:
    """Make an App in a Project, or a standalone one in a team (one's own, unless it is named), with its first credentials.

    They are given this once. Whether the member has a developer account is asked by `ensure_developer`: the portal does, the command line
    need not (C160). Raises Invalid and its kin for a wrong value, NameTaken, ProjectUnknown, ProjectFull, TeamUnknown, NotForThisRole.
    """
    kept, chosen = checked_details(details), authentication or Authentication()
    check_authentication(chosen)
    if chosen.email:
        check_email_permission(kept.terms_url, kept.privacy_url)
    await ensure_name_free(tx, kept.name)
    if project_id is not None:
        team_id = await _ensure_room(tx, member_id, project_id, Act.CREATE_APP)
    team = await team_for_new(tx, member_id, team_id, Act.CREATE_APP)
    app = _row(tx, member_id, team.id, project_id, kept, chosen)
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
    await note_app(tx, app, member_id, "app.created")
    made = await app_by_id(tx, app.id)
    return NewApp(made or app, pair.key, pair.secret, bearer, client_secret)


async def move_app(tx: Tx, member_id: int, app_id: int, project_id: int | None) -> None:
    """Put an App into a Project of its team, so that it can call v2 (C151), or make it a standalone one (None).

    Raises AppUnknown, ProjectUnknown, NotForThisRole, ProjectFull, and Conflict where it is there already.
    """
    app = await app_of_member(tx, member_id, app_id, Act.MOVE_APP)
    if app.project_id == project_id:
        raise Conflict(_("This App is there already."), field="project")
    if project_id is not None:
        await _ensure_room(tx, member_id, project_id, Act.MOVE_APP, team_id=app.team_id)
    await tx.run(_MOVE, app_id=app_id, project_id=project_id)
    await note_app(tx, app, member_id, "app.moved", subject_id=project_id)


async def delete_app(tx: Tx, member_id: int, app_id: int) -> None:
    """Delete an App: its credentials and every token end with it (C155). Raises AppUnknown, NotForThisRole."""
    await end_app(tx, await app_of_member(tx, member_id, app_id, Act.DELETE_APP), member_id)


async def end_app(tx: Tx, app: AppRow, actor_id: int | None) -> None:
    """Delete an App, whoever wants it.

    Its settings are kept for a while, in which an administrator may undo it (`undelete_app`); then `purge_apps` forgets them. The row stays
    for good without its name's claim, so that its client id is never given out again and its posts keep their source.
    """
    await tx.run(_FORGET_CREDENTIALS, app_id=app.id)
    await tx.run(_DELETE, app_id=app.id, now=tx.now)
    await close_appeal(tx, app.id)
    await note_app(tx, app, actor_id, "app.deleted")


async def undelete_app(tx: Tx, member_id: int, app_id: int, *, name: str | None = None, grace: int) -> AppRow:
    """Bring a deleted App back, without any of its old keys and tokens; `grace` is for how many milliseconds that is possible.

    It comes back as it was: suspended if it was suspended, and into its Project if there is room; under another name when its own was
    given away meanwhile. Raises AppUnknown, NotForThisRole, NameTaken, Invalid.
    """
    app = await deleted_app_of_member(tx, member_id, app_id, Act.UNDELETE_APP, grace=grace)
    kept = texts.app_name(name or app.name)
    await ensure_name_free(tx, kept, but=app_id)
    named = {"name": kept, "name_key": texts.name_key(kept), "name_shape": texts.name_shape(kept)}
    project_id = await _project_again(tx, member_id, app)
    if not await tx.run(_UNDELETE, app_id=app_id, since=tx.now - grace, project_id=project_id, **named):
        raise AppUnknown
    back = await app_of_member(tx, member_id, app_id)
    await note_app(tx, back, member_id, "app.undeleted")
    return back


async def _project_again(tx: Tx, member_id: int, app: DeletedAppRow) -> int | None:
    if app.project_id is None:
        return None
    try:
        await _ensure_room(tx, member_id, app.project_id, Act.UNDELETE_APP, team_id=app.team_id)
    except ProjectFull:
        return None
    return app.project_id


async def _ensure_room(reader: Reader, member_id: int, project_id: int, act: Act, *, team_id: int | None = None) -> int:
    """Refuse another team's Project, and one that is full for its team's tier (C146, C147); gives the team."""
    project = await project_of_member(reader, member_id, project_id, act)
    if team_id is not None and project.team_id != team_id:
        raise Conflict(_("An App can only go into a Project of its own team."), field="project")
    team = await team_by_id(reader, project.team_id)
    limit = project_limit(team.tier if team else ESSENTIAL)
    if len(await apps_of_project(reader, member_id, project_id)) >= limit:
        raise ProjectFull(limit)
    return project.team_id


def _row(
    tx: Tx, owner_id: int, team_id: int, project_id: int | None, details: Details, chosen: Authentication
) -> AppRow:
    return AppRow(
        id=tx.new_id(),
        owner_id=owner_id,
        team_id=team_id,
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
        state_rule="",
        state_reason="",
        epoch=0,
        created_at=tx.now,
    )
