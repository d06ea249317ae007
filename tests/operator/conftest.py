"""A site with the console, the portal and people's pages; ann is its operator."""

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.portal.site import Place, site_of
from volary.accounts.actions import set_operator
from volary.accounts.rules.hashing import PasswordHasher
from volary.api.limits import Limiter, OwnCounters
from volary.operator import pages
from volary.operator.actions.following import Followed
from volary.person import pages as own


@pytest.fixture
async def place(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> Place:
    """The site and its people, on each engine in turn."""
    await db.write(set_operator, cast.ann.id, True)
    site = site_of(db, hasher, more=(pages, own))
    limiter = site.resources.put(Limiter, Limiter(OwnCounters(), 1.0))
    site.resources.put(Followed, Followed(site.read_only, limiter))
    return Place(site, db, hasher, cast)
