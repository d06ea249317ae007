"""PostgreSQL only: tries that meet others, leases of worker ids, limits. `test_postgres_away.py` takes the server away."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Text, cast, func, select

from tests.conftest import HeldDatabase
from tests.db.ledger import COUNT, NAMES, SET, count_up, enter
from volary.db import Tx, statement
from volary.db.errors import CannotStart
from volary.db.ids import IdSource
from volary.db.postgres import engine
from volary.db.postgres.connections import new_pool
from volary.db.postgres.engine import PostgresEngine
from volary.db.postgres.lease import WorkerLease
from volary.kit.clock import HeldClock
from volary.kit.errors import Busy
from volary.kit.secrets import Keyring

SLEEP = statement(select(cast(func.pg_sleep(20), Text)), str)


async def execute(url: str, *statements: str) -> None:
    """Do something on a connection that is not the product's."""
    connection = await asyncpg.connect(url)
    try:
        for one in statements:
            await connection.execute(one)
    finally:
        await connection.close()


class ReadsCommitted(PostgresEngine):
    """A control: PostgreSQL's default isolation."""

    isolation = "read_committed"


@pytest.mark.parametrize("kind", [PostgresEngine, ReadsCommitted])
async def test_what_an_action_read_still_holds_when_it_commits(
    postgres_db: HeldDatabase, postgres_ledger_url: str, kind: type[PostgresEngine]
) -> None:
    """Another transaction commits between this action's read and its write, in the first of its runs."""
    postgres_db.engine.__class__ = kind
    await postgres_db.write(count_up, "n")
    runs = 0

    async def act(tx: Tx) -> int:
        nonlocal runs
        runs += 1
        found = await tx.one(COUNT, name="n") or 0
        await enter(tx, f"run {runs}")
        if runs == 1:
            other = execute(postgres_ledger_url, "UPDATE test_counters SET count = count + 10")
            with ThreadPoolExecutor(1) as thread:
                thread.submit(asyncio.run, other).result()
        await tx.run(SET, name="n", count=found + 1)
        return runs

    last = await postgres_db.write(act)
    right = await postgres_db.one(COUNT, name="n") == 12 and last == 2
    assert right == (kind is PostgresEngine)
    assert await postgres_db.all(NAMES) == [f"run {last}"]  # one effect, however often it ran


async def test_a_crowd_that_changes_one_row_at_once_all_gets_through(postgres_db: HeldDatabase) -> None:
    await postgres_db.write(count_up, "n")
    await asyncio.gather(*(postgres_db.write(count_up, "n") for _ in range(120)))
    assert await postgres_db.one(COUNT, name="n") == 121


async def test_after_its_tries_an_action_that_always_meets_others_is_refused(
    postgres_db: HeldDatabase, postgres_ledger_url: str
) -> None:
    await postgres_db.write(count_up, "n")
    runs = 0

    async def unlucky(tx: Tx) -> None:
        nonlocal runs
        runs += 1
        found = await tx.one(COUNT, name="n") or 0
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, execute(postgres_ledger_url, "UPDATE test_counters SET count = 5")).result()
        await tx.run(SET, name="n", count=found + 1)

    with pytest.raises(Busy):
        await postgres_db.write(unlucky)
    assert runs == engine.TRIES
    assert await postgres_db.one(COUNT, name="n") == 5


async def test_a_read_that_takes_too_long_is_stopped(postgres_db: HeldDatabase) -> None:
    began = time.monotonic()
    with pytest.raises(Busy):
        await postgres_db.one(SLEEP)
    assert time.monotonic() - began < 15  # of the twenty seconds that it would take


async def test_a_table_that_another_locks_is_refused_in_time(
    postgres_db: HeldDatabase, postgres_ledger_url: str
) -> None:
    connection = await asyncpg.connect(postgres_ledger_url)
    async with connection.transaction():
        await connection.execute("LOCK TABLE test_entries IN ACCESS EXCLUSIVE MODE")
        async with asyncio.timeout(60):
            with pytest.raises(Busy):
                await postgres_db.write(enter, "a")
    await connection.close()
    await postgres_db.write(enter, "a")


async def test_a_used_up_pool_refuses_in_time_and_recovers(postgres_db: HeldDatabase) -> None:
    assert isinstance(postgres_db.engine, PostgresEngine)
    pool = postgres_db.engine._pool
    taken = [await pool.acquire() for _ in range(pool.get_max_size())]
    async with asyncio.timeout(60):
        ends = await asyncio.gather(postgres_db.all(NAMES), postgres_db.write(enter, "a"), return_exceptions=True)
    assert [type(end) for end in ends] == [Busy, Busy]
    for connection in taken:
        await pool.release(connection)
    assert await postgres_db.all(NAMES) == []


