"""A PostgreSQL server that crashes, freezes, or waits for a standby: callers are refused in time, and all is well afterwards."""

import asyncio
import itertools
import signal
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest

from tests.db.ledger import NAMES, WHOLE_NAMES, enter, ledger
from tests.db.server import PostgresServer
from volary.db import Database
from volary.db.schema import create_all, every_table
from volary.kit.clock import SystemClock
from volary.kit.errors import Busy
from volary.kit.secrets import Keyring


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server that nobody else uses."""
    started = PostgresServer()
    for tables in (every_table(), ledger):
        asyncio.run(create_all(started.url(), tables))
    yield started
    started.stop()


@pytest.fixture
async def db(server: PostgresServer, keys: Keyring) -> AsyncIterator[Database]:
    database = await Database.open(server.url(), SystemClock(), keys, worker_id=0)
    yield database
    await database.close()


async def ends_in_time(*calls: Any, seconds: float) -> list[Any]:
    """What each call ended with; none may take much longer, on however slow a machine: without limits they would hang."""
    began = time.monotonic()
    ends = await asyncio.gather(*calls, return_exceptions=True)
    assert time.monotonic() - began < 10 * seconds
    return ends


async def recovers(db: Database, name: str) -> None:
    """Write again and again until it works; not for longer than five seconds (SR-334)."""
    async with asyncio.timeout(50):
        while True:
            try:
                await db.write(enter, name)
                return
            except Busy:
                await asyncio.sleep(0.05)


@pytest.mark.attack("SR-334")
async def test_a_crashed_server_refuses_in_time_and_the_pool_recovers(db: Database, server: PostgresServer) -> None:
    acknowledged: list[str] = []
    refused: list[float] = []
    going_on = True

    async def write(writer: int) -> None:
        for number in itertools.takewhile(lambda _: going_on, itertools.count()):
            began = time.monotonic()
            try:
                await db.write(enter, f"crash {writer} {number}")
                acknowledged.append(f"crash {writer} {number}")
            except Busy:
                refused.append(time.monotonic() - began)
                await asyncio.sleep(0.02)

    writers = [asyncio.create_task(write(number)) for number in range(16)]
    async with asyncio.timeout(60):
        while len(acknowledged) < 50:
            await asyncio.sleep(0.01)
        server.halt()
        while len(refused) < 20:
            await asyncio.sleep(0.01)
    assert [type(end) for end in await ends_in_time(db.all(NAMES), db.write(enter, "x"), seconds=2)] == [Busy, Busy]
    server.start()
    await recovers(db, "after the crash")
    going_on = False
    await asyncio.gather(*writers)
    assert max(refused) < 20  # without a limit they would hang
    found = await db.all(NAMES)
    assert set(acknowledged) <= set(found)
    assert found == await db.all(WHOLE_NAMES)


async def test_a_frozen_server_refuses_in_time_and_recovers(db: Database, server: PostgresServer) -> None:
    await db.write(enter, "before the frost")
    server.signal(signal.SIGSTOP)
    try:
        calls = [db.all(NAMES) for _ in range(4)] + [db.write(enter, f"frozen {number}") for number in range(4)]
        ends = await ends_in_time(*calls, seconds=3)
        assert {type(end) for end in ends} == {Busy}
    finally:
        server.signal(signal.SIGCONT)
    await recovers(db, "after the frost")


async def test_connections_that_the_server_ends_are_replaced(db: Database, server: PostgresServer) -> None:
    await asyncio.gather(*(db.all(NAMES) for _ in range(10)))
    connection = await asyncpg.connect(server.url())
    await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'volary'")
    await connection.close()
    await recovers(db, "after the end")
    ends = await ends_in_time(*(db.all(NAMES) for _ in range(20)), seconds=5)
    assert all(isinstance(end, list) for end in ends)


@pytest.mark.attack("SR-338")
@pytest.mark.parametrize("cancelled", [False, True])
async def test_a_commit_that_reached_no_standby_is_not_acknowledged(
    db: Database, server: PostgresServer, cancelled: bool
) -> None:
    """Whether the answer does not come in time, or PostgreSQL gives up waiting and says that all is done."""
    connection = await asyncpg.connect(server.url())

    async def wait_for_standby(name: str) -> None:
        await connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
        await connection.execute("SELECT pg_reload_conf()")
        await until(f"SELECT current_setting('synchronous_standby_names') = '{name}'")

    async def until(question: str) -> None:
        async with asyncio.timeout(60):
            while not await connection.fetchval(question):
                await asyncio.sleep(0.01)

    await wait_for_standby("nobody")
    try:
        writing = asyncio.create_task(db.write(enter, f"on one machine only, cancelled {cancelled}"))
        await until("SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        if cancelled:
            await connection.execute("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        (end,) = await ends_in_time(writing, seconds=1 if cancelled else 3)
        assert isinstance(end, Busy)
        assert "unknown" in end.why
        assert all(isinstance(rows, list) for rows in await ends_in_time(db.all(NAMES), seconds=1))
    finally:
        await wait_for_standby("")
        await connection.close()
    await recovers(db, f"with a standby again, cancelled {cancelled}")
