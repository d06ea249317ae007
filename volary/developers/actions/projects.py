"""Projects: groups of Apps by use case (C145)."""

from sqlalchemy import bindparam, delete, insert, null, update

from volary.activity.actions import record
from volary.db import Tx, statement
from volary.developers.errors import ProjectUnknown
from volary.developers.models import ProjectRow, apps, projects
from volary.developers.queries.owners import apps_of_project, project_of_owner, projects_of_owner
from volary.developers.rules import texts
from volary.kit.errors import Conflict
from volary.language import mark as _

_INSERT = statement(insert(projects).values({name: bindparam(name) for name in ProjectRow.__struct_fields__}))
_MINE = (projects.c.id == bindparam("project_id"), projects.c.owner_id == bindparam("owner_id"))
_EDIT = statement(
    update(projects)
    .values(name=bindparam("name"), use_case=bindparam("use_case"), description=bindparam("description"))
    .where(*_MINE)
)
_DELETE = statement(delete(projects).where(*_MINE))
_LET_GO = statement(
    update(apps)
    .values(project_id=null())
    .where(apps.c.project_id == bindparam("project_id"), apps.c.owner_id == bindparam("owner_id"))
)


async def create_project(tx: Tx, owner_id: int, *, name: str, use_case: str = "", description: str = "") -> ProjectRow:
    """Make a Project. Raises Invalid for a text that cannot be kept, Conflict for a name that the owner's Projects have already."""
    project = ProjectRow(
        id=tx.new_id(),
        owner_id=owner_id,
        name=await _free_name(tx, owner_id, name),
        use_case=texts.text(use_case, "use_case", texts.USE_CASE),
        description=texts.text(description, "description", texts.DESCRIPTION),
        created_at=tx.now,
    )
    await tx.run(
        _INSERT,
        id=project.id,
        owner_id=owner_id,
        name=project.name,
        use_case=project.use_case,
        description=project.description,
        created_at=project.created_at,
    )
    await record(tx, "project.created", account_id=owner_id, subject_id=project.id)
    return project


async def edit_project(tx: Tx, owner_id: int, project_id: int, *, name: str, use_case: str, description: str) -> None:
    """Change a Project's texts. Raises ProjectUnknown, Invalid, Conflict."""
    changed = await tx.run(
        _EDIT,
        project_id=project_id,
        owner_id=owner_id,
        name=await _free_name(tx, owner_id, name, but=project_id),
        use_case=texts.text(use_case, "use_case", texts.USE_CASE),
        description=texts.text(description, "description", texts.DESCRIPTION),
    )
    if not changed:
        raise ProjectUnknown
    await record(tx, "project.edited", account_id=owner_id, subject_id=project_id)


async def delete_project(tx: Tx, owner_id: int, project_id: int) -> int:
    """Delete a Project; its Apps become standalone Apps, which cannot call v2. Gives their number. Raises ProjectUnknown."""
    await project_of_owner(tx, owner_id, project_id)
    let_go = len(await apps_of_project(tx, owner_id, project_id))
    await tx.run(_LET_GO, owner_id=owner_id, project_id=project_id)
    await tx.run(_DELETE, owner_id=owner_id, project_id=project_id)
    await record(tx, "project.deleted", account_id=owner_id, subject_id=project_id, detail={"apps": let_go})
    return let_go


async def _free_name(tx: Tx, owner_id: int, name: str, but: int | None = None) -> str:
    kept = texts.text(name, "name", texts.PROJECT_NAME)
    key = texts.name_key(kept)
    others = [project for project in await projects_of_owner(tx, owner_id) if project.id != but]
    if any(texts.name_key(project.name) == key for project in others):
        raise Conflict(_("You already have a Project of this name."), field="name")
    return kept
