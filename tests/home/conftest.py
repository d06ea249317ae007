"""A site with the pages of posts and people beside people's own."""

from pathlib import Path

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.person.site import Place, site_of
from volary.accounts.rules.hashing import PasswordHasher
from volary.home import pages
from volary.media import pages as media_pages
from volary.posts import pages as posts_pages
from volary.posts.actions.viewing import Views
from volary.settings import Settings


@pytest.fixture
async def place(db: HeldDatabase, cast: People, hasher: PasswordHasher, tmp_path: Path) -> Place:
    settings = Settings(public_url="http://localhost:8000")
    site = site_of(db, hasher, settings, media_pages, posts_pages, pages, folder=tmp_path)
    site.resources.put(Views, Views())
    return Place(site, db, hasher, cast)
