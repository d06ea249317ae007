"""Work that is done later: exactly when its act happened, by one process, again when it fails, until it is given up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from types import ModuleType

import pytest

from tests.conftest import HeldDatabase
from volary.db import Database, Tx
from volary.jobs import running
from volary.jobs.actions import drop, forget, later, retry, retry_all, take
from volary.jobs.declaring import GivenUp, Job, Payload, Work, job, jobs_of
from volary.jobs.models import JobRow
from volary.jobs.queries import count_given_up, jobs_after
from volary.jobs.rules import FIRST_WAIT, LONGEST_WAIT, wait_after
from volary.jobs.running import Runner
from volary.kit.clock import HOUR, MINUTE, SECOND
from volary.kit.resources import Resources


class Worker:
    """Does the jobs named `paint`, and fails as often as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.did: list[str | int] = []
        self.tries: list[int] = []
        self._failures = list(failures)

    async def __call__(self, work: Work, payload: Payload) -> None:
        self.tries.append(work.tries)
        if self._failures:
            raise self._failures.pop(0)
        self.did.append(payload["what"])

    def known(self, tries: int = 20, seconds: float = 60) -> dict[str, Job]:
        return {"paint": Job("paint", self, tries, seconds, None)}


@asynccontextmanager
async def working(db: Database, known: dict[str, Job]) -> AsyncIterator[Runner]:
    runner = Runner(db, Resources(), known)
    runner.start()
    yield runner
    await runner.stop()


