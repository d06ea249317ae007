"""Who acts where no account of a person does: the command line, the server itself, and an App on its own behalf."""

import asyncio
from pathlib import Path

import pytest

from tests.cast import ANN, DEV
from tests.conftest import HeldDatabase
from tests.developers.making import new_app
from tests.portal.site import Place
from volary.activity.actions import record
from volary.db import Tx
from volary.db.paging import Bounds
from volary.developers.actions import bearer_of_app, invalidate_bearer, purge_apps, revoke_bearer
from volary.jobs.actions import later
from volary.jobs.declaring import Job, Payload, Work
from volary.jobs.running import Runner
from volary.kit.resources import Resources
from volary.kit.whence import ACTOR, COMMAND_LINE, SYSTEM
from volary.operator.queries.audit import Filter, audit
from volary.portal.actions import remove_app
from volary.server.background import Background, Recurring
from volary.server.database import opened
from volary.settings import Settings

pytestmark = pytest.mark.anyio


async def happens(tx: Tx) -> None:
    await record(tx, "thing.happened", account_id=7)


async def test_a_person_acts_upon_their_own_unless_it_is_said_otherwise(db: HeldDatabase) -> None:
    await db.write(happens)
    assert await actors(db) == [7]


async def test_a_job_is_the_server_s_own_act(db: HeldDatabase) -> None:
    done = asyncio.Event()

    async def work(given: Work, payload: Payload) -> None:
        await given.db.write(happens)
        done.set()

    runner = Runner(db, Resources(), {"act": Job("act", work, 3, 60, None)})
    runner.start()
    await db.write(later, "act", {})
    async with asyncio.timeout(30):
        await done.wait()
    await runner.stop()
    assert await actors(db) == [SYSTEM]
    await db.write(happens)
    assert await actors(db) == [7, SYSTEM], "and it stays with the job"


async def test_so_is_what_recurs(db: HeldDatabase) -> None:
    done = asyncio.Event()

    async def work() -> None:
        await db.write(happens)
        done.set()

    beside = Background([Recurring("acting", 0.01, work)])
    beside.start()
    async with asyncio.timeout(30):
        await done.wait()
    await beside.stop()
    assert set(await actors(db)) == {SYSTEM}


async def test_a_command_is_the_command_line_s(tmp_path: Path) -> None:
    settings = Settings(database=f"sqlite:///{tmp_path / 'some.db'}")
    async with opened(settings) as db:
        await db.write(happens)
        rows = await audit(db, Filter(kind="thing"), Bounds())
    assert [row.actor_id for row in rows] == [COMMAND_LINE]
    assert ACTOR.get() is None


async def test_an_app_acts_as_itself_with_its_own_token(place: Place) -> None:
    db, dev = place.db, place.cast.dev.id
    app = (await new_app(db, dev, "Frame")).app
    await db.write(revoke_bearer, dev, app.id)
    token = await db.write(bearer_of_app, app.id)
    assert token is not None
    assert await db.write(invalidate_bearer, app.id, token, actor_id=app.id)
    rows = await audit(db, Filter(kind="credential"), Bounds())
    assert [(row.kind, row.actor_id) for row in rows] == [
        ("credential.revoked", app.id),
        ("credential.obtained", app.id),
        ("credential.revoked", dev),
    ]
    assert [row.id for row in await audit(db, Filter(actor_id=app.id), Bounds())] == [row.id for row in rows[:2]]
    developer = await (await place.browser_of(DEV)).open(f"/portal/teams/{app.team_id}/history")
    assert developer.text.count("The App itself") == 2
    operator = await (await place.browser_of(ANN)).open(f"/operator/audit?actor_id={app.id}")
    assert "The App itself" in operator.text


async def test_forgetting_a_deleted_app_is_told_in_the_team_s_history(place: Place) -> None:
    db, dev = place.db, place.cast.dev.id
    app = (await new_app(db, dev, "Frame")).app
    await db.write(remove_app, dev, app.id)
    assert await db.write(purge_apps, grace=0) == 1
    [row] = await audit(db, Filter(kind="app.purged"), Bounds())
    assert (row.actor_id, row.account_id, row.app_id) == (SYSTEM, dev, app.id)
    page = await (await place.browser_of(DEV)).open(f"/portal/teams/{app.team_id}/history")
    assert "Volary forgot the settings of the deleted App Frame" in " ".join(page.text.split())


async def actors(db: HeldDatabase) -> list[int | None]:
    return [row.actor_id for row in await audit(db, Filter(kind="thing"), Bounds())]
