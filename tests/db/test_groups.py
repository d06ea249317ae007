"""Group commit on SQLite: who is answered when, and what happens when a group is lost. `controls.py` holds the wrong writers."""

import asyncio
import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.conftest import HeldDatabase
from tests.db.controls import AnswersEarly, KeepsLostValues, SlowCommit, TrustsItsTransaction, WithoutSavepoints
from tests.db.ledger import (
    COUNT,
    NAMES,
    SET,
    WHOLE_NAMES,
    Refused,
    count_up,
    enter,
    enter_and_fail,
    names,
)
from volary.db import Tx
from volary.db.sqlite.engine import SqliteEngine
from volary.db.sqlite.writer import Writer
from volary.kit.errors import Busy


def engine_of(db: HeldDatabase) -> SqliteEngine:
    assert isinstance(db.engine, SqliteEngine)
    return db.engine


async def commit_has_begun(db: HeldDatabase) -> None:
    """Wait until a `SlowCommit` is on its way, and has all of its time before it."""
    writer = engine_of(db).writer
    assert isinstance(writer, SlowCommit)
    async with asyncio.timeout(60):
        while not writer.committing:
            await asyncio.sleep(0)


def replace_writer(db: HeldDatabase, kind: type[Writer]) -> None:
    """Let another writer work on the same connection."""
    engine_of(db).writer.__class__ = kind


async def write_many(db: HeldDatabase, *actions: Any, seconds: float = 60) -> list[Any]:
    """Write all at once, each with its number as a name; nobody may hang."""
    async with asyncio.timeout(seconds):
        calls = (db.write(action, f"{number:03}") for number, action in enumerate(actions))
        return await asyncio.gather(*calls, return_exceptions=True)


async def test_writes_that_wait_share_a_commit(sqlite_db: HeldDatabase) -> None:
    before = engine_of(sqlite_db).writer.groups
    await write_many(sqlite_db, *[enter] * 200)
    # The first may be alone in its group; the others came while its commit was on the way.
    assert engine_of(sqlite_db).writer.groups - before <= 3
    assert len(await sqlite_db.all(WHOLE_NAMES)) == 200


@pytest.mark.parametrize("kind", [Writer, WithoutSavepoints])
async def test_a_failing_action_rolls_back_alone(sqlite_db: HeldDatabase, kind: type[Writer]) -> None:
    replace_writer(sqlite_db, kind)
    ends = await write_many(sqlite_db, *[enter, enter_and_fail, enter] * 5)
    assert [isinstance(end, Refused) for end in ends] == [False, True, False] * 5
    right = await sqlite_db.all(NAMES) == await sqlite_db.all(WHOLE_NAMES)
    assert right == (kind is Writer)


@pytest.mark.parametrize("kind", [SlowCommit, AnswersEarly])
async def test_what_is_answered_is_committed(sqlite_db: HeldDatabase, kind: type[Writer]) -> None:
    replace_writer(sqlite_db, kind)
    await sqlite_db.write(enter, "a")
    other = sqlite3.connect(engine_of(sqlite_db).path)
    committed = other.execute("SELECT count(*) FROM test_entries").fetchone() == (1,)
    other.close()
    assert committed == (kind is SlowCommit)


async def test_nobody_sees_a_group_before_its_commit(sqlite_db: HeldDatabase) -> None:
    replace_writer(sqlite_db, SlowCommit)
    ran = asyncio.Event()

    async def act(tx: Tx) -> list[str]:
        await enter(tx, "a")
        ran.set()
        return await names(tx)

    writing = asyncio.create_task(sqlite_db.write(act))
    await ran.wait()
    assert await sqlite_db.all(NAMES) == []
    assert await sqlite_db.long.all(NAMES) == []
    assert await writing == ["a"]
    assert await sqlite_db.all(NAMES) == ["a"]


async def test_reads_go_on_while_a_commit_is_on_its_way(sqlite_db: HeldDatabase) -> None:
    replace_writer(sqlite_db, SlowCommit)
    writing = asyncio.create_task(sqlite_db.write(enter, "a"))
    await asyncio.sleep(0)
    reads = 0
    while not writing.done():
        await sqlite_db.all(NAMES)
        await asyncio.sleep(0)
        reads += 1
    assert reads > 50


