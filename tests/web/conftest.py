"""Fixtures of the ring's tests."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import HeldDatabase
from tests.web.stage import SECURE, Browser, site
from volary.web import Site


@pytest.fixture
def plain_site(sqlite_db: HeldDatabase) -> Site:
    """A site on plain http."""
    return site(sqlite_db)


@pytest.fixture
def secure_site(sqlite_db: HeldDatabase) -> Site:
    """A site behind https."""
    return site(sqlite_db, SECURE)


@pytest.fixture
async def browser(plain_site: Site) -> AsyncIterator[Browser]:
    """Nobody is signed in."""
    async with Browser(plain_site) as client:
        yield client


@pytest.fixture
async def ann(plain_site: Site) -> AsyncIterator[Browser]:
    """ann is signed in, and bob behind her."""
    async with Browser(plain_site, "ann") as client:
        yield client
