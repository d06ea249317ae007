"""A whole server on each engine in turn, and what its record says of an App."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.db.databases import emptied_postgres
from tests.server.house import House, opened
from tests.server.houses import sqlite_place
from tests.usage.looking import Looked


@pytest.fixture(params=["sqlite", "postgres"])
def house_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database on each engine in turn."""
    if request.param == "postgres":
        yield emptied_postgres()
        return
    with sqlite_place() as url:
        yield url


@pytest.fixture
async def house(house_url: str) -> AsyncIterator[House]:
    """A new server, with X's limits."""
    async with opened(house_url, rate_limits="1") as started:
        yield started


@pytest.fixture
def looked(house: House) -> Looked:
    """What is written down of calls of the house."""
    return Looked(house)


@pytest.fixture
async def sqlite_house() -> AsyncIterator[House]:
    """A new server on one engine, for what does not touch the database."""
    with sqlite_place() as url:
        async with opened(url, rate_limits="1") as started:
            yield started