async def until(there: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a state, for half a minute at the most."""
    async with asyncio.timeout(30):
        while not await there():
            await asyncio.sleep(0.01)


async def nothing_waits(db: Database) -> bool:
    return not await jobs_after(db)


async def only(db: Database) -> JobRow:
    (row,) = await jobs_after(db)
    return row


async def ask(tx: Tx, what: str, after: int = 0, lane: str = "") -> None:
    await later(tx, "paint", {"what": what}, after=after, lane=lane)


async def test_a_job_is_done_once_its_act_is_committed(db: HeldDatabase) -> None:
    worker = Worker()
    async with working(db, worker.known()):
        await db.write(ask, "the door")
        await until(lambda: nothing_waits(db))
    assert worker.did == ["the door"]


async def test_an_act_that_fails_leaves_no_job(db: HeldDatabase) -> None:
    async def act(tx: Tx) -> None:
        await ask(tx, "the door")
        raise RuntimeError("as told")

    with pytest.raises(RuntimeError):
        await db.write(act)
    assert await nothing_waits(db)


async def test_a_bell_is_heard_after_the_commit_and_not_after_a_failure(db: HeldDatabase) -> None:
    heard: list[int] = []
    db.listen("jobs", lambda: heard.append(1))

    async def act(tx: Tx, fails: bool) -> None:
        await ask(tx, "the door")
        assert not heard
        if fails:
            raise RuntimeError("as told")

    with pytest.raises(RuntimeError):
        await db.write(act, True)
    assert not heard
    await db.write(act, False)
    assert heard == [1]


async def test_a_job_for_later_waits_for_its_time(db: HeldDatabase) -> None:
    await db.write(ask, "the fence", HOUR)
    assert not await db.write(take, "me", MINUTE, 10, {}, 2)
    db.clock.advance(HOUR)
    assert [row.name for row in await db.write(take, "me", MINUTE, 10, {}, 2)] == ["paint"]


async def test_a_job_that_fails_is_tried_again_later(db: HeldDatabase) -> None:
    worker = Worker(RuntimeError("no brush"), RuntimeError("no paint"))
    async with working(db, worker.known()):
        await db.write(ask, "the door")
        for tried, word in ((1, "no brush"), (2, "no paint")):
            await until(partial(_was_tried, db, tried))
            row = await only(db)
            assert row.error == f"RuntimeError: {word}"
            assert 0.79 * FIRST_WAIT * tried <= row.due_at - db.now <= 1.21 * FIRST_WAIT * tried
            db.clock.advance(3 * MINUTE)
        await until(lambda: nothing_waits(db))
    assert (worker.did, worker.tries) == (["the door"], [1, 2, 3])


async def _was_tried(db: Database, times: int) -> bool:
    row = await only(db)
    return row.tries == times and row.holder == ""


async def test_a_job_is_given_up_after_its_last_try_and_stays_to_be_seen(db: HeldDatabase) -> None:
    worker = Worker(*[RuntimeError("no brush")] * 3)
    async with working(db, worker.known(tries=2)):
        await db.write(ask, "the door")
        await until(lambda: _was_tried(db, 1))
        db.clock.advance(HOUR)
        await until(lambda: _is_given_up(db))
        assert await count_given_up(db) == 1
        assert [row.error for row in await jobs_after(db, given_up=True)] == ["RuntimeError: no brush"]
        db.clock.advance(24 * HOUR)
        await asyncio.sleep(0.05)
        assert worker.tries == [1, 2]
        assert await db.write(retry, (await only(db)).id)
        await until(lambda: _was_tried(db, 1))
    assert worker.tries == [1, 2, 1]


async def _is_given_up(db: Database) -> bool:
    return await count_given_up(db) == 1


async def test_a_handler_may_say_that_trying_again_is_of_no_use(db: HeldDatabase) -> None:
    told: list[str] = []

    async def goodbye(tx: Tx, payload: Payload, why: str) -> None:
        told.append(f"{payload['what']}: {why}")

    worker = Worker(GivenUp("the door is gone"))
    async with working(db, {"paint": Job("paint", worker, 20, 60, goodbye)}):
        await db.write(ask, "the door")
        await until(lambda: _is_given_up(db))
    assert (worker.tries, told) == ([1], ["the door: the door is gone"])


async def test_a_try_that_takes_too_long_has_failed(db: HeldDatabase) -> None:
    async def sleep(work: Work, payload: Payload) -> None:
        await asyncio.sleep(600)

    async with working(db, {"paint": Job("paint", sleep, 20, 0.05, None)}):
        await db.write(ask, "the door")
        await until(lambda: _was_tried(db, 1))
    assert (await only(db)).error == "it took more than 0.05 seconds"


async def test_what_nobody_here_knows_waits_for_a_newer_program(db: HeldDatabase) -> None:
    async with working(db, {}):
        await db.write(ask, "the door")
        await until(lambda: _was_tried(db, 1))
    assert "does not know" in (await only(db)).error


async def test_a_process_that_stops_gives_back_what_it_cannot_end(db: HeldDatabase) -> None:
    begun = asyncio.Event()

    async def sleep(work: Work, payload: Payload) -> None:
        begun.set()
        await asyncio.sleep(600)

    runner = Runner(db, Resources(), {"paint": Job("paint", sleep, 20, 600, None)}, patience=0.01)
    runner.start()
    await db.write(ask, "the door")
    await asyncio.wait_for(begun.wait(), 30)
    await runner.stop()
    row = await only(db)
    assert (row.holder, row.tries, row.due_at) == ("", 0, db.now)


@pytest.mark.attack("SR-351")
async def test_the_lease_of_a_process_that_died_ends(db: HeldDatabase) -> None:
    """It took the job and never spoke again."""
    await db.write(ask, "the door")
    assert await db.write(take, "the dead one", MINUTE, 10, {}, 2)
    assert not await db.write(take, "another one", MINUTE, 10, {}, 2)
    db.clock.advance(MINUTE)
    worker = Worker()
    async with working(db, worker.known()):
        await until(lambda: nothing_waits(db))
    assert (worker.did, worker.tries) == (["the door"], [2])


async def test_a_job_that_kills_its_process_each_time_is_given_up(db: HeldDatabase) -> None:
    await db.write(ask, "the door")
    for _ in range(3):
        assert await db.write(take, "one that dies", MINUTE, 10, {}, 2)
        db.clock.advance(MINUTE)
    worker = Worker()
    async with working(db, worker.known(tries=3)):
        await until(lambda: _is_given_up(db))
    assert (worker.tries, (await only(db)).error) == ([], "every try ended without a word")


@pytest.mark.attack("SR-324")
async def test_two_processes_share_the_work_and_do_nothing_twice(db: HeldDatabase, database_url: str) -> None:
    """Each with connections of its own to the same database."""
    other = await HeldDatabase.open(database_url, db.clock, db.keys, worker_id=1)
    first, second = Worker(), Worker()

    async def ask_all(tx: Tx) -> None:
        for number in range(100):
            await ask(tx, str(number), lane=str(number % 10))

    async with working(db, first.known()), working(other, second.known()):
        await db.write(ask_all)
        await until(lambda: nothing_waits(db))
    await other.close()
    assert sorted(map(int, [*first.did, *second.did])) == list(range(100))


@pytest.mark.attack("SR-239")
async def test_a_lane_that_stands_still_holds_up_no_other(db: HeldDatabase) -> None:
    stuck, did = asyncio.Event(), []

    async def paint(work: Work, payload: Payload) -> None:
        if payload["what"] == "never":
            await stuck.wait()
        did.append(payload["what"])

    async def ask_all(tx: Tx) -> None:
        for _ in range(40):
            await ask(tx, "never", lane="the slow one")
        for _ in range(10):
            await ask(tx, "soon", lane="the quick one")

    async with working(db, {"paint": Job("paint", paint, 20, 600, None)}) as runner:
        await db.write(ask_all)
        await until(lambda: _has(did, 10))
        await until(lambda: _runs(runner, running.EACH_LANE))
        stuck.set()
        await until(lambda: nothing_waits(db))
    assert did[:10] == ["soon"] * 10


async def _has(did: list[str | int], count: int) -> bool:
    return len(did) >= count


async def _runs(runner: running.Runner, count: int) -> bool:
    """A job that is done is written down as done a moment later."""
    return len(runner._running) == count


async def test_what_was_given_up_is_asked_for_again_or_forgotten(db: HeldDatabase) -> None:
    worker = Worker(GivenUp("no"), GivenUp("no"))
    async with working(db, worker.known()):
        await db.write(ask, "the door")
        await db.write(ask, "the fence")
        await until(lambda: _are_given_up(db, 2))
    assert await db.write(retry_all) == 2
    assert await count_given_up(db) == 0
    first, _ = await jobs_after(db)
    assert await db.write(drop, first.id)
    assert not await db.write(drop, first.id)
    assert not await db.write(retry, first.id)
    worker = Worker(GivenUp("no"))
    async with working(db, worker.known()):
        await until(lambda: _are_given_up(db, 1))
    db.clock.advance(SECOND)
    assert await db.write(forget, db.now) == 1
    assert await nothing_waits(db)


async def _are_given_up(db: Database, count: int) -> bool:
    return await count_given_up(db) == count


def test_waits_grow_from_a_minute_to_four_hours_and_are_spread() -> None:
    assert [wait_after(tries, 0.5) // MINUTE for tries in range(1, 11)] == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240]
    assert wait_after(1, 0.0) == 0.8 * FIRST_WAIT
    assert wait_after(10_000, 1.0) == 1.2 * LONGEST_WAIT
    assert sum(wait_after(tries, 0.0) for tries in range(1, 20)) > 24 * HOUR


def test_jobs_are_declared_once() -> None:
    room = ModuleType("room")

    @job("paint", tries=3)
    async def paint(work: Work, payload: Payload) -> None: ...

    paint.__module__ = "room"
    vars(room)["paint"] = paint
    assert jobs_of([room])["paint"].tries == 3
    with pytest.raises(ValueError, match="two handlers"):
        jobs_of([room, room])
