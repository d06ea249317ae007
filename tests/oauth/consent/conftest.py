"""A whole server in process, and an App that asks."""

import pytest

from tests.cast import People, people
from tests.conftest import HeldDatabase
from tests.oauth.consent.site import SETTINGS, Place, place_of
from volary.accounts.rules.hashing import PasswordHasher
from volary.settings import Settings


@pytest.fixture
def settings() -> Settings:
    return SETTINGS


@pytest.fixture
async def place(db: HeldDatabase, cast: People, hasher: PasswordHasher, settings: Settings) -> Place:
    """The server, its people and an App of dev's that may ask for everything, by both protocols; on each engine in turn."""
    return await place_of(db, cast, hasher, settings)


@pytest.fixture
async def sqlite_place(sqlite_db: HeldDatabase, hasher: PasswordHasher, settings: Settings) -> Place:
    """The same on SQLite alone, for tests of what pages say."""
    return await place_of(sqlite_db, await people(sqlite_db), hasher, settings)
