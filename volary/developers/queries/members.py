"""What developers see: the Projects and Apps of the teams that they are in, nobody else's (C152, SR-172).

Each statement asks for the membership itself, with the roles that may do what is wanted (`rules.roles`).
"""

from sqlalchemy import and_, bindparam, or_, select

from volary.db import Reader, in_list, statement
from volary.developers.errors import AppUnknown, ProjectUnknown
from volary.developers.models import DELETED, AppRow, ProjectRow, apps, projects, team_members
from volary.developers.queries.apps import APP_COLUMNS
from volary.developers.queries.reaching import reached
from volary.developers.rules.roles import OWNER, WHO_MAY, Act

PROJECT_COLUMNS = tuple(projects.c[name] for name in ProjectRow.__struct_fields__)
"""The columns of a `ProjectRow`, in its order."""

_APPS_SEEN = (
    select(*APP_COLUMNS)
    .join_from(
        apps,
        team_members,
        and_(team_members.c.team_id == apps.c.team_id, team_members.c.account_id == bindparam("member_id")),
    )
    .where(apps.c.state != DELETED)
    .order_by(apps.c.id)
)
_PROJECTS_SEEN = (
    select(*PROJECT_COLUMNS)
    .join_from(
        projects,
        team_members,
        and_(team_members.c.team_id == projects.c.team_id, team_members.c.account_id == bindparam("member_id")),
    )
    .order_by(projects.c.id)
)
_ROLE = in_list(team_members.c.role, "roles")

_APPS = statement(_APPS_SEEN, AppRow)
_APPS_OF_TEAM = statement(_APPS_SEEN.where(apps.c.team_id == bindparam("team_id")), AppRow)
_IN_PROJECT = statement(_APPS_SEEN.where(apps.c.project_id == bindparam("project_id")), AppRow)
_APP = statement(
    _APPS_SEEN.where(apps.c.id == bindparam("app_id"), or_(_ROLE, apps.c.owner_id == bindparam("as_owner"))), AppRow
)
_PROJECTS = statement(_PROJECTS_SEEN, ProjectRow)
_PROJECTS_OF_TEAM = statement(_PROJECTS_SEEN.where(projects.c.team_id == bindparam("team_id")), ProjectRow)
_ANY_PROJECT = statement(select(*PROJECT_COLUMNS).where(projects.c.id == bindparam("project_id")), ProjectRow)
_PROJECT = statement(_PROJECTS_SEEN.where(projects.c.id == bindparam("project_id"), _ROLE), ProjectRow)


async def apps_of_member(reader: Reader, member_id: int) -> list[AppRow]:
    """Every App of the teams that an account is in, the oldest first; suspended ones too, deleted ones not."""
    return await reader.all(_APPS, member_id=member_id)


async def apps_of_team(reader: Reader, member_id: int, team_id: int) -> list[AppRow]:
    """The Apps of one team, for a member of it; none for anybody else."""
    return await reader.all(_APPS_OF_TEAM, member_id=member_id, team_id=team_id)


async def app_of_member(reader: Reader, member_id: int, app_id: int, act: Act = Act.SEE) -> AppRow:
    """An App to which a member of its team may do something.

    Raises AppUnknown for a random number and for another team's App alike, NotForThisRole when it takes another role in the team.
    """

    async def look(wanted: Act) -> AppRow | None:
        roles = WHO_MAY[wanted]
        as_owner = member_id if OWNER in roles else 0
        return await reader.one(_APP, member_id=member_id, app_id=app_id, roles=sorted(roles), as_owner=as_owner)

    return await reached(look, act, AppUnknown)


async def projects_of_member(reader: Reader, member_id: int) -> list[ProjectRow]:
    """Every Project of the teams that an account is in, the oldest first."""
    return await reader.all(_PROJECTS, member_id=member_id)


async def projects_of_team(reader: Reader, member_id: int, team_id: int) -> list[ProjectRow]:
    """The Projects of one team, for a member of it; none for anybody else."""
    return await reader.all(_PROJECTS_OF_TEAM, member_id=member_id, team_id=team_id)


async def project_of_member(reader: Reader, member_id: int, project_id: int, act: Act = Act.SEE) -> ProjectRow:
    """A Project to which a member of its team may do something. Raises ProjectUnknown, NotForThisRole."""

    async def look(wanted: Act) -> ProjectRow | None:
        roles = sorted(WHO_MAY[wanted])
        return await reader.one(_PROJECT, member_id=member_id, project_id=project_id, roles=roles)

    return await reached(look, act, ProjectUnknown)


async def project_by_id(reader: Reader, project_id: int) -> ProjectRow | None:
    """A Project by its number, whoever asks: for the operator."""
    return await reader.one(_ANY_PROJECT, project_id=project_id)


async def apps_of_project(reader: Reader, member_id: int, project_id: int) -> list[AppRow]:
    """The Apps in a Project, for a member of its team; none for anybody else."""
    return await reader.all(_IN_PROJECT, member_id=member_id, project_id=project_id)
