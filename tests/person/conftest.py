"""A site with everybody's own pages."""

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.person.site import Place, site_of
from volary.accounts.rules.hashing import PasswordHasher
from volary.settings import Settings


@pytest.fixture
async def place(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> Place:
    settings = Settings(public_url="http://localhost:8000")
    return Place(site_of(db, hasher, settings), db, hasher, cast)