@contextmanager
def no_file_may_grow(beyond: int) -> Iterator[None]:
    """Let the kernel refuse writes beyond an offset: to SQLite an I/O error, at which it ends the transaction."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (beyond, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def wal_size(db: HeldDatabase) -> int:
    path = engine_of(db).path
    return path.with_name(path.name + "-wal").stat().st_size


@pytest.mark.parametrize("kind", [Writer, KeepsLostValues])
async def test_an_action_that_runs_again_leaves_one_effect(sqlite_db: HeldDatabase, kind: type[Writer]) -> None:
    replace_writer(sqlite_db, kind)
    await sqlite_db.write(count_up, "before")
    runs: list[str] = []
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    async def count(tx: Tx, name: str) -> int:
        runs.append(name)
        if len(runs) == 1:  # the first run's commit will meet an I/O error
            resource.setrlimit(resource.RLIMIT_FSIZE, (wal_size(sqlite_db), limits[1]))
        elif len(runs) == 4:  # the second time round there is room again
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        return await count_up(tx, "n")

    try:
        if kind is KeepsLostValues:
            runs.append("no fault is needed: this writer runs everything twice")
        ends = await write_many(sqlite_db, count, count, count)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert len(runs) > 3
    right = await sqlite_db.one(COUNT, name="n") == 3 and sorted(ends) == [1, 2, 3]
    assert right == (kind is Writer)


async def test_a_lasting_io_error_refuses_everybody_and_then_all_is_well(sqlite_db: HeldDatabase) -> None:
    await sqlite_db.write(enter, "before")
    with no_file_may_grow(wal_size(sqlite_db)):
        ends = await write_many(sqlite_db, enter, enter_and_fail, enter)
    assert [type(end) for end in ends] == [Busy, Busy, Busy]
    await sqlite_db.write(enter, "after")
    assert await sqlite_db.all(WHOLE_NAMES) == ["before", "after"]
    assert await sqlite_db.check() == []


@pytest.mark.parametrize("kind", [Writer, TrustsItsTransaction])
async def test_a_full_database_refuses_the_group_and_the_next_write_works(
    sqlite_db: HeldDatabase, kind: type[Writer]
) -> None:
    """SQLITE_FULL through max_page_count, so that it needs no disk of its own; `test_disk.py` fills a real one where it may."""
    replace_writer(sqlite_db, kind)
    connection = engine_of(sqlite_db).writer._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")

    async def big(tx: Tx, name: str) -> int:
        return await enter(tx, name, text="x" * 100_000)

    try:
        ends = await write_many(sqlite_db, enter, enter, big, enter, seconds=5 if kind is Writer else 0.5)
        right = all(isinstance(end, Busy) and end.retry_after >= 1 for end in ends)
    except (TimeoutError, sqlite3.Error):
        right = False
    assert right == (kind is Writer)
    if kind is Writer:
        assert await sqlite_db.all(NAMES) == []
        connection.execute(f"PRAGMA max_page_count = {pages + 1000}")
        await sqlite_db.write(big, "after")
        assert await sqlite_db.all(WHOLE_NAMES) == ["after"]
        assert await sqlite_db.check() == []


async def test_a_lock_of_another_process_is_waited_for_without_stopping_the_loop(sqlite_db: HeldDatabase) -> None:
    other = sqlite3.connect(engine_of(sqlite_db).path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    writing = [asyncio.create_task(sqlite_db.write(enter, name)) for name in "ab"]
    for _ in range(100):
        assert await sqlite_db.all(NAMES) == []
        await asyncio.sleep(0.001)
    assert not any(task.done() for task in writing)
    other.execute("ROLLBACK")
    await asyncio.gather(*writing)
    assert await sqlite_db.all(WHOLE_NAMES) == ["a", "b"]
    other.close()


@pytest.mark.attack("SR-345")
async def test_a_lock_that_stays_is_refused_in_time(sqlite_db: HeldDatabase) -> None:
    other = sqlite3.connect(engine_of(sqlite_db).path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    ends = await write_many(sqlite_db, enter, enter)
    assert [type(end) for end in ends] == [Busy, Busy]
    assert time.monotonic() - began < 30  # it would never end
    other.execute("ROLLBACK")
    other.close()
    assert await sqlite_db.write(enter, "after") > 0


async def test_a_long_group_lets_others_have_their_turn(sqlite_db: HeldDatabase) -> None:
    async def slow(tx: Tx, name: str) -> None:
        await enter(tx, name)
        time.sleep(0.005)

    writing = asyncio.create_task(write_many(sqlite_db, *[slow] * 40))
    turns = 0
    while not writing.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 20
    assert [end for end in await writing if end is not None] == []


async def test_a_caller_that_left_before_its_turn_is_spared_the_action(sqlite_db: HeldDatabase) -> None:
    replace_writer(sqlite_db, SlowCommit)
    first = asyncio.create_task(sqlite_db.write(enter, "first"))
    await commit_has_begun(sqlite_db)
    waiting = asyncio.create_task(sqlite_db.write(enter, "left"))
    await asyncio.sleep(0)
    waiting.cancel()
    await first
    await sqlite_db.write(enter, "last")
    assert await sqlite_db.all(NAMES) == ["first", "last"]


async def test_too_many_waiting_writes_are_refused(sqlite_db: HeldDatabase) -> None:
    ends = await write_many(sqlite_db, *[enter] * 5000)
    refused = [end for end in ends if isinstance(end, Busy)]
    assert 0 < len(refused) < 1000
    assert len(await sqlite_db.all(NAMES)) == 5000 - len(refused)


async def test_a_program_that_ends_waits_for_a_commit_that_is_half_done(sqlite_db: HeldDatabase) -> None:
    """The end of an event loop cancels every task, the writer's too."""
    replace_writer(sqlite_db, SlowCommit)
    writing = asyncio.create_task(sqlite_db.write(enter, "a"))
    await commit_has_begun(sqlite_db)
    working = engine_of(sqlite_db).writer._working
    assert working is not None
    working.cancel()
    with pytest.raises(Busy):
        await writing
    assert isinstance(await sqlite_db.write(enter, "b"), int)
    assert (await sqlite_db.all(NAMES))[-1:] == ["b"]


