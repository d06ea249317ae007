"""Making Apps: in a Project, standalone, and the credentials that come with them."""

import asyncio

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.developers.making import CALLBACK, EVERYTHING, FULL, new_app, new_developer, new_project, own_team
from volary.access.levels import Level
from volary.developers import queries
from volary.developers.actions import create_app, move_app, set_tier
from volary.developers.errors import NameTaken, ProjectFull, ProjectUnknown
from volary.developers.models import API_KEY, BEARER, CLIENT_SECRET
from volary.developers.rules.credentials import SECRET_PURPOSE
from volary.developers.rules.settings import Authentication, Details
from volary.kit.errors import Busy, Conflict, Invalid
from volary.kit.secrets import digest

pytestmark = pytest.mark.anyio


async def test_everything_that_was_said_is_kept(db: HeldDatabase, cast: People) -> None:
    project = await new_project(db, cast.dev.id)
    made = await db.write(create_app, cast.dev.id, FULL, EVERYTHING, project_id=project.id)
    app = await queries.app_by_id(db, made.app.id)
    assert app == made.app
    assert app is not None
    assert (app.owner_id, app.project_id) == (cast.dev.id, project.id)
    for field in ("name", "description", "website", "terms_url", "privacy_url", "organization", "organization_url"):
        assert getattr(app, field) == getattr(FULL, field)
    assert app.use_case == FULL.use_case
    assert (app.oauth1_enabled, app.oauth1_level, app.email_permission) == (1, "read-write-directmessages", 1)
    assert (app.oauth2_enabled, app.oauth2_type, app.confidential) == (1, "web", True)
    assert await queries.callback_urls(db, app.id) == list(FULL.callbacks)


async def test_the_defaults_are_the_narrowest(db: HeldDatabase, cast: People) -> None:
    app = (await db.write(create_app, cast.dev.id, Details(name="Frame"))).app
    assert (app.oauth1_enabled, app.oauth1_level, app.email_permission) == (1, "read", 0)
    assert (app.oauth2_enabled, app.oauth2_type, app.one_family) == (0, None, 0)
    assert await queries.callback_urls(db, app.id) == []


async def test_credentials_lead_to_the_app_and_are_kept_unreadable(db: HeldDatabase, cast: People) -> None:
    made = await new_app(db, cast.dev.id, authentication=EVERYTHING)
    keyed = await queries.app_by_api_key(db, digest(made.api_key))
    assert keyed is not None
    assert keyed.id == made.app.id
    assert db.keys.unseal(SECRET_PURPOSE, keyed.secret) == made.api_key_secret
    bearer = await queries.app_by_bearer(db, digest(made.bearer_token))
    assert bearer is not None
    assert bearer.id == made.app.id
    assert made.client_secret is not None
    assert await queries.client_secret_matches(db, made.app.id, digest(made.client_secret))
    by_client = await queries.app_by_client_id(db, made.app.client_id)
    assert by_client is not None
    assert by_client.id == made.app.id


async def test_one_credential_does_not_pass_for_another(db: HeldDatabase, cast: People) -> None:
    made = await new_app(db, cast.dev.id, authentication=EVERYTHING)
    other = await new_app(db, cast.dev.id, "Another", EVERYTHING)
    assert made.client_secret is not None
    for text in (made.api_key_secret, made.bearer_token, made.client_secret, made.app.client_id, ""):
        assert await queries.app_by_api_key(db, digest(text)) is None
    for text in (made.api_key, made.client_secret, made.api_key_secret):
        assert await queries.app_by_bearer(db, digest(text)) is None
    assert not await queries.client_secret_matches(db, other.app.id, digest(made.client_secret))
    assert not await queries.client_secret_matches(db, made.app.id, digest(made.bearer_token))


@pytest.mark.claim("C194", "C195", "C196", "C197")
@pytest.mark.parametrize("kind, secret", [("native", False), ("spa", False), ("web", True), ("bot", True)])
async def test_only_confidential_types_get_a_client_secret(
    db: HeldDatabase, cast: People, kind: str, secret: bool
) -> None:
    made = await new_app(db, cast.dev.id, authentication=Authentication(oauth2=True, type=kind))
    assert (made.client_secret is not None) == secret
    kinds = {row.kind for row in await queries.credentials_of_app(db, made.app.id)}
    assert kinds == {API_KEY, BEARER} | ({CLIENT_SECRET} if secret else set())


