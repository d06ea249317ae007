"""Projects: groups of a team's Apps by use case (C145)."""

from sqlalchemy import bindparam, delete, insert, null, update

from volary.db import Tx, statement
from volary.developers.actions.noting import note_team
from volary.developers.actions.teams import team_for_new
from volary.developers.models import ProjectRow, apps, projects
from volary.developers.queries.members import apps_of_project, project_of_member, projects_of_team
from volary.developers.rules import texts
from volary.developers.rules.roles import Act
from volary.kit.errors import Conflict
from volary.language import mark as _

_INSERT = statement(insert(projects).values({name: bindparam(name) for name in ProjectRow.__struct_fields__}))
_EDIT = statement(
    update(projects)
    .values(name=bindparam("name"), use_case=bindparam("use_case"), description=bindparam("description"))
    .where(projects.c.id == bindparam("project_id"))
)
_DELETE = statement(delete(projects).where(projects.c.id == bindparam("project_id")))
_LET_GO = statement(update(apps).values(project_id=null()).where(apps.c.project_id == bindparam("project_id")))


async def create_project(
    tx: Tx, member_id: int, *, name: str, use_case: str = "", description: str = "", team_id: int | None = None
) -> ProjectRow:
    """Make a Project in a team, or in the member's own one.

    Raises Invalid for a text that cannot be kept, Conflict for a name that the team's Projects have already, TeamUnknown, NotForThisRole.
    """
    team = await team_for_new(tx, member_id, team_id, Act.CREATE_PROJECT)
    project = ProjectRow(
        id=tx.new_id(),
        owner_id=member_id,
        team_id=team.id,
        name=await _free_name(tx, member_id, team.id, name),
        use_case=texts.text(use_case, "use_case", texts.USE_CASE),
        description=texts.text(description, "description", texts.DESCRIPTION),
        created_at=tx.now,
    )
    await tx.run(_INSERT, **{name: getattr(project, name) for name in ProjectRow.__struct_fields__})
    await _note(tx, member_id, project, "project.created")
    return project


async def edit_project(tx: Tx, member_id: int, project_id: int, *, name: str, use_case: str, description: str) -> None:
    """Change a Project's texts. Raises ProjectUnknown, NotForThisRole, Invalid, Conflict."""
    project = await project_of_member(tx, member_id, project_id, Act.EDIT_PROJECT)
    await tx.run(
        _EDIT,
        project_id=project_id,
        name=await _free_name(tx, member_id, project.team_id, name, but=project_id),
        use_case=texts.text(use_case, "use_case", texts.USE_CASE),
        description=texts.text(description, "description", texts.DESCRIPTION),
    )
    await _note(tx, member_id, project, "project.edited")


async def delete_project(tx: Tx, member_id: int, project_id: int) -> int:
    """Delete a Project; its Apps become standalone Apps, which cannot call v2. Gives their number.

    Raises ProjectUnknown, NotForThisRole.
    """
    project = await project_of_member(tx, member_id, project_id, Act.DELETE_PROJECT)
    let_go = len(await apps_of_project(tx, member_id, project_id))
    await tx.run(_LET_GO, project_id=project_id)
    await tx.run(_DELETE, project_id=project_id)
    await _note(tx, member_id, project, "project.deleted", apps=let_go)
    return let_go


async def _note(tx: Tx, member_id: int, project: ProjectRow, kind: str, **detail: int) -> None:
    told: dict[str, str | int] = {"name": project.name, **detail}
    await note_team(tx, project.team_id, member_id, kind, subject_id=project.id, detail=told)


async def _free_name(tx: Tx, member_id: int, team_id: int, name: str, but: int | None = None) -> str:
    kept = texts.text(name, "name", texts.PROJECT_NAME)
    key = texts.name_key(kept)
    others = [project for project in await projects_of_team(tx, member_id, team_id) if project.id != but]
    if any(texts.name_key(project.name) == key for project in others):
        raise Conflict(_("There is a Project of this name already."), field="name")
    return kept