async def test_closing_finishes_what_waits(sqlite_db: HeldDatabase) -> None:
    writing = [asyncio.create_task(sqlite_db.write(enter, name)) for name in "abc"]
    await asyncio.sleep(0)
    await engine_of(sqlite_db).writer.close()
    await asyncio.gather(*writing)
    assert await sqlite_db.all(WHOLE_NAMES) == ["a", "b", "c"]
    with pytest.raises(Busy):
        await sqlite_db.write(enter, "late")


async def test_the_wal_stays_bounded_under_writes_and_reads(sqlite_db: HeldDatabase) -> None:
    async def big(tx: Tx, name: str) -> int:
        return await enter(tx, name, text="x" * 20_000)

    for round_ in range(20):
        await asyncio.gather(*(sqlite_db.write(big, f"{round_} {number}") for number in range(100)))
        await sqlite_db.all(NAMES)
    assert wal_size(sqlite_db) < 20 * 1024 * 1024  # 40 MB were written


async def test_a_long_read_is_stopped_when_its_caller_leaves(sqlite_db: HeldDatabase) -> None:
    from sqlalchemy import func, select

    from tests.db.ledger import entries
    from volary.db import statement

    a, b, c, d = (entries.alias() for _ in range(4))
    endless = statement(
        select(func.count()).select_from(a.join(b, a.c.id > 0).join(c, a.c.id > 0).join(d, a.c.id > 0)), int
    )
    await write_many(sqlite_db, *[enter] * 300)
    reading = asyncio.create_task(sqlite_db.long.one(endless))
    began = time.monotonic()
    await asyncio.sleep(0.05)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await asyncio.gather(*(sqlite_db.long.all(NAMES) for _ in range(4)))
    assert time.monotonic() - began < 30  # it would never end


async def test_reading_the_first_row_holds_no_snapshot(sqlite_db: HeldDatabase) -> None:
    """A statement with rows to come keeps its view of the database; closed, the next read sees what was committed since."""

    async def set_to(tx: Tx, count: int) -> None:
        await tx.run(SET, name="n", count=count)

    await write_many(sqlite_db, enter, enter)
    for count in range(3):
        assert await sqlite_db.one(NAMES) == "000"
        await sqlite_db.write(set_to, count)
        assert await sqlite_db.one(COUNT, name="n") == count


@pytest.mark.attack("SR-345")
async def test_a_long_reader_elsewhere_keeps_the_wal_and_nothing_else(sqlite_db: HeldDatabase) -> None:
    """Another process reads on and on, so that nothing can be copied into the database: reads and writes go on, and once it ends the
    WAL is used again from its beginning.
    """

    async def big(tx: Tx, name: str) -> int:
        return await enter(tx, name, text="x" * 20_000)

    async def rounds(first: int) -> None:
        for round_ in range(first, first + 10):
            await asyncio.gather(*(sqlite_db.write(big, f"{round_} {number}") for number in range(100)))

    await sqlite_db.write(enter, "before")
    other = sqlite3.connect(engine_of(sqlite_db).path, isolation_level=None)
    other.execute("BEGIN")
    assert other.execute("SELECT count(*) FROM test_entries").fetchone() == (1,)
    await rounds(0)
    grown = wal_size(sqlite_db)
    assert grown > 15 * 1024 * 1024
    assert other.execute("SELECT count(*) FROM test_entries").fetchone() == (1,)
    assert len(await sqlite_db.all(NAMES)) == 1_001
    other.execute("ROLLBACK")
    other.close()
    await rounds(10)
    assert wal_size(sqlite_db) <= grown + 4 * 1024 * 1024
    assert len(await sqlite_db.all(WHOLE_NAMES)) == 2_001
