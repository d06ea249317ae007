"""The stage on which each rule of OAuth 2.0 is tested."""

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.oauth.oauth2.stage import SETTINGS, Stage, stage_of
from volary.settings import Settings


@pytest.fixture
def settings() -> Settings:
    return SETTINGS


@pytest.fixture
async def stage(db: HeldDatabase, cast: People, settings: Settings) -> Stage:
    return await stage_of(db, cast, settings)
