"""Copying a database file while servers write to it, and putting a copy in its place.

A copy is the state at one moment: the reading transaction is held for as long as the copying takes, so that nothing begins anew and
nobody waits. What was acknowledged before it began is in it. Meanwhile the WAL can only grow.
"""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

from volary.db.errors import CannotStart
from volary.db.files import draft_of, flush

BESIDE = ("-wal", "-shm", "-journal")
"""The ends of the names of what SQLite keeps beside a database, and takes for a part of whatever database it finds there."""

_PAGES = 1024
Told = Callable[[int, int], None]


def copy(source: Path, target: Path, told: Told = lambda _done, _of: None) -> None:
    """Copy a database to where nothing is yet: looked over, flushed to the disk, readable for its owner alone, and whole or not there.

    Raises CannotStart when the source cannot be read, is damaged, or the target is there already, or what belongs to one.
    """
    for tail in BESIDE:
        if (left := target.with_name(target.name + tail)).exists():
            raise CannotStart(f"{left} is there, of another database: move it away, or name another file")
    with draft_of(target) as draft:
        try:
            _copy_into(source, draft, told)
        except sqlite3.Error as error:
            raise CannotStart(f"cannot copy {source}: {error}") from error


def put_in_place(draft: Path, target: Path, aside: Path) -> bool:
    """Let a database take a place; whether anything had to be moved `aside` for it: the one that was there, and what is beside it.

    A WAL goes also where its database is gone already: with it the new one would not be what was restored.
    """
    moved = False
    for tail in (*BESIDE, ""):
        with contextlib.suppress(FileNotFoundError):
            target.with_name(target.name + tail).rename(f"{aside}{tail}")
            moved = True
    draft.rename(target)
    flush(target.parent)
    return moved


def _copy_into(source: Path, draft: Path, told: Told) -> None:
    with (
        contextlib.closing(_opened(source, "ro")) as old,
        contextlib.closing(_opened(draft, "rw")) as new,
    ):
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # from here on it is this moment that is copied
        old.backup(new, pages=_PAGES, progress=lambda _, left, all_: told(all_ - left, all_), sleep=0)
        new.execute("PRAGMA journal_mode = DELETE")  # one file, without a WAL beside it
        found = [line for (line,) in new.execute("PRAGMA integrity_check") if line != "ok"]
        if found:
            raise CannotStart(f"{source} is damaged, and nothing was kept: {'; '.join(found[:3])}")


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=10)
    connection.execute("PRAGMA synchronous = FULL")
    return connection