@pytest.mark.claim("C194")
@pytest.mark.parametrize("kind", [None, "", "desktop", "WEB"])
async def test_oauth2_needs_a_known_type(db: HeldDatabase, cast: People, kind: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        await new_app(db, cast.dev.id, authentication=Authentication(oauth2=True, type=kind))
    assert refused.value.field == "oauth2_type"


@pytest.mark.claim("C062", "C064")
@pytest.mark.parametrize("level", list(Level))
async def test_email_goes_with_every_level_and_needs_both_links(db: HeldDatabase, cast: People, level: Level) -> None:
    wanted = Authentication(level=level, email=True)
    for details, field in (
        (Details(name="Frame", privacy_url="https://a.test/"), "terms_url"),
        (Details(name="Frame", terms_url="https://a.test/"), "privacy_url"),
    ):
        with pytest.raises(Invalid) as refused:
            await db.write(create_app, cast.dev.id, details, wanted)
        assert refused.value.field == field
    made = await new_app(db, cast.dev.id, authentication=wanted)
    assert (made.app.email_permission, made.app.oauth1_level) == (1, level.wire)


async def test_a_refused_app_leaves_nothing_behind(db: HeldDatabase, cast: People) -> None:
    with pytest.raises(Invalid):
        await db.write(create_app, cast.dev.id, Details(name="Frame", callbacks=("javascript:x",)))
    assert await queries.apps_of_member(db, cast.dev.id) == []
    assert (await new_app(db, cast.dev.id, "Frame")).app.name == "Frame"


@pytest.mark.parametrize("name", ["photo frame", "Photo\u00a0Frame", "ＰＨＯＴＯ ＦＲＡＭＥ"])
async def test_names_are_unique_as_people_read_them(db: HeldDatabase, cast: People, name: str) -> None:
    await new_app(db, cast.dev.id, "Photo Frame")
    with pytest.raises(NameTaken):
        await new_app(db, cast.ann.id, name)


async def test_one_name_is_given_once_however_many_ask(db: HeldDatabase, cast: People) -> None:
    made = await asyncio.gather(*(new_app(db, cast.dev.id, "Wanted") for _ in range(5)), return_exceptions=True)
    refused = [answer for answer in made if isinstance(answer, BaseException)]
    assert len(refused) == 4
    assert all(isinstance(answer, Conflict | Busy) for answer in refused)


@pytest.mark.claim("C146", "C147")
@pytest.mark.parametrize("tier, limit", [("essential", 1), ("elevated", 3)])
async def test_a_project_holds_as_many_apps_as_the_tier_allows(
    db: HeldDatabase, cast: People, tier: str, limit: int
) -> None:
    await new_developer(db, cast.dev.id)
    await db.write(set_tier, (await own_team(db, cast.dev.id)).id, tier)
    project = await new_project(db, cast.dev.id)
    first = [await new_app(db, cast.dev.id, f"App {number}", project_id=project.id) for number in range(limit)]
    with pytest.raises(ProjectFull) as refused:
        await new_app(db, cast.dev.id, "One more", project_id=project.id)
    assert refused.value.parameters == {"limit": limit}
    kept = await queries.apps_of_project(db, cast.dev.id, project.id)
    assert [app.id for app in kept] == [made.app.id for made in first]


@pytest.mark.claim("C150")
async def test_standalone_apps_are_not_counted(db: HeldDatabase, cast: People) -> None:
    project = await new_project(db, cast.dev.id)
    for number in range(4):
        made = await new_app(db, cast.dev.id, f"Alone {number}")
        assert made.app.project_id is None
    assert (await new_app(db, cast.dev.id, "Inside", project_id=project.id)).app.project_id == project.id


async def test_parallel_apps_do_not_overfill_a_project(db: HeldDatabase, cast: People) -> None:
    project = await new_project(db, cast.dev.id)
    made = await asyncio.gather(
        *(new_app(db, cast.dev.id, f"App {number}", project_id=project.id) for number in range(5)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, ProjectFull | Busy) for answer in made) == 4
    assert len(await queries.apps_of_project(db, cast.dev.id, project.id)) == 1


@pytest.mark.claim("C151")
async def test_an_app_is_attached_and_moved(db: HeldDatabase, cast: People) -> None:
    project, other = await new_project(db, cast.dev.id), await new_project(db, cast.dev.id, "Other")
    app = (await new_app(db, cast.dev.id)).app
    await db.write(move_app, cast.dev.id, app.id, project.id)
    assert [row.id for row in await queries.apps_of_project(db, cast.dev.id, project.id)] == [app.id]
    with pytest.raises(Conflict):
        await db.write(move_app, cast.dev.id, app.id, project.id)
    await db.write(move_app, cast.dev.id, app.id, other.id)
    assert [row.id for row in await queries.apps_of_project(db, cast.dev.id, other.id)] == [app.id]
    await db.write(move_app, cast.dev.id, app.id, None)
    assert (await queries.app_of_member(db, cast.dev.id, app.id)).project_id is None


async def test_a_full_project_takes_no_attached_app(db: HeldDatabase, cast: People) -> None:
    project = await new_project(db, cast.dev.id)
    await new_app(db, cast.dev.id, "Inside", project_id=project.id)
    app = (await new_app(db, cast.dev.id, "Outside")).app
    with pytest.raises(ProjectFull):
        await db.write(move_app, cast.dev.id, app.id, project.id)


async def test_nobody_builds_in_another_ones_project(db: HeldDatabase, cast: People) -> None:
    project = await new_project(db, cast.dev.id)
    for project_id in (project.id, 12345):
        with pytest.raises(ProjectUnknown):
            await new_app(db, cast.dave.id, project_id=project_id)


async def test_callbacks_are_compared_byte_for_byte(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id)).app
    assert await queries.allows_callback(db, app.id, CALLBACK)
    for url in (CALLBACK + "/", CALLBACK.upper(), CALLBACK + "?", CALLBACK + " ", CALLBACK[:-1], "https://%", "%"):
        assert not await queries.allows_callback(db, app.id, url)
    other = (await db.write(create_app, cast.dev.id, Details(name="Other"))).app
    assert not await queries.allows_callback(db, other.id, CALLBACK)
