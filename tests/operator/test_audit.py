"""The audit: what it finds, shows and exports, that nothing is changed in it, and that all three sides see one grant id."""

import csv
import io
import json

import pytest

from tests.cast import ANN, BOB, DEV
from tests.conftest import HeldDatabase
from tests.developers.making import new_app
from tests.portal.site import Place, press
from tests.usage.test_plans import plan_of
from volary.access.levels import Level
from volary.accounts.actions import create_account
from volary.activity.actions import record
from volary.activity.models import events
from volary.db import Statement, Tx, statement
from volary.db.paging import Bounds
from volary.kit.clock import DAY
from volary.kit.errors import Invalid
from volary.kit.whence import ADDRESS, COMMAND_LINE
from volary.oauth.grants import record as grant
from volary.oauth.revoking import revoke
from volary.operator.actions.actors import Actor
from volary.operator.actions.purging import begin_purge, purge
from volary.operator.errors import NotAnOperator
from volary.operator.queries import audit as queries
from volary.operator.queries.audit import Filter, audit, every_event
from volary.portal.queries.connections import PAGE

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
async def test_the_database_itself_refuses_to_change_the_record(db: HeldDatabase, change: Statement[None]) -> None:
    async def act(tx: Tx) -> None:
        await record(tx, "thing.happened", account_id=1)

    async def tamper(tx: Tx) -> None:
        await tx.run(change)

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


async def test_the_person_the_developer_and_the_operator_see_one_number_for_a_connection(place: Place) -> None:
    db, cast = place.db, place.cast
    app = (await new_app(db, cast.dev.id, "Frame")).app
    number = await db.write(grant, cast.bob.id, app.id, level=Level.READ, scopes={"tweet.read"})
    other = (await new_app(db, cast.dev.id, "Other")).app
    person = await (await place.browser_of(BOB)).open(f"/settings/apps/{app.id}")
    dev, ann = await place.browser_of(DEV), await place.browser_of(ANN)
    developer = await dev.open(f"/portal/apps/{app.id}/connections")
    operator = await ann.open(f"/operator/audit?grant_id={number}")
    for page in (person, developer, operator):
        assert str(number) in page.text
    assert "grant.created" in operator.text
    for hidden in ("bob", str(cast.bob.id)):
        assert hidden not in developer.answer.text.casefold(), "whose it is is not the developer's to know"
    here = f"/portal/apps/{app.id}/connections?id="
    assert str(number) in (await dev.open(f"{here}{number}")).root.one("ul", class_="items").text
    for nothing in (f"{here}1", f"{here}x", f"/portal/apps/{other.id}/connections?id={number}"):
        assert "no such connection" in (await dev.open(nothing)).text
    await db.write(revoke, cast.bob.id, app_id=app.id)
    assert "ended" in (await dev.open(f"{here}{number}")).text
    assert str(number) not in (await dev.open(f"/portal/apps/{app.id}/connections")).text


async def test_connections_come_a_page_at_a_time(place: Place) -> None:
    db, app = place.db, (await new_app(place.db, place.cast.dev.id, "Frame")).app
    numbers = [await db.write(_connected, app.id, number) for number in range(PAGE + 2)]
    dev = await place.browser_of(DEV)
    seen: list[str] = []
    path: str | None = f"/portal/apps/{app.id}/connections"
    while path:
        page = await dev.open(path)
        seen += [
            item.one("p", class_="item-title").text.strip() for item in page.root.one("ul", class_="items").every("li")
        ]
        older = [link["href"] for link in page.root.every("a") if "before=" in link["href"]]
        path = older[0] if older else None
    assert seen == [str(number) for number in reversed(numbers)]


async def test_everything_that_is_looked_for_must_be_so(place: Place) -> None:
    db = place.db
    for actor, account, app in [(1, 1, 7), (1, 2, 7), (2, 2, 7), (1, None, 7), (1, 1, 8), (0, 2, 8)]:
        await db.write(_happened, actor, account, app)
    for asked, expected in [
        (Filter(actor_id=1, kind="thing"), [(1, 1, 8), (1, None, 7), (1, 2, 7), (1, 1, 7)]),
        (Filter(actor_id=1, app_id=7), [(1, None, 7), (1, 2, 7), (1, 1, 7)]),
        (Filter(actor_id=1, account_id=2), [(1, 2, 7)]),
        (Filter(account_id=2, app_id=8), [(0, 2, 8)]),
        (Filter(actor_id=2), [(2, 2, 7)]),
        (Filter(actor_id=1, kind="other"), []),
    ]:
        rows = await audit(db, asked, Bounds())
        assert [(row.actor_id, row.account_id, row.app_id) for row in rows] == expected
        assert [row.id async for row in every_event(db, asked)] == [row.id for row in reversed(rows)]
        assert [row.id for row in await audit(db, asked, Bounds(), 2)] == [row.id for row in rows[:2]]


@pytest.mark.parametrize("walked", ["_BY_TO_OTHERS", "_BY_TO_ONESELF", "_OF_ACCOUNT", "_OF_APP", "_OF_GRANT"])
async def test_no_search_goes_through_the_whole_record(sqlite_db: HeldDatabase, walked: str) -> None:
    plan = await plan_of(sqlite_db, getattr(queries, walked).down)
    assert any("USING INDEX ix_events_" in line for line in plan), plan
    assert [line for line in plan if line.startswith("SCAN") or "TEMP B-TREE" in line] == [], plan
    assert ("ix_events_actor_id_id" in " ".join(plan)) == (walked == "_BY_TO_OTHERS")


async def _connected(tx: Tx, app_id: int, number: int) -> int:
    account = await create_account(tx, f"person_{number}")
    return await grant(tx, account.id, app_id, scopes={"tweet.read"})


async def _happened(tx: Tx, actor: int, account: int | None, app: int) -> None:
    await record(tx, "thing.happened", actor_id=actor, account_id=account, app_id=app)
