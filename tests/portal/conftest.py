"""A site with the portal's doors, and the app's side of OAuth 1.0a."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.cast import People, people
from tests.conftest import HeldDatabase
from tests.oauth.oauth1.stage import HOST, Stage, set_up
from tests.portal.site import Place, site_of
from volary.accounts.rules.hashing import PasswordHasher
from volary.oauth.oauth1.nonces.file import FileNonces
from volary.settings import Settings


@pytest.fixture
async def place(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> Place:
    """The site and its people, on each engine in turn."""
    return Place(site_of(db, hasher), db, hasher, cast)


@pytest.fixture
async def sqlite_place(sqlite_db: HeldDatabase, hasher: PasswordHasher) -> Place:
    """The same on one engine, for what pages do before and after they ask the database."""
    return Place(site_of(sqlite_db, hasher), sqlite_db, hasher, await people(sqlite_db))


@pytest.fixture
async def stage(db: HeldDatabase, cast: People, tmp_path: Path) -> AsyncIterator[Stage]:
    """Three Apps of dev's with the three levels, whose side of the protocol oauthlib plays."""
    nonces = FileNonces(tmp_path / "nonces", db.clock)
    yield await set_up(db, nonces, cast, Settings(public_url=HOST))
    await nonces.close()
