"""Alive and ready while the database is away and comes back, and a start that does not depend on how much is stored (SR-369)."""

import asyncio
import contextlib
import signal
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.conftest import HeldDatabase
from tests.db.server import PostgresServer
from tests.server.house import opened
from volary.accounts.models import accounts
from volary.db import statement
from volary.db.installation import newest_id
from volary.db.schema import create_all, every_table
from volary.db.sqlite.connections import path_of
from volary.kit.clock import HeldClock
from volary.kit.secrets import Keyring

pytestmark = pytest.mark.attack("SR-369")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server that nobody else uses."""
    started = PostgresServer()
    asyncio.run(create_all(started.url(), every_table()))
    yield started
    started.stop()


async def test_while_the_database_is_away_it_is_alive_and_not_ready(server: PostgresServer) -> None:
    async with opened(server.url()) as house:
        who = await house.bearer(house.cast.ann)

        async def told() -> tuple[int, int]:
            alive, ready = await house.get("/healthz"), await house.get("/readyz")
            assert ready.status == 200 or int(ready.header("retry-after") or 0) >= 1
            return alive.status, ready.status

        assert await told() == (200, 200)
        server.signal(signal.SIGQUIT)
        await asyncio.to_thread(server.process.wait, 30)
        try:
            assert await told() == (200, 503)
            refused = await house.get("/2/users/me", who)
            assert (refused.status, refused.header("retry-after")) == (503, "1")
            assert b"postgres" not in refused.body.lower()
            page = await house.get("/login")
            assert page.status in {200, 503}
        finally:
            await asyncio.to_thread(server.start)
        async with asyncio.timeout(60):
            while await told() != (200, 200):
                await asyncio.sleep(0.05)
        assert (await house.get("/2/users/me", who)).status == 200


async def test_a_start_reads_as_little_of_a_full_database_as_of_an_empty_one(
    sqlite_url: str, clock: HeldClock, keys: Keyring
) -> None:
    """What a start asks of every table, counted in the steps of SQLite's own machine; and the control, which counts rows."""
    every = statement(select(func.count(accounts.c.id)), int)
    before = [await steps(sqlite_url, clock, keys, newest_id), await steps(sqlite_url, clock, keys, every)]
    with contextlib.closing(sqlite3.connect(path_of(sqlite_url))) as direct, direct:
        direct.executemany(
            "INSERT INTO accounts (id, username, username_key, name, created_at) VALUES (?, ?, ?, ?, 1)",
            [(number, f"u{number}", f"u{number}", "U") for number in range(1 << 40, (1 << 40) + 20_000)],
        )
    after = [await steps(sqlite_url, clock, keys, newest_id), await steps(sqlite_url, clock, keys, every)]
    assert [late - early < 100 for early, late in zip(before, after, strict=True)] == [True, False]


async def steps(url: str, clock: HeldClock, keys: Keyring, asked: Any) -> int:
    """How many steps a read takes on a database that was opened just now."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    db = await HeldDatabase.open(url, clock, keys, worker_id=0)
    reader: sqlite3.Connection = db.engine._reader  # type: ignore[attr-defined]
    reader.set_progress_handler(step, 1)
    try:
        await (asked(db) if callable(asked) else db.one(asked))
    finally:
        reader.set_progress_handler(None, 0)
        await db.close()
    return count
