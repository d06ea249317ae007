"""Fixtures that every room's tests may use. `db` runs a test once on each engine; more people and apps are in `tests/cast.py`."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.db.databases import emptied_postgres, new_sqlite
from tests.db.server import scratch
from volary.db import Database
from volary.kit.clock import HeldClock
from volary.kit.secrets import Keyring

# Time says nothing about these properties, and a machine that runs other things too is slow.
settings.register_profile("volary", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("volary")

pytest_plugins = [
    "tests.cast",
    "tests.groups",
    "tests.seen",
    "tests.server.app_commands",
    "tests.server.houses",
    "tests.worlds",
]
"""Modules with fixtures and hooks for every room."""


class HeldDatabase(Database):
    """A database whose clock stands still until a test moves it: `db.clock.advance(ms)`."""

    clock: HeldClock


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """Async tests run as the server does: on asyncio with uvloop."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture(scope="session")
def keys() -> Keyring:
    return Keyring(bytes(range(32)))


@pytest.fixture
def sqlite_url() -> Iterator[str]:
    """A new SQLite database with every table, in memory where there is any."""
    folder = scratch()
    yield new_sqlite(folder)
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


@pytest.fixture
def postgres_url() -> str:
    """A PostgreSQL database with every table, all empty."""
    return emptied_postgres()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database on each engine in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def db(database_url: str, clock: HeldClock, keys: Keyring) -> AsyncIterator[HeldDatabase]:
    """An open database on each engine in turn."""
    database = await HeldDatabase.open(database_url, clock, keys, worker_id=0)
    yield database
    await database.close()


@pytest.fixture
async def sqlite_db(sqlite_url: str, clock: HeldClock, keys: Keyring) -> AsyncIterator[HeldDatabase]:
    """An open SQLite database, for what only that engine does."""
    database = await HeldDatabase.open(sqlite_url, clock, keys, worker_id=0)
    yield database
    await database.close()
