"""The audit: what it shows and exports, that nothing is changed in it, and that all three sides see one grant id."""

import csv
import io
import json

import pytest

from tests.cast import ANN
from tests.conftest import HeldDatabase
from tests.developers.making import new_app
from tests.portal.site import Place, press
from volary.activity.actions import COMMAND_LINE, record
from volary.activity.models import events
from volary.db import Tx, statement
from volary.db.paging import Bounds
from volary.kit.clock import DAY
from volary.kit.errors import Invalid
from volary.kit.whence import ADDRESS
from volary.operator.actions.actors import Actor
from volary.operator.actions.purging import begin_purge, purge
from volary.operator.errors import NotAnOperator
from volary.operator.queries.audit import Filter, audit, every_event

pytestmark = pytest.mark.anyio

_CHANGE = statement(events.update().values(kind="nothing.happened"))
_DELETE = statement(events.delete())


async def test_who_what_when_and_from_where(place: Place) -> None:
    app = (await new_app(place.db, place.cast.dev.id, "Frame")).app
    ann = await place.browser_of(ANN)
    token = ADDRESS.set("192.0.2.77")
    page = await ann.open(f"/operator/apps/{app.id}")
    await press(ann, page, "Suspend App", rule="spam", reason="It follows everybody.")
    ADDRESS.reset(token)
    [row] = await audit(place.db, Filter(kind="app.suspended"), Bounds())
    assert (row.actor_id, row.actor, row.account_id) == (place.cast.ann.id, "ann", place.cast.dev.id)
    assert (row.app_id, row.at, json.loads(row.detail)["rule"]) == (app.id, place.db.clock.now(), "spam")
    assert row.address
    shown = await ann.open(f"/operator/audit?kind=app&app_id={app.id}")
    assert "app.suspended" in shown.text
    assert "app.created" in shown.text
    assert "app.created" not in (await ann.open("/operator/audit?kind=app.suspended")).text


async def test_an_act_without_an_address_of_its_own_has_the_request_s(db: HeldDatabase) -> None:
    async def act(tx: Tx) -> None:
        await record(tx, "thing.happened", account_id=1)

    token = ADDRESS.set("192.0.2.78")
    await db.write(act)
    ADDRESS.set("")
    await db.write(act)
    ADDRESS.reset(token)
    rows = await audit(db, Filter(kind="thing"), Bounds())
    assert [row.address for row in rows] == ["", "192.0.2.78"]


@pytest.mark.parametrize("change", [_CHANGE, _DELETE], ids=["update", "delete"])
async def test_the_database_itself_refuses_to_change_the_record(db: HeldDatabase, change: object) -> None:
    async def act(tx: Tx) -> None:
        await record(tx, "thing.happened", account_id=1)

    async def tamper(tx: Tx) -> None:
        await tx.run(change)  # type: ignore[arg-type]

    await db.write(act)
    with pytest.raises(Exception, match="append-only"):
        await db.write(tamper)
    assert [row.kind for row in await audit(db, Filter(), Bounds())] == ["thing.happened"]


async def test_old_events_go_by_a_purge_that_is_an_event_itself(place: Place) -> None:
    db = place.db

    async def act(tx: Tx) -> None:
        await record(tx, "thing.happened", account_id=1)

    await db.write(act)
    db.clock.advance(200 * DAY)
    await db.write(act)
    with pytest.raises(Invalid):
        await db.write(begin_purge, Actor(), days=89)
    with pytest.raises(NotAnOperator):
        await db.write(begin_purge, Actor(place.cast.bob.id), days=100)
    before = await db.write(begin_purge, Actor(), days=100)
    assert await db.write(purge, before) > 0
    kinds = [row.kind for row in await audit(db, Filter(), Bounds())]
    assert kinds == ["audit.purged", "thing.happened"]
    with pytest.raises(Exception, match="append-only"):
        await db.write(purge, db.clock.now() + DAY)


@pytest.mark.parametrize("count", [3, 1203])
async def test_an_export_holds_every_event_once_in_order(db: HeldDatabase, count: int) -> None:
    async def act(tx: Tx) -> None:
        for number in range(count):
            await record(tx, "thing.happened", account_id=number, actor_id=COMMAND_LINE)

    await db.write(act)
    found = [row.account_id async for row in every_event(db, Filter())]
    assert found == list(range(count))


async def test_the_files_hold_what_the_page_shows(place: Place) -> None:
    await new_app(place.db, place.cast.dev.id, "=cmd()")
    ann = await place.browser_of(ANN)
    lines = [json.loads(line) for line in (await ann.open("/operator/audit/export/jsonl")).answer.text.splitlines()]
    table = list(csv.DictReader(io.StringIO((await ann.open("/operator/audit/export/csv")).answer.text)))
    assert [line["id"] for line in lines] == [row["id"] for row in table]
    [made] = [line for line in lines if line["kind"] == "app.created"]
    assert made["detail"]["name"] == "=cmd()"
    assert made["at"].endswith("Z")
    assert (await ann.open("/operator/audit/export/pdf")).status == 404
    assert (await place.browser().open("/operator/audit/export/csv")).status == 404