async def test_long_reads_leave_room_for_short_ones(postgres_db: HeldDatabase) -> None:
    reading = [asyncio.create_task(postgres_db.long.one(SLEEP)) for _ in range(20)]
    await asyncio.sleep(0.2)
    assert await postgres_db.all(NAMES) == []
    assert sum(not task.done() for task in reading) >= 3
    async with asyncio.timeout(60):
        while sum(task.done() for task in reading) < 17:
            await asyncio.sleep(0.05)
    assert all(isinstance(task.exception(), Busy) for task in reading if task.done())
    assert sum(not task.done() for task in reading) == 3
    for task in reading:
        task.cancel()
    await asyncio.gather(*reading, return_exceptions=True)
    assert await postgres_db.long.all(NAMES) == []


def next_or_none(ids: IdSource) -> int | None:
    """The next id, or None while no worker id is leased."""
    try:
        return ids.next()
    except Busy:
        return None


class TestLeases:
    """Worker ids: no two processes hold one at the same time."""

    @pytest.fixture
    async def pool(self, postgres_url: str) -> Any:
        pool = await new_pool(postgres_url)
        yield pool
        await pool.close()

    async def test_each_process_gets_an_id_of_its_own(self, pool: Any, clock: HeldClock) -> None:
        leases = [WorkerLease(pool, IdSource(clock)) for _ in range(12)]
        taken = await asyncio.gather(*(lease.start(0) for lease in leases))
        assert sorted(taken) == list(range(12))
        await leases[taken.index(3)].close()
        late = WorkerLease(pool, IdSource(clock))
        assert await late.start(0) == 3
        await asyncio.gather(*(lease.close() for lease in (*leases, late)))
        assert await pool.fetchval("SELECT count(*) FROM worker_leases") == 0

    async def test_a_lease_is_renewed_and_one_that_ended_is_free(self, pool: Any, clock: HeldClock) -> None:
        lasting = WorkerLease(pool, IdSource(clock), seconds=8)
        assert await lasting.start(0) == 0
        await pool.execute("INSERT INTO worker_leases VALUES (1, 'a process that was killed', 0)")
        ends = "SELECT expires_at FROM worker_leases WHERE worker_id = 0"
        first = await pool.fetchval(ends)
        async with asyncio.timeout(60):
            while await pool.fetchval(ends) == first:
                await asyncio.sleep(0.05)
        late = WorkerLease(pool, IdSource(clock))
        assert await late.start(0) == 1
        await asyncio.gather(lasting.close(), late.close())

    async def test_without_a_lease_there_are_no_ids(self, pool: Any, clock: HeldClock, postgres_url: str) -> None:
        ids = IdSource(clock)
        with pytest.raises(Busy):
            ids.next()
        lease = WorkerLease(pool, ids, seconds=4)
        await lease.start(0)
        first = ids.next()
        connection = await asyncpg.connect(postgres_url)
        async with connection.transaction():
            await connection.execute("LOCK TABLE worker_leases IN ACCESS EXCLUSIVE MODE")
            async with asyncio.timeout(60):
                while (last := next_or_none(ids)) is not None:
                    first = last
                    await asyncio.sleep(0.05)
        await connection.close()
        async with asyncio.timeout(60):
            while (after := next_or_none(ids)) is None:
                await asyncio.sleep(0.05)
        assert after > first
        await lease.close()

    async def test_a_lease_that_another_took_is_replaced(self, pool: Any, clock: HeldClock) -> None:
        ids = IdSource(clock)
        lease = WorkerLease(pool, ids, seconds=4)
        await lease.start(0)
        first = ids.next()
        await pool.execute("UPDATE worker_leases SET holder = 'another', expires_at = expires_at + 100000")
        async with asyncio.timeout(60):
            while ((second := next_or_none(ids) or 0) >> 12) & 1023 != 1:
                await asyncio.sleep(0.05)
        assert second > first
        await lease.close()

    async def test_more_processes_than_ids_are_refused(self, pool: Any, clock: HeldClock) -> None:
        await pool.execute("INSERT INTO worker_leases SELECT n, 'x', 9000000000000 FROM generate_series(0, 1023) AS n")
        with pytest.raises(CannotStart):
            await WorkerLease(pool, IdSource(clock)).start(0)

    async def test_a_database_leases_its_id(
        self, postgres_url: str, pool: Any, clock: HeldClock, keys: Keyring
    ) -> None:
        opened = [await HeldDatabase.open(postgres_url, clock, keys) for _ in range(2)]
        assert await pool.fetch("SELECT worker_id FROM worker_leases ORDER BY 1") == [(0,), (1,)]
        for database in opened:
            await database.close()
        assert await pool.fetch("SELECT worker_id FROM worker_leases") == []
