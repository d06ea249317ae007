"""Fixtures of the database room: databases that also have the ledger's tables."""

import asyncio
import os
from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.conftest import HeldDatabase
from tests.db.databases import new_postgres_database
from tests.db.ledger import ledger
from volary.db.schema import create_all
from volary.kit.clock import HeldClock
from volary.kit.secrets import Keyring


@pytest.fixture
def ledger_url(database_url: str) -> str:
    """An empty database on each engine in turn, with the ledger's tables."""
    asyncio.run(_with_ledger(database_url))
    return database_url


@pytest.fixture
def sqlite_ledger_url(sqlite_url: str) -> str:
    asyncio.run(_with_ledger(sqlite_url))
    return sqlite_url


@pytest.fixture
def postgres_ledger_url(postgres_url: str) -> str:
    asyncio.run(_with_ledger(postgres_url))
    return postgres_url


@pytest.fixture
def empty_postgres_url() -> str:
    """A PostgreSQL database without any table."""
    return new_postgres_database(f"volary_empty_{os.getpid()}")


async def _with_ledger(url: str) -> None:
    await create_all(url, ledger)
    if url.startswith("postgresql"):
        connection = await asyncpg.connect(url)
        for table in reversed(ledger.sorted_tables):
            await connection.execute(f"DELETE FROM {table.name}")  # noqa: S608 - our own tables
        await connection.close()


@pytest.fixture
async def db(ledger_url: str, clock: HeldClock, keys: Keyring) -> AsyncIterator[HeldDatabase]:
    database = await HeldDatabase.open(ledger_url, clock, keys, worker_id=0)
    yield database
    await database.close()


@pytest.fixture
async def sqlite_db(sqlite_ledger_url: str, clock: HeldClock, keys: Keyring) -> AsyncIterator[HeldDatabase]:
    database = await HeldDatabase.open(sqlite_ledger_url, clock, keys, worker_id=0)
    yield database
    await database.close()


@pytest.fixture
async def postgres_db(postgres_ledger_url: str, clock: HeldClock, keys: Keyring) -> AsyncIterator[HeldDatabase]:
    database = await HeldDatabase.open(postgres_ledger_url, clock, keys, worker_id=0)
    yield database
    await database.close()
