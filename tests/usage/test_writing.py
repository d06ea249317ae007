"""What was noted is written down: by several processes, at the end, after a busy moment, and not for an App that is gone."""

from time import perf_counter
from typing import Any

import pytest
from sqlalchemy import bindparam, select

from tests.conftest import HeldDatabase
from tests.server.house import House, opened
from tests.usage.looking import Looked, rows_of
from volary.api.answer import Answer
from volary.db import Database, statement
from volary.db.errors import busy
from volary.kit.clock import DAY
from volary.portal.actions import remove_app
from volary.usage.actions.forgetting import sweep
from volary.usage.actions.noting import Calls
from volary.usage.models import app_usage
from volary.usage.queries.calls import latest_calls
from volary.usage.queries.days import days_of_app, endpoints_of_app

pytestmark = pytest.mark.anyio

_ROWS = statement(select(app_usage.c.requests).where(app_usage.c.app_id == bindparam("app_id")), int)


def note(calls: Calls, app_id: int, times: int = 1, status: int = 200, endpoint: str = "GET /2/users/me") -> None:
    for number in range(times):
        calls.note(Answer(status, app_id=app_id), endpoint, perf_counter(), 0.002, f"{number:012x}")


async def test_two_processes_add_up(house: House, house_url: str) -> None:
    app_id = house.apps["Messenger"].app.id
    other = await Database.open(house_url, house.clock, house.db.keys, worker_id=7)
    try:
        here, there = Calls(), Calls()
        for _ in range(5):
            note(here, app_id, 3)
            note(there, app_id, 4)
            await here.flush(house.db)
            await there.flush(other)
        [row] = await endpoints_of_app(house.db, app_id, 1)
        assert (row.requests, row.microseconds) == (35, 35 * 2000)
        assert len(await latest_calls(other, app_id, 0)) == 35
    finally:
        await other.close()


@pytest.mark.parametrize("ends", ["stop", "crash"])
async def test_a_stop_writes_what_is_held_and_a_crash_loses_only_that(house_url: str, ends: str) -> None:
    async with opened(house_url) as house:
        app_id, ann = house.apps["Messenger"].app.id, await house.bearer(house.cast.ann)
        looked = Looked(house)
        assert (await house.get("/2/users/me", ann)).status == 200
        await looked.calls.flush(house.db)
        assert (await house.get("/2/users/me", ann)).status == 200
        if ends == "crash":
            looked.calls._proven.clear()  # what was in memory is gone
        clock, keys = house.clock, house.db.keys
    db = await Database.open(house_url, clock, keys, worker_id=9)
    try:
        assert len(await latest_calls(db, app_id, 0)) == (2 if ends == "stop" else 1)
    finally:
        await db.close()


class Stubborn(HeldDatabase):
    """A database that cannot write for a while."""

    refuses = 0

    async def write(self, action: Any, /, *args: Any, **kwargs: Any) -> Any:
        if self.refuses:
            self.refuses -= 1
            raise busy("the disk is full")
        return await super().write(action, *args, **kwargs)


async def test_what_a_busy_database_does_not_take_waits_and_is_written_once(house: House) -> None:
    app_id, calls = house.apps["Messenger"].app.id, Calls()
    db = Stubborn(house.db.engine, house.clock, house.db.keys)
    db.refuses = 2
    note(calls, app_id, 3)
    await calls.flush(db)
    note(calls, app_id, 2)
    await calls.flush(db)
    assert await endpoints_of_app(house.db, app_id, 1) == []
    await calls.flush(db)
    [row] = await endpoints_of_app(house.db, app_id, 1)
    assert row.requests == 5
    await calls.flush(db)
    assert [row.requests for row in await endpoints_of_app(house.db, app_id, 1)] == [5]


async def test_an_app_that_is_deleted_takes_its_log_along_and_none_comes_back(house: House) -> None:
    looked, app_id = Looked(house), house.apps["Messenger"].app.id
    ann = await house.bearer(house.cast.ann)
    await house.get("/2/users/me", ann)
    await looked.calls.flush(house.db)
    await house.get("/2/users/me", ann)
    await house.db.write(remove_app, house.cast.dev.id, app_id)
    await looked.calls.flush(house.db)
    assert await rows_of(house.db, app_id) == await rows_of(house.db, app_id, proven=1) == []
    assert await house.db.all(_ROWS, app_id=app_id) == []


async def test_what_is_older_than_it_is_kept_goes(house: House) -> None:
    app_id, calls = house.apps["Messenger"].app.id, Calls()
    note(calls, app_id)
    await calls.flush(house.db)
    house.clock.advance(5 * DAY)
    note(calls, app_id)
    await calls.flush(house.db)
    assert await sweep(house.db, 90, 7) == 0
    house.clock.advance(3 * DAY)
    assert await sweep(house.db, 90, 7) == 1
    assert len(await latest_calls(house.db, app_id, 0)) == 1
    house.clock.advance(84 * DAY)
    assert await sweep(house.db, 90, 7) == 2
    assert [row.requests for row in await endpoints_of_app(house.db, app_id, 100)] == [1]


async def test_days_have_their_own_numbers_and_days_without_calls_are_there(house: House) -> None:
    app_id, calls = house.apps["Messenger"].app.id, Calls()
    note(calls, app_id, 2)
    note(calls, app_id, 1, 404)
    await calls.flush(house.db)
    house.clock.advance(2 * DAY)
    note(calls, app_id, 1, 429)
    note(calls, app_id, 1, 500, "POST /2/tweets")
    await calls.flush(house.db)
    days = await days_of_app(house.db, app_id, 4)
    assert [(row.requests, row.refused, row.limited, row.failed) for row in days] == [
        (0, 0, 0, 0),
        (3, 1, 0, 0),
        (0, 0, 0, 0),
        (2, 0, 1, 1),
    ]


async def test_writing_takes_as_many_statements_as_there_are_apps_and_endpoints_however_many_calls(
    house: House,
) -> None:
    ids = [house.apps[name].app.id for name in ("Reader", "Writer")]
    counts = []
    for times in (1, 500):
        calls = Calls()
        for app_id in ids:
            note(calls, app_id, times)
            note(calls, app_id, times, endpoint="POST /2/tweets")
        counts.append(await statements(house, calls))
    assert max(counts) <= 1 + 2 * (2 + 1 + 2), "which Apps are there, two endpoints, one row of calls, letting go"


async def statements(house: House, calls: Calls) -> int:
    """How many statements a flush carries out."""
    count = 0

    class Counting(HeldDatabase):
        async def write(self, action: Any, /, *args: Any, **kwargs: Any) -> Any:
            async def counted(tx: Any) -> Any:
                return await action(_Counted(tx), *args, **kwargs)

            return await super().write(counted)

    class _Counted:
        def __init__(self, tx: Any) -> None:
            self._tx = tx

        def __getattr__(self, name: str) -> object:
            nonlocal count
            count += name in {"run", "one", "all"}
            return getattr(self._tx, name)

    await calls.flush(Counting(house.db.engine, house.clock, house.db.keys))
    return count
