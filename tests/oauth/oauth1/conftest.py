from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.oauth.oauth1.stage import HOST, Pair, Stage, set_up
from volary.oauth.oauth1.nonces.file import FileNonces
from volary.settings import Settings


@pytest.fixture
async def stage(db: HeldDatabase, cast: People, tmp_path: Path) -> AsyncIterator[Stage]:
    """Apps, people and the doors of OAuth 1.0a, on each engine in turn."""
    nonces = FileNonces(tmp_path / "nonces", db.clock)
    yield await set_up(db, nonces, cast, Settings(public_url=HOST))
    await nonces.close()


@pytest.fixture
async def ann_rw1(stage: Stage) -> Pair:
    """Ann's access token for RW1."""
    return await stage.connect(stage.rw1, stage.people.ann.id)
