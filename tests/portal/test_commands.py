"""What `volary app …` does, short of the command line itself."""

import asyncio

import msgspec
import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.oauth.oauth1.stage import ME, App, Pair, Stage
from volary.access.levels import Level
from volary.developers import queries
from volary.developers.errors import AppUnknown, NameTaken, ProjectFull
from volary.developers.rules.settings import CONFIDENTIAL
from volary.kit.errors import Busy, Invalid, NotFound, Refusal
from volary.kit.secrets import digest
from volary.portal.actions.commands import (
    KINDS,
    AppOrder,
    Created,
    create_app_for,
    delete_app_of,
    facts_of,
    find_app,
    list_apps,
    rotate_app,
)

pytestmark = pytest.mark.anyio

PRINTED = {
    "app_id",
    "api_key",
    "api_key_secret",
    "access_token",
    "access_token_secret",
    "client_id",
    "client_secret",
    "bearer_token",
}


async def made(db: HeldDatabase, name: str = "Frame", **order: object) -> Created:
    return await db.write(create_app_for, "dev", msgspec.convert({"name": name, **order}, AppOrder, strict=False))


@pytest.mark.claim("C140", "C194", "C197")
@pytest.mark.parametrize("kind", [None, "native", "spa", "web", "bot"])
async def test_everything_is_printed_and_works(db: HeldDatabase, cast: People, stage: Stage, kind: str | None) -> None:
    created = await made(db, type=kind, level=Level.READ_WRITE)
    printed = msgspec.to_builtins(created)
    assert printed.keys() >= PRINTED
    app = await find_app(db, created.app_id)
    assert (created.client_id is None) == (kind is None)
    assert (created.client_secret is None) == (kind not in CONFIDENTIAL)
    assert None not in {printed[name] for name in PRINTED - {"client_id", "client_secret"}}
    assert await queries.app_by_bearer(db, digest(str(created.bearer_token))) is not None
    pair = Pair(str(created.access_token), str(created.access_token_secret))
    mine = App(app, str(created.api_key), str(created.api_key_secret))
    caller = await stage.caller(stage.signed(mine, pair, "GET", ME))
    assert (caller.account_id, caller.level, caller.enrolled) == (cast.dev.id, Level.READ_WRITE, True)


@pytest.mark.claim("C062")
@pytest.mark.parametrize("level", list(Level))
async def test_email_goes_with_each_level(db: HeldDatabase, cast: People, level: Level) -> None:
    links = {"terms_url": "https://a.test/t", "privacy_url": "https://a.test/p"}
    facts = await facts_of(db, await find_app(db, (await made(db, level=level, email=True, **links)).app_id))
    assert (facts.email_permission, facts.permission) == (True, level.wire)
    with pytest.raises(Invalid):
        await made(db, "Other", level=level, email=True)


@pytest.mark.claim("C150", "C160")
async def test_projects_are_made_found_or_left_out(db: HeldDatabase, cast: People) -> None:
    own = await made(db, "Frame")
    assert own.project == "Frame"
    named = await made(db, "Second", project="Pictures")
    assert named.project == "Pictures"
    with pytest.raises(ProjectFull):
        await made(db, "Third", project="pictures")
    alone = await made(db, "Alone", standalone=True)
    assert (alone.project, alone.project_id) == (None, None)
    names = [project.name for project in await queries.projects_of_member(db, cast.dev.id)]
    assert names == ["Frame", "Pictures"]


async def test_a_refused_app_leaves_no_project(db: HeldDatabase, cast: People) -> None:
    await made(db, "Frame", standalone=True)
    with pytest.raises(NameTaken):
        await made(db, "FRAME")
    with pytest.raises(Invalid):
        await made(db, "Other", callbacks=["javascript:alert(1)"])
    assert await queries.projects_of_member(db, cast.dev.id) == []


