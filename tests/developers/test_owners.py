"""Whose App it is: everybody else meets the refusal of something that does not exist, and nothing changes (SR-172)."""

from collections.abc import Awaitable, Callable

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.developers.making import EVERYTHING, FULL, new_app, new_project
from volary.developers import actions, queries
from volary.developers.errors import AppUnknown, ProjectUnknown
from volary.developers.models import AppRow, CredentialRow
from volary.developers.rules.settings import Authentication
from volary.kit.errors import NotFound

pytestmark = [pytest.mark.anyio, pytest.mark.attack("SR-172"), pytest.mark.claim("C152")]

Verb = Callable[[HeldDatabase, int, int], Awaitable[object]]

ON_APPS: dict[str, Verb] = {
    "read": queries.app_of_member,
    "details": lambda db, owner, app: db.write(actions.edit_details, owner, app, FULL),
    "authentication": lambda db, owner, app: db.write(actions.edit_authentication, owner, app, Authentication()),
    "callback": lambda db, owner, app: db.write(actions.add_callback, owner, app, "https://evil.test/"),
    "key": lambda db, owner, app: db.write(actions.rotate_api_key, owner, app),
    "client secret": lambda db, owner, app: db.write(actions.rotate_client_secret, owner, app),
    "bearer": lambda db, owner, app: db.write(actions.rotate_bearer, owner, app),
    "revoke key": lambda db, owner, app: db.write(actions.revoke_api_keys, owner, app),
    "revoke client secret": lambda db, owner, app: db.write(actions.revoke_client_secrets, owner, app),
    "revoke bearer": lambda db, owner, app: db.write(actions.revoke_bearer, owner, app),
    "icon": lambda db, owner, app: db.write(actions.set_icon, owner, app, b"png", "1"),
    "no icon": lambda db, owner, app: db.write(actions.remove_icon, owner, app),
    "delete": lambda db, owner, app: db.write(actions.delete_app, owner, app),
}
ON_PROJECTS: dict[str, Verb] = {
    "read": queries.project_of_member,
    "edit": lambda db, owner, project: db.write(
        actions.edit_project, owner, project, name="Mine", use_case="", description=""
    ),
    "delete": lambda db, owner, project: db.write(actions.delete_project, owner, project),
}


async def state(db: HeldDatabase, app_id: int) -> tuple[AppRow | None, list[CredentialRow], list[str]]:
    return (
        await queries.app_by_id(db, app_id),
        await queries.credentials_of_app(db, app_id),
        await queries.callback_urls(db, app_id),
    )


@pytest.mark.parametrize("verb", ON_APPS)
async def test_an_app_is_its_owners_alone(db: HeldDatabase, cast: People, verb: str) -> None:
    app = (await new_app(db, cast.dev.id, authentication=EVERYTHING)).app
    before = await state(db, app.id)
    texts = set()
    for app_id in (app.id, 12345):
        with pytest.raises(AppUnknown) as refused:
            await ON_APPS[verb](db, cast.dave.id, app_id)
        texts.add(str(refused.value))
    assert len(texts) == 1
    assert await state(db, app.id) == before
    assert await queries.icon_of_app(db, app.id) is None


@pytest.mark.parametrize("verb", ON_PROJECTS)
async def test_a_project_is_its_owners_alone(db: HeldDatabase, cast: People, verb: str) -> None:
    project = await new_project(db, cast.dev.id)
    for project_id in (project.id, 12345):
        with pytest.raises(ProjectUnknown):
            await ON_PROJECTS[verb](db, cast.dave.id, project_id)
    assert await queries.projects_of_member(db, cast.dev.id) == [project]
    assert await queries.apps_of_project(db, cast.dave.id, project.id) == []


async def test_nobody_attaches_across_owners(db: HeldDatabase, cast: People) -> None:
    mine, theirs = await new_project(db, cast.dave.id), await new_project(db, cast.dev.id)
    my_app, their_app = (await new_app(db, cast.dave.id, "Mine")).app, (await new_app(db, cast.dev.id, "Theirs")).app
    for app_id, project_id in ((their_app.id, mine.id), (my_app.id, theirs.id), (their_app.id, theirs.id)):
        with pytest.raises(NotFound):
            await db.write(actions.move_app, cast.dave.id, app_id, project_id)
    assert (await queries.app_of_member(db, cast.dev.id, their_app.id)).project_id is None


async def test_lists_hold_ones_own_only(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id)).app
    await new_project(db, cast.dev.id)
    assert [row.id for row in await queries.apps_of_member(db, cast.dev.id)] == [app.id]
    assert await queries.apps_of_member(db, cast.dave.id) == []
    assert await queries.projects_of_member(db, cast.dave.id) == []
