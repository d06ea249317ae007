"""A disk that is really full: a small file system in memory, where the test may mount one (root)."""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.conftest import HeldDatabase
from tests.db.databases import new_sqlite
from tests.db.ledger import NAMES, WHOLE_NAMES, enter, ledger
from volary.db import Tx
from volary.db.schema import create_all
from volary.kit.clock import HeldClock
from volary.kit.errors import Busy
from volary.kit.secrets import Keyring


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 4 MB."""
    folder = Path(tempfile.mkdtemp(prefix="volary-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip("this user may not mount a file system; test_groups.py shows the same with SQLite's own limit")
    yield folder
    subprocess.run(["umount", folder], check=True)
    folder.rmdir()


@pytest.fixture
def database_on_it(small_disk: Path) -> str:
    url = new_sqlite(small_disk)
    asyncio.run(create_all(url, ledger))
    return url


@pytest.fixture
async def db(database_on_it: str, clock: HeldClock, keys: Keyring) -> AsyncIterator[HeldDatabase]:
    database = await HeldDatabase.open(database_on_it, clock, keys, worker_id=0)
    yield database
    await database.close()


async def big(tx: Tx, name: str) -> int:
    return await enter(tx, name, text="x" * 20_000)


async def in_a_group(db: HeldDatabase, round_: int) -> tuple[list[str], list[object]]:
    """Eight writes at once: the names that were acknowledged, and what the others got. Nobody may hang."""
    named = [f"{round_:03} {number}" for number in range(8)]
    async with asyncio.timeout(60):
        ends = await asyncio.gather(*(db.write(big, name) for name in named), return_exceptions=True)
    kept = [name for name, end in zip(named, ends, strict=True) if isinstance(end, int)]
    return kept, [end for end in ends if not isinstance(end, int)]


@pytest.mark.attack("SR-332")
async def test_a_full_disk_refuses_everybody_and_recovers_without_a_restart(db: HeldDatabase, small_disk: Path) -> None:
    acknowledged: list[str] = []
    for round_ in range(200):
        kept, refused = await in_a_group(db, round_)
        acknowledged += kept
        if refused:
            break
    else:
        pytest.fail("the disk never was full")
    assert all(isinstance(end, Busy) and end.retry_after >= 1 for end in refused)
    for round_ in range(300, 303):
        kept, refused = await in_a_group(db, round_)
        acknowledged += kept
    assert refused
    assert sorted(await db.all(NAMES)) == sorted(await db.all(WHOLE_NAMES)) == sorted(acknowledged)
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    kept, refused = await in_a_group(db, 400)
    assert len(kept) == 8
    assert refused == []
    assert sorted(await db.all(WHOLE_NAMES)) == sorted(acknowledged + kept)
    assert await db.check() == []


@pytest.mark.attack("SR-332")
async def test_a_disk_that_others_fill_leaves_reading_alone(db: HeldDatabase, small_disk: Path) -> None:
    await db.write(enter, "before")
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            os.fsync(file.fileno())
    kept, refused = await in_a_group(db, 1)
    assert kept == []
    assert {type(end) for end in refused} == {Busy}
    assert await db.all(NAMES) == await db.long.all(WHOLE_NAMES) == ["before"]
    ballast.unlink()
    assert await db.write(enter, "after") > 0
    assert await db.check() == []
