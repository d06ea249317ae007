"""Hot statements: answered from memory while nobody committed, and never a moment longer."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import bindparam, select

from tests.conftest import HeldDatabase
from tests.db.ledger import COUNT, SET, counters
from volary.db import Database, Tx, statement
from volary.db.sqlite.connections import path_of
from volary.db.sqlite.engine import SqliteEngine
from volary.db.sqlite.recall import Recall
from volary.kit.clock import HeldClock
from volary.kit.secrets import Keyring

HOT = statement(select(counters.c.count).where(counters.c.name == bindparam("name")), int, hot=True)


async def put(tx: Tx, name: str, count: int) -> None:
    await tx.run(SET, name=name, count=count)


async def put_and_fail(tx: Tx, name: str, count: int) -> None:
    await tx.run(SET, name=name, count=count)
    raise LookupError


@contextmanager
def counted(db: Database) -> Iterator[list[str]]:
    """The statements that SQLite's reading connection carries out meanwhile."""
    reader = cast(SqliteEngine, db.engine)._reader
    seen: list[str] = []
    reader.set_trace_callback(seen.append)
    yield seen
    reader.set_trace_callback(None)


async def test_what_was_read_is_not_read_again(sqlite_db: HeldDatabase) -> None:
    await sqlite_db.write(put, "a", 10)
    with counted(sqlite_db) as hot:
        assert [await sqlite_db.one(HOT, name="a") for _ in range(5)] == [10] * 5
    with counted(sqlite_db) as cold:
        assert [await sqlite_db.one(COUNT, name="a") for _ in range(5)] == [10] * 5
    assert (len(hot), len(cold)) == (1, 5)


async def test_each_parameter_has_its_own_row_and_nothing_is_remembered_too(sqlite_db: HeldDatabase) -> None:
    await sqlite_db.write(put, "a", 10)
    await sqlite_db.write(put, "b", 20)
    for _ in range(2):
        assert [await sqlite_db.one(HOT, name=name) for name in "abc"] == [10, 20, None]
    await sqlite_db.write(put, "c", 30)
    assert await sqlite_db.one(HOT, name="c") == 30


async def test_the_next_read_after_a_commit_sees_it(sqlite_db: HeldDatabase) -> None:
    await sqlite_db.write(put, "a", 0)
    for number in range(1, 50):
        await sqlite_db.write(put, "a", number)
        assert await sqlite_db.one(HOT, name="a") == number


async def test_what_was_undone_was_never_there(sqlite_db: HeldDatabase) -> None:
    await sqlite_db.write(put, "a", 10)
    with pytest.raises(LookupError):
        await sqlite_db.write(put_and_fail, "a", 11)
    assert await sqlite_db.one(HOT, name="a") == 10


async def test_reads_while_a_commit_is_on_its_way_are_of_one_side_or_the_other(sqlite_db: HeldDatabase) -> None:
    """And once the new row was seen, the old one is not seen again, by whichever way it is read."""
    await sqlite_db.write(put, "a", 0)
    seen = 0
    for number in range(1, 100):
        writing = asyncio.ensure_future(sqlite_db.write(put, "a", number))
        while not writing.done():
            for asked in (COUNT, HOT, COUNT, HOT):
                found = await sqlite_db.one(asked, name="a")
                assert found is not None
                assert seen <= found <= number
                seen = found
            await asyncio.sleep(0)
        await writing
        assert await sqlite_db.one(HOT, name="a") == number


OTHER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("UPDATE test_counters SET count = ? WHERE name = 'a'", (sys.argv[2],))
"""


async def test_a_commit_of_another_process_is_seen_at_once(sqlite_db: HeldDatabase, sqlite_ledger_url: str) -> None:
    """Whoever makes it: here not even a program of ours."""
    await sqlite_db.write(put, "a", 10)
    for number in (11, 12, 13):
        assert await sqlite_db.one(HOT, name="a") == number - 1
        subprocess.run([sys.executable, "-c", OTHER, str(path_of(sqlite_ledger_url)), str(number)], check=True)
        assert await sqlite_db.one(HOT, name="a") == number


async def test_a_new_log_is_seen_too(sqlite_db: HeldDatabase, sqlite_ledger_url: str) -> None:
    """After a checkpoint the log begins anew, with counters that may look like those of before."""
    await sqlite_db.write(put, "a", 0)
    with closing(sqlite3.connect(path_of(sqlite_ledger_url), isolation_level=None)) as other:
        for number in range(1, 10):
            assert await sqlite_db.one(HOT, name="a") == number - 1
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            await sqlite_db.write(put, "a", number)
    assert await sqlite_db.one(HOT, name="a") == 9


async def test_memory_is_bounded(sqlite_db: HeldDatabase) -> None:
    for number in range(5000):
        assert await sqlite_db.one(HOT, name=str(number)) is None
    assert len(cast(Any, sqlite_db.engine)._recall._rows) <= 1024


LOCKS = """
import fcntl, sys
for path, place in ((sys.argv[1], 0x40000002), (sys.argv[1] + "-shm", 128)):
    with open(path, "r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except OSError:
            print("held", end=" ")
"""


def locks(url: str) -> int:
    """How many of SQLite's two lasting locks another process meets: without them it would take the file and its index for its own."""
    command = [sys.executable, "-c", LOCKS, str(path_of(url))]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.count("held")


async def test_closing_one_engine_leaves_the_locks_of_another(
    sqlite_ledger_url: str, clock: HeldClock, keys: Keyring
) -> None:
    """POSIX drops all locks of a process on a file when any handle of it is closed."""
    first = await Database.open(sqlite_ledger_url, clock, keys, worker_id=0)
    second = await Database.open(sqlite_ledger_url, clock, keys, worker_id=1)
    await second.close()
    assert locks(sqlite_ledger_url) == 2
    await first.write(put, "a", 10)
    assert await first.one(HOT, name="a") == 10
    await first.close()


@pytest.mark.parametrize("suffix", ["", "-shm"])
async def test_the_control_closing_a_handle_drops_the_locks(
    sqlite_ledger_url: str, clock: HeldClock, keys: Keyring, suffix: str
) -> None:
    database = await Database.open(sqlite_ledger_url, clock, keys, worker_id=0)
    assert locks(sqlite_ledger_url) == 2
    Path(f"{path_of(sqlite_ledger_url)}{suffix}").open("rb").close()
    assert locks(sqlite_ledger_url) == 1
    await database.close()


def test_the_file_is_left_alone(tmp_path: Path) -> None:
    """Nothing is written to the index: a mapping for reading refuses it."""
    file = tmp_path / "x-shm"
    file.write_bytes(bytes(32768))
    recall = Recall(tmp_path / "x")
    with pytest.raises(TypeError):
        recall._index.bytes[0] = 1
    recall.close()
