"""What developers see: their account, their Projects and their Apps, nobody else's (C152, SR-172)."""

from sqlalchemy import bindparam, select

from volary.db import Reader, statement
from volary.developers.errors import AppUnknown, ProjectUnknown
from volary.developers.models import (
    DELETED,
    AppRow,
    DeveloperRow,
    ProjectRow,
    apps,
    developer_accounts,
    projects,
)
from volary.developers.queries.apps import APP_COLUMNS

_MINE = (apps.c.owner_id == bindparam("owner_id"), apps.c.state != DELETED)
_APPS = statement(select(*APP_COLUMNS).where(*_MINE).order_by(apps.c.id), AppRow)
_APP = statement(select(*APP_COLUMNS).where(*_MINE, apps.c.id == bindparam("app_id")), AppRow)
_IN_PROJECT = statement(
    select(*APP_COLUMNS).where(*_MINE, apps.c.project_id == bindparam("project_id")).order_by(apps.c.id), AppRow
)
_PROJECT_COLUMNS = tuple(projects.c[name] for name in ProjectRow.__struct_fields__)
_PROJECTS = statement(
    select(*_PROJECT_COLUMNS).where(projects.c.owner_id == bindparam("owner_id")).order_by(projects.c.id), ProjectRow
)
_PROJECT = statement(
    select(*_PROJECT_COLUMNS).where(
        projects.c.owner_id == bindparam("owner_id"), projects.c.id == bindparam("project_id")
    ),
    ProjectRow,
)
_DEVELOPER = statement(
    select(*(developer_accounts.c[name] for name in DeveloperRow.__struct_fields__)).where(
        developer_accounts.c.account_id == bindparam("account_id")
    ),
    DeveloperRow,
)


async def developer_account(reader: Reader, account_id: int) -> DeveloperRow | None:
    """The developer account of an account, or None before the agreement was accepted."""
    return await reader.one(_DEVELOPER, account_id=account_id)


async def apps_of_owner(reader: Reader, owner_id: int) -> list[AppRow]:
    """Every App that an account owns, the oldest first; suspended ones too, deleted ones not."""
    return await reader.all(_APPS, owner_id=owner_id)


async def app_of_owner(reader: Reader, owner_id: int, app_id: int) -> AppRow:
    """One App of an account. Raises AppUnknown for a random number and for somebody else's App alike."""
    app = await reader.one(_APP, owner_id=owner_id, app_id=app_id)
    if app is None:
        raise AppUnknown
    return app


async def projects_of_owner(reader: Reader, owner_id: int) -> list[ProjectRow]:
    """Every Project of an account, the oldest first."""
    return await reader.all(_PROJECTS, owner_id=owner_id)


async def project_of_owner(reader: Reader, owner_id: int, project_id: int) -> ProjectRow:
    """One Project of an account. Raises ProjectUnknown."""
    project = await reader.one(_PROJECT, owner_id=owner_id, project_id=project_id)
    if project is None:
        raise ProjectUnknown
    return project


async def apps_of_project(reader: Reader, owner_id: int, project_id: int) -> list[AppRow]:
    """The Apps in a Project of an account; none for somebody else's Project."""
    return await reader.all(_IN_PROJECT, owner_id=owner_id, project_id=project_id)
