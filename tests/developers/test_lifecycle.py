"""Projects edited and deleted; Apps suspended, restored and deleted."""

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.developers.making import CALLBACK, EVERYTHING, new_app, new_developer, new_project, own_team
from volary.developers import actions, queries
from volary.developers.errors import AppUnknown, NotADeveloper
from volary.developers.models import SUSPENDED
from volary.developers.rules.tiers import AGREEMENT
from volary.kit.errors import Conflict, Invalid, NotFound
from volary.kit.secrets import digest

pytestmark = pytest.mark.anyio


@pytest.mark.claim("C161")
async def test_an_agreement_makes_a_developer(db: HeldDatabase, cast: People) -> None:
    with pytest.raises(NotADeveloper):
        await db.write(actions.ensure_developer, cast.ann.id)
    with pytest.raises(Invalid) as refused:
        await db.write(actions.sign_up, cast.ann.id, agreed=False, use_case="Bots.")
    assert refused.value.field == "agreed"
    await db.write(actions.sign_up, cast.ann.id, agreed=True, use_case="Bots.")
    await db.write(actions.ensure_developer, cast.ann.id)
    developer = await queries.developer_account(db, cast.ann.id)
    assert developer is not None
    assert (developer.agreement_version, developer.use_case, developer.state) == (AGREEMENT, "Bots.", "approved")
    assert developer.agreed_at == db.now


async def test_accepting_again_keeps_the_tier(db: HeldDatabase, cast: People) -> None:
    await new_developer(db, cast.dev.id)
    team = await own_team(db, cast.dev.id)
    await db.write(actions.set_tier, team.id, "elevated")
    await new_developer(db, cast.dev.id)
    assert (await own_team(db, cast.dev.id)).tier == "elevated"


async def test_a_tier_must_be_one_and_have_a_team(db: HeldDatabase, cast: People) -> None:
    await new_developer(db, cast.dev.id)
    with pytest.raises(Invalid):
        await db.write(actions.set_tier, (await own_team(db, cast.dev.id)).id, "golden")
    with pytest.raises(NotFound):
        await db.write(actions.set_tier, 12345, "elevated")


@pytest.mark.claim("C145", "C154")
async def test_a_project_is_made_and_changed(db: HeldDatabase, cast: People) -> None:
    made = await db.write(
        actions.create_project, cast.dev.id, name=" Pictures ", use_case="Showing them.", description="All of it."
    )
    assert (made.name, made.use_case, made.description) == ("Pictures", "Showing them.", "All of it.")
    changed = {"name": "Photos", "use_case": "Selling them.", "description": ""}
    await db.write(actions.edit_project, cast.dev.id, made.id, **changed)
    after = await queries.project_of_member(db, cast.dev.id, made.id)
    assert (after.name, after.use_case, after.description) == ("Photos", "Selling them.", "")
    assert await queries.projects_of_member(db, cast.dev.id) == [after]


async def test_project_names_are_unique_for_an_owner(db: HeldDatabase, cast: People) -> None:
    first = await new_project(db, cast.dev.id, "Pictures")
    with pytest.raises(Conflict):
        await new_project(db, cast.dev.id, "PICTURES")
    other = await new_project(db, cast.dev.id, "Other")
    with pytest.raises(Conflict):
        await db.write(actions.edit_project, cast.dev.id, other.id, name="pictures", use_case="", description="")
    await db.write(actions.edit_project, cast.dev.id, first.id, name="PICTURES", use_case="", description="")
    await new_project(db, cast.ann.id, "Pictures")


@pytest.mark.claim("C155")
async def test_deleting_a_project_lets_its_apps_go(db: HeldDatabase, cast: People) -> None:
    project = await new_project(db, cast.dev.id)
    app = (await new_app(db, cast.dev.id, project_id=project.id)).app
    assert await db.write(actions.delete_project, cast.dev.id, project.id) == 1
    assert await queries.projects_of_member(db, cast.dev.id) == []
    after = await queries.app_by_id(db, app.id)
    assert after is not None
    assert after.project_id is None


@pytest.mark.claim("C155")
async def test_a_deleted_app_is_gone_with_all_that_it_had(db: HeldDatabase, cast: People) -> None:
    project = await new_project(db, cast.dev.id)
    made = await new_app(db, cast.dev.id, "Frame", EVERYTHING, project_id=project.id)
    await db.write(actions.delete_app, cast.dev.id, made.app.id)
    assert await queries.app_by_id(db, made.app.id) is None
    assert await queries.app_by_client_id(db, made.app.client_id) is None
    assert await queries.app_by_api_key(db, digest(made.api_key)) is None
    assert await queries.app_by_bearer(db, digest(made.bearer_token)) is None
    assert not await queries.client_secret_matches(db, made.app.id, digest(str(made.client_secret)))
    assert await queries.apps_of_member(db, cast.dev.id) == []
    assert await queries.apps_of_project(db, cast.dev.id, project.id) == []
    with pytest.raises(AppUnknown):
        await db.write(actions.delete_app, cast.dev.id, made.app.id)


@pytest.mark.claim("C174")
async def test_posts_keep_the_source_of_a_deleted_app_and_its_name_is_free(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id, "Frame")).app
    await db.write(actions.delete_app, cast.dev.id, app.id)
    again = (await new_app(db, cast.ann.id, "Frame")).app
    assert again.client_id != app.client_id
    assert await queries.source_of_apps(db, [app.id, again.id, app.id, 5]) == {
        app.id: ("Frame", ""),
        again.id: ("Frame", ""),
    }
    assert await queries.source_of_apps(db, []) == {}


@pytest.mark.claim("C176")
async def test_a_suspended_app_is_found_as_suspended_and_can_be_restored(db: HeldDatabase, cast: People) -> None:
    made = await new_app(db, cast.dev.id, authentication=EVERYTHING)
    await db.write(actions.suspend_app, made.app.id, reason="It posts too much.")
    keyed = await queries.app_by_api_key(db, digest(made.api_key))
    assert keyed is not None
    assert (keyed.state, keyed.state_reason) == (SUSPENDED, "It posts too much.")
    with pytest.raises(Conflict):
        await db.write(actions.suspend_app, made.app.id, reason="again")
    await db.write(actions.restore_app, made.app.id)
    with pytest.raises(Conflict):
        await db.write(actions.restore_app, made.app.id)
    assert await queries.app_by_id(db, made.app.id) == made.app
    with pytest.raises(AppUnknown):
        await db.write(actions.suspend_app, 12345, reason="spam")


@pytest.mark.claim("C230")
async def test_the_owner_is_told_which_other_app_has_a_callback(db: HeldDatabase, cast: People) -> None:
    app, other = (await new_app(db, cast.dev.id, "One")).app, (await new_app(db, cast.dev.id, "Two")).app
    await new_app(db, cast.ann.id, "Ann's")
    found = await queries.siblings_with_callback(db, app.team_id, app.id, CALLBACK)
    assert [(row.id, row.name) for row in found] == [(other.id, "Two")]
