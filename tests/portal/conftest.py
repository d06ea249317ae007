"""A site with the portal's doors."""

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.portal.site import Place, site_of
from volary.accounts.rules.hashing import PasswordHasher


@pytest.fixture
async def place(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> Place:
    """The site and its people."""
    return Place(site_of(db, hasher), db, hasher, cast)
