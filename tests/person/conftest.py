"""A site with everybody's own pages."""

from pathlib import Path

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.person.site import Place, site_of
from volary.accounts.rules.hashing import PasswordHasher
from volary.media import pages as media_pages
from volary.settings import Settings


@pytest.fixture
async def place(db: HeldDatabase, cast: People, hasher: PasswordHasher, tmp_path: Path) -> Place:
    settings = Settings(public_url="http://localhost:8000")
    return Place(site_of(db, hasher, settings, media_pages, folder=tmp_path), db, hasher, cast)


@pytest.fixture
def without_folder(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> Place:
    """The same of an installation that keeps no media."""
    return Place(site_of(db, hasher, Settings(public_url="http://localhost:8000")), db, hasher, cast)