@pytest.mark.claim("C225")
async def test_a_refused_callback_is_named_on_one_line(db: HeldDatabase, cast: People) -> None:
    with pytest.raises(Invalid) as refused:
        await made(db, callbacks=["https://a.test/", "vbscript:x"])
    assert str(refused.value) == "vbscript:x: The protocol vbscript is not allowed in callback URLs."


async def test_an_unknown_owner_is_told(db: HeldDatabase, cast: People) -> None:
    with pytest.raises(NotFound, match="@nobody"):
        await db.write(create_app_for, "nobody", AppOrder(name="Frame"))
    with pytest.raises(NotFound):
        await list_apps(db, "nobody")


@pytest.mark.claim("C153")
async def test_apps_are_found_by_number_and_name_and_listed(db: HeldDatabase, cast: People) -> None:
    first, second = await made(db, "Frame"), await made(db, "12345")
    for named in (first.app_id, "Frame", "fRAME"):
        assert str((await find_app(db, named)).id) == first.app_id
    assert str((await find_app(db, "12345")).id) == second.app_id
    for named in ("", "0", "9" * 19, "9" * 30, "٣", "Nothing"):
        with pytest.raises(AppUnknown):
            await find_app(db, named)
    assert [facts.app_id for facts in await list_apps(db)] == [first.app_id, second.app_id]
    assert [facts.name for facts in await list_apps(db, "dev")] == ["Frame", "12345"]
    assert await list_apps(db, "ann") == []


@pytest.mark.claim("C185")
async def test_what_is_shown_later_holds_no_secret(db: HeldDatabase, cast: People) -> None:
    created = await made(db, type="web", callbacks=["https://a.test/cb"])
    told = msgspec.json.encode(await facts_of(db, await find_app(db, created.app_id))).decode()
    printed = msgspec.to_builtins(created)
    for name in PRINTED - {"app_id", "client_id"}:
        assert printed[name] not in told
    assert created.client_id
    assert created.client_id in told
    assert "https://a.test/cb" in told


@pytest.mark.attack("SR-117")
async def test_rotating_renews_what_is_named(db: HeldDatabase, cast: People) -> None:
    created = await made(db, type="web")
    app = await find_app(db, created.app_id)
    new = await db.write(rotate_app, app.id, KINDS)
    assert await queries.app_by_api_key(db, digest(str(created.api_key))) is None
    assert await queries.app_by_bearer(db, digest(str(created.bearer_token))) is None
    assert not await queries.client_secret_matches(db, app.id, digest(str(created.client_secret)))
    assert await queries.app_by_api_key(db, digest(str(new.api_key))) is not None
    assert (new.client_id, new.app_id) == (created.client_id, created.app_id)
    only = await db.write(rotate_app, app.id, ["bearer"])
    assert (only.api_key, only.access_token, only.client_secret) == (None, None, None)
    assert await queries.app_by_api_key(db, digest(str(new.api_key))) is not None
    with pytest.raises(AppUnknown):
        await db.write(rotate_app, 12345, KINDS)


@pytest.mark.claim("C155")
async def test_deleting_ends_what_people_granted(db: HeldDatabase, cast: People, stage: Stage) -> None:
    ann = await stage.connect(stage.rw1, cast.ann.id)
    assert await db.write(delete_app_of, stage.rw1.row.id) == 1
    with pytest.raises(Refusal):
        await stage.caller(stage.signed(stage.rw1, ann, "GET", ME))
    with pytest.raises(AppUnknown):
        await find_app(db, str(stage.rw1.row.id))


async def test_many_orders_at_once_are_all_or_nothing(db: HeldDatabase, cast: People) -> None:
    """PostgreSQL may turn some away when all of them touch the same owner; what was turned away left nothing."""
    answers = await asyncio.gather(*(made(db, f"App {number}") for number in range(6)), return_exceptions=True)
    done = [answer for answer in answers if isinstance(answer, Created)]
    assert done
    assert all(isinstance(answer, Created | Busy) for answer in answers)
    assert len(await queries.projects_of_member(db, cast.dev.id)) == len(done)
    assert len(await queries.apps_of_member(db, cast.dev.id)) == len(done)
