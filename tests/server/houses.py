"""Fixtures for every room: a server in this process for the tests of a file, on SQLite; `each_house` is one on each engine in turn."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from tests.db.databases import emptied_postgres, new_sqlite
from tests.db.server import scratch
from tests.server.house import House, opened


@contextmanager
def sqlite_place() -> Iterator[str]:
    """The URL of a new SQLite database, in memory where there is any."""
    made = scratch()
    yield new_sqlite(made)
    for file in made.iterdir():
        file.unlink()
    made.rmdir()


@pytest.fixture(scope="session", autouse=True)
def _tables() -> None:
    """Make the tables once outside of any event loop, so that a test can have a database in the middle of one."""
    with sqlite_place():
        pass


@pytest.fixture(scope="module")
def new_url() -> Iterator[str]:
    with sqlite_place() as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def each_url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "postgres":
        yield emptied_postgres()
        return
    with sqlite_place() as url:
        yield url


@pytest.fixture(scope="module")
async def house(new_url: str) -> AsyncIterator[House]:
    async with opened(new_url) as started:
        yield started


@pytest.fixture(scope="module")
async def each_house(each_url: str) -> AsyncIterator[House]:
    async with opened(each_url) as started:
        yield started
