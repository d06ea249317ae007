"""A deleted App can be brought back for a while, without its old keys and tokens; then its settings are forgotten."""

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.developers.making import CALLBACK, EVERYTHING, join, new_app, new_project, own_team
from volary.developers import actions, queries
from volary.developers.errors import AppUnknown, NameTaken, NotForThisRole
from volary.developers.jobs import sweep
from volary.developers.models import SUSPENDED
from volary.developers.rules.roles import ADMINISTRATOR, DEVELOPER
from volary.kit.clock import DAY
from volary.kit.secrets import digest
from volary.portal.actions import remove_app

pytestmark = [pytest.mark.anyio, pytest.mark.claim("C155")]

DAYS = 30
GRACE = DAYS * DAY


async def test_it_comes_back_with_its_settings_and_without_its_keys(db: HeldDatabase, cast: People) -> None:
    project = await new_project(db, cast.dev.id)
    made = await new_app(db, cast.dev.id, "Frame", EVERYTHING, project_id=project.id)
    await db.write(actions.set_icon, cast.dev.id, made.app.id, b"png", "1")
    await db.write(remove_app, cast.dev.id, made.app.id)
    assert await queries.icon_of_app(db, made.app.id) is None
    back = await db.write(actions.undelete_app, cast.dev.id, made.app.id, grace=GRACE)
    assert (back.name, back.client_id, back.project_id) == ("Frame", made.app.client_id, project.id)
    assert back.epoch == made.app.epoch + 1, "so that no old token ever works again"
    assert await queries.callback_urls(db, back.id) == [CALLBACK]
    assert await queries.icon_of_app(db, back.id) is not None
    assert await queries.credentials_of_app(db, back.id) == []
    assert await queries.app_by_api_key(db, digest(made.api_key)) is None
    assert await queries.app_by_bearer(db, digest(made.bearer_token)) is None
    assert await db.write(actions.bearer_of_app, back.id) != made.bearer_token
    with pytest.raises(AppUnknown):
        await db.write(actions.undelete_app, cast.dev.id, made.app.id, grace=GRACE)


@pytest.mark.claim("C176")
@pytest.mark.attack("SR-218")
async def test_deleting_and_bringing_back_ends_no_suspension(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id)).app
    await db.write(actions.suspend_app, app.id, reason="spam")
    await db.write(remove_app, cast.dev.id, app.id)
    back = await db.write(actions.undelete_app, cast.dev.id, app.id, grace=GRACE)
    assert (back.state, back.state_reason) == (SUSPENDED, "spam")


async def test_a_place_that_is_taken_meanwhile_stays_taken(db: HeldDatabase, cast: People) -> None:
    project = await new_project(db, cast.dev.id)
    app = (await new_app(db, cast.dev.id, "Frame", project_id=project.id)).app
    await db.write(remove_app, cast.dev.id, app.id)
    await new_app(db, cast.dev.id, "Frame", project_id=project.id)
    with pytest.raises(NameTaken):
        await db.write(actions.undelete_app, cast.dev.id, app.id, grace=GRACE)
    back = await db.write(actions.undelete_app, cast.dev.id, app.id, name="Old Frame", grace=GRACE)
    assert (back.name, back.project_id) == ("Old Frame", None), "the Project has its one App"


async def test_its_project_may_be_gone(db: HeldDatabase, cast: People) -> None:
    project = await new_project(db, cast.dev.id)
    app = (await new_app(db, cast.dev.id, project_id=project.id)).app
    await db.write(remove_app, cast.dev.id, app.id)
    await db.write(actions.delete_project, cast.dev.id, project.id)
    assert (await db.write(actions.undelete_app, cast.dev.id, app.id, grace=GRACE)).project_id is None


@pytest.mark.attack("SR-172", "SR-183")
async def test_only_administrators_of_its_team_bring_it_back(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id)).app
    await join(db, app.team_id, cast.dev.id, "bob", DEVELOPER)
    await join(db, app.team_id, cast.dev.id, "ann", ADMINISTRATOR)
    await db.write(remove_app, cast.dev.id, app.id)
    with pytest.raises(AppUnknown):
        await db.write(actions.undelete_app, cast.dave.id, app.id, grace=GRACE)
    with pytest.raises(NotForThisRole):
        await db.write(actions.undelete_app, cast.bob.id, app.id, grace=GRACE)
    assert [row.id for row in await queries.deleted_apps_of_team(db, cast.bob.id, app.team_id, grace=GRACE)] == [app.id]
    assert await queries.deleted_apps_of_team(db, cast.dave.id, app.team_id, grace=GRACE) == []
    await db.write(actions.undelete_app, cast.ann.id, app.id, grace=GRACE)


@pytest.mark.attack("SR-220")
async def test_after_the_grace_period_nothing_but_its_name_is_left(db: HeldDatabase, cast: People) -> None:
    kept, gone = (await new_app(db, cast.dev.id, "Kept")).app, (await new_app(db, cast.dev.id, "Gone")).app
    await db.write(actions.set_icon, cast.dev.id, gone.id, b"png", "1")
    team = await own_team(db, cast.dev.id)
    await db.write(remove_app, cast.dev.id, gone.id)
    db.clock.advance(GRACE - 1)
    await db.write(remove_app, cast.dev.id, kept.id)
    await sweep(db, DAYS)
    assert await queries.callback_urls(db, gone.id) == [CALLBACK], "not yet"
    db.clock.advance(1)
    with pytest.raises(AppUnknown):
        await db.write(actions.undelete_app, cast.dev.id, gone.id, grace=GRACE)
    await sweep(db, DAYS)
    assert await queries.callback_urls(db, gone.id) == []
    assert await queries.icon_versions(db, [gone.id]) == {}
    assert await queries.source_of_apps(db, [gone.id]) == {gone.id: ("Gone", "")}
    assert [row.id for row in await queries.deleted_apps_of_team(db, cast.dev.id, team.id, grace=GRACE)] == [kept.id]
    assert await db.write(actions.purge_apps, grace=GRACE) == 0
    assert (await db.write(actions.undelete_app, cast.dev.id, kept.id, grace=GRACE)).id == kept.id
