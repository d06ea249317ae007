"""Nonces of one process: a SQLite file of their own."""

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from volary.kit.clock import HeldClock
from volary.kit.errors import Busy
from volary.oauth.oauth1.nonces.file import FileNonces
from volary.oauth.oauth1.nonces.store import KEPT, WINDOW


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "volary.db.nonces"


@pytest.fixture
async def nonces(path: Path, clock: HeldClock) -> AsyncIterator[FileNonces]:
    store = FileNonces(path, clock)
    yield store
    await store.close()


def second(clock: HeldClock) -> int:
    return clock.now() // 1000


def rows(path: Path) -> int:
    connection = sqlite3.connect(path)
    (count,) = connection.execute("SELECT count(*) FROM nonces").fetchone()
    connection.close()
    return int(count)


def damage(path: Path) -> None:
    path.write_bytes(b"this is no database" * 1000)


def damage_one_page(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("UPDATE begun SET boot = 'another run of the machine'")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'nonces'").fetchone()
    connection.close()
    with path.open("r+b") as file:
        file.seek(4096 * (page - 1))
        file.write(b"\xff" * 4096)


@pytest.mark.attack("SR-048")
async def test_each_request_is_taken_once(nonces: FileNonces, clock: HeldClock) -> None:
    now = second(clock)
    assert await nonces.take(now, b"a" * 16)
    assert not await nonces.take(now, b"a" * 16)
    assert await nonces.take(now + 1, b"a" * 16)
    assert await nonces.take(now, b"b" * 16)
    assert not await nonces.take(now, b"a" * 16)


@pytest.mark.attack("SR-048")
async def test_a_restart_forgets_nothing(path: Path, clock: HeldClock) -> None:
    first = FileNonces(path, clock)
    assert await first.take(second(clock), b"a" * 16)
    await first.close()
    again = FileNonces(path, clock)
    assert not await again.take(second(clock), b"a" * 16)
    assert await again.take(second(clock), b"b" * 16)
    await again.close()


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from volary.kit.clock import HeldClock
from volary.oauth.oauth1.nonces.file import FileNonces

async def main():
    clock = HeldClock()
    store = FileNonces(Path(sys.argv[1]), clock)
    for number in range(500):
        assert await store.take(clock.now() // 1000, number.to_bytes(16))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.mark.attack("SR-048")
async def test_a_killed_process_forgets_nothing(path: Path, clock: HeldClock) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, str(path), stderr=subprocess.PIPE)
    _, errors = await process.communicate()
    assert process.returncode == -9, errors.decode()
    store = FileNonces(path, clock)
    taken = [await store.take(second(clock), number.to_bytes(16)) for number in range(501)]
    await store.close()
    assert taken == [False] * 500 + [True]


async def test_two_processes_share_the_file(path: Path, clock: HeldClock) -> None:
    """As while a worker is replaced: the new one opens the file before the old one has let go of it."""
    old, new = FileNonces(path, clock), FileNonces(path, clock)
    assert await old.take(second(clock), b"a" * 16)
    assert not await new.take(second(clock), b"a" * 16)
    assert await new.take(second(clock), b"b" * 16)
    assert not await old.take(second(clock), b"b" * 16)
    await old.close()
    await new.close()


async def test_old_entries_go_while_new_ones_come(nonces: FileNonces, path: Path, clock: HeldClock) -> None:
    for number in range(2000):
        await nonces.take(second(clock), number.to_bytes(16))
    clock.advance((KEPT + 1) * 1000)
    for number in range(1000):
        await nonces.take(second(clock), number.to_bytes(16))
    assert rows(path) == 1000


@pytest.mark.attack("SR-366")
async def test_a_sweep_forgets_everything_old_in_small_steps(nonces: FileNonces, path: Path, clock: HeldClock) -> None:
    for number in range(20_000):
        await nonces.take(second(clock), number.to_bytes(16))
    assert await nonces.sweep() == 0
    clock.advance((KEPT + 1) * 1000)
    assert await nonces.take(second(clock), b"a" * 16)
    longest, last = 0.0, time.perf_counter()
    sweeping = asyncio.ensure_future(nonces.sweep())
    while not sweeping.done():
        await asyncio.sleep(0)
        longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
    assert await sweeping == 20_000
    assert rows(path) == 1
    assert longest < 0.1


async def test_what_the_window_could_let_in_again_stays(nonces: FileNonces, clock: HeldClock) -> None:
    """A request may come with a timestamp ahead of the clock and be sent again when the clock is past it."""
    ahead = second(clock) + WINDOW
    assert await nonces.take(ahead, b"a" * 16)
    for _ in range(4):
        clock.advance(WINDOW * 1000 // 2)
        for number in range(200):
            await nonces.take(second(clock), number.to_bytes(16))
    assert not await nonces.take(ahead, b"a" * 16)


def test_the_file_is_for_its_owner_alone(path: Path, clock: HeldClock) -> None:
    asyncio.run(FileNonces(path, clock).close())
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_new_file_takes_nothing_older_than_itself(nonces: FileNonces, clock: HeldClock) -> None:
    """The file of before may have held it: it was lost, or restored from an old copy."""
    assert await nonces.take(second(clock), b"a" * 16)
    assert not await nonces.take(second(clock) - 1, b"b" * 16)


@pytest.mark.parametrize("damaged", [damage, damage_one_page])
async def test_a_damaged_file_begins_anew(path: Path, clock: HeldClock, damaged: Callable[[Path], None]) -> None:
    old = FileNonces(path, clock)
    assert await old.take(second(clock), b"a" * 16)
    await old.close()
    damaged(path)
    before = second(clock)
    clock.advance(2000)
    new = FileNonces(path, clock)
    assert not await new.take(before, b"a" * 16)
    assert await new.take(second(clock), b"b" * 16)
    await new.close()


async def test_after_the_machine_was_restarted_nothing_older_is_taken(path: Path, clock: HeldClock) -> None:
    """What the last seconds before a power failure wrote may be missing, without a sign of it in the file."""
    before = second(clock)
    old = FileNonces(path, clock)
    assert await old.take(before, b"a" * 16)
    await old.close()
    clock.advance(2000)
    same = FileNonces(path, clock)
    assert await same.take(before, b"b" * 16), "the control: a restart of the process alone changes nothing"
    await same.close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("UPDATE begun SET boot = 'another run of the machine'")
    connection.close()
    new = FileNonces(path, clock)
    assert not await new.take(before, b"c" * 16)
    assert await new.take(second(clock), b"c" * 16)
    await new.close()


async def test_a_clock_that_is_set_back_does_not_close_the_door(path: Path, clock: HeldClock) -> None:
    clock.advance(3600_000)
    store = FileNonces(path, clock)
    clock.advance(-3600_000)
    assert await store.take(second(clock), b"a" * 16)
    assert not await store.take(second(clock), b"a" * 16)
    await store.close()


def test_a_locked_file_is_not_taken_for_a_damaged_one(path: Path, clock: HeldClock) -> None:
    asyncio.run(FileNonces(path, clock).close())
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("PRAGMA locking_mode = EXCLUSIVE")
    blocker.execute("BEGIN EXCLUSIVE")
    before = path.stat().st_ino
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        FileNonces(path, clock, patience=0.1)
    assert path.stat().st_ino == before
    blocker.close()


async def test_a_store_that_cannot_remember_lets_nobody_in(nonces: FileNonces, path: Path, clock: HeldClock) -> None:
    assert await nonces.take(second(clock), b"a" * 16)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy) as caught:
        await nonces.take(second(clock), b"b" * 16)
    assert (caught.value.status, caught.value.retry_after) == (503, 1)
    blocker.execute("ROLLBACK")
    blocker.close()
    assert await nonces.take(second(clock), b"b" * 16)
