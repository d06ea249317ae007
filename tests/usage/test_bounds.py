"""Nobody fills memory, the log or the counters; what comes too fast is counted as dropped."""

from time import perf_counter

import pytest

from tests.server.house import Bearer, House, Signed, asked
from tests.usage.looking import Looked, rows_of
from volary.api.answer import Answer
from volary.kit.errors import Refusal
from volary.usage.actions import noting
from volary.usage.actions.noting import Calls
from volary.usage.rules.bounds import LATEST, LATEST_UNPROVEN, RING, RING_UNPROVEN

pytestmark = pytest.mark.anyio


def named(app_id: int, *, proven: bool = False) -> Answer:
    """The answer to somebody who named an App."""
    refusal = Refusal("No.").because("signature").named(app_id, proven=proven)
    return Answer(401, refusal=refusal)


def flood(calls: Calls, answer: Answer, times: int) -> None:
    for number in range(times):
        calls.note(answer, "GET /2/users/me", perf_counter(), 0.001, f"{number:012x}")


@pytest.mark.attack("SR-367")
async def test_strangers_push_out_strangers_alone(house: House, looked: Looked) -> None:
    ann = await house.bearer(house.cast.ann)
    await house.get("/2/users/me", ann)
    app_id = looked.app_id("Messenger")
    flood(looked.calls, named(app_id), RING_UNPROVEN + 500)
    assert looked.calls.dropped == 500
    assert [call.status for call in await looked.log()] == [200]
    assert len(await looked.log(proven=False)) == LATEST_UNPROVEN
    counted = await looked.counted()
    assert counted == {"": (RING_UNPROVEN, RING_UNPROVEN, 0, 0), "GET /2/users/me": (1, 0, 0, 0)}


@pytest.mark.attack("SR-367")
async def test_rows_of_a_log_do_not_grow_however_long_strangers_go_on(house: House, looked: Looked) -> None:
    app_id = looked.app_id("Messenger")
    for _ in range(40):
        flood(looked.calls, named(app_id), 150)
        await looked.calls.flush(house.db)
    kept = await rows_of(house.db, app_id)
    assert sum(row.size for row in kept) <= 2 * LATEST_UNPROVEN
    for _ in range(8):
        flood(looked.calls, named(app_id, proven=True), 400)
        await looked.calls.flush(house.db)
    assert sum(row.size for row in await rows_of(house.db, app_id, proven=1)) <= 2 * LATEST
    assert len(await looked.log()) == LATEST


@pytest.mark.attack("SR-367")
async def test_names_that_strangers_make_up_make_no_rows_of_their_own(house: House, looked: Looked) -> None:
    for number in range(60):
        who = Signed(f"key{number}", "s", f"token{number}", "s") if number % 2 else Bearer(f"made-up-{number}")
        assert (await house.get(f"/2/users/{number + 1}", who)).status == 401
    await looked.calls.flush(house.db)
    assert await rows_of(house.db, 0, proven=0)
    assert await looked.counted("") == {"": (60, 60, 0, 0)}
    for app in house.apps:
        assert await looked.counted(app) == {}


async def test_a_full_ring_drops_its_oldest_calls_and_tells_how_many(sqlite_house: House) -> None:
    calls = Calls()
    app_id = sqlite_house.apps["Messenger"].app.id
    flood(calls, Answer(200, app_id=app_id), RING + 7)
    assert calls.dropped == 7
    assert len(calls._proven) == RING
    assert calls._proven[0][7] == f"{7:012x}"
    sqlite_house.application.resources[Calls].dropped = 7
    got = await asked(sqlite_house.application, "GET", "/metrics", [("host", "localhost:8000")], peer="127.0.0.1")
    assert b"volary_calls_dropped_total 7.0" in got.body


async def test_switched_off_nothing_is_held(sqlite_house: House) -> None:
    calls = Calls(counting=False, logging=False)
    flood(calls, Answer(200, app_id=1), 3)
    flood(calls, named(1), 3)
    assert not calls._proven
    assert not calls._unproven


async def test_a_refusal_lets_go_of_the_request(sqlite_house: House) -> None:
    looked = Looked(sqlite_house)
    await sqlite_house.get("/2/users/me", Bearer("nothing"))
    refusal = looked.calls._unproven[-1][0]
    assert refusal.__traceback__ is None
    assert refusal.__context__ is None
    assert noting.FLUSH_SECONDS <= 2
