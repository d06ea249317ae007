"""Opening connections to the database file, and refusing to run on settings that could lose what was acknowledged."""

import os
import sqlite3
import stat
from pathlib import Path
from urllib.parse import unquote

from volary.db.errors import CannotStart

STATEMENTS = 1024
"""Prepared statements that a connection keeps; more than the product has."""

_MAPPED = 256 * 1024 * 1024
_WAL_PAGES = 1000
_WAL_KEPT = 64 * 1024 * 1024


def path_of(url: str) -> Path:
    """The file that a `sqlite:///path` URL names; a fourth slash makes the path absolute."""
    return Path(unquote(url.removeprefix("sqlite:///"))).absolute()


def prepare(path: Path) -> None:
    """Make the file where there is none, readable for its owner alone. SQLite gives -wal and -shm the same permissions.

    Raises CannotStart when the folder is missing, or when others can read a file that is there already.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotStart(f"cannot open the database {path}: {error.strerror}") from error
    try:
        mode = stat.S_IMODE(os.fstat(handle).st_mode)
    finally:
        os.close(handle)
    if mode & 0o077:
        raise CannotStart(
            f"others can read the database {path} (mode {mode:04o}): run chmod 600 on it and its -wal and -shm"
        )


def writing(path: Path, lock_wait_ms: int = 0) -> sqlite3.Connection:
    """A connection that writes durably: WAL, synchronous=FULL, foreign keys. Raises CannotStart when SQLite does not comply."""
    connection = _connect(path, lock_wait_ms)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
    connection.execute(f"PRAGMA journal_size_limit = {_WAL_KEPT}")
    verify(connection)
    return connection


def reading(path: Path, lock_wait_ms: int = 0) -> sqlite3.Connection:
    """A connection that cannot write, with the file mapped into memory."""
    connection = _connect(path, lock_wait_ms)
    connection.execute("PRAGMA query_only = ON")
    connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
    return connection


def verify(connection: sqlite3.Connection) -> None:
    """Raise CannotStart unless what a commit acknowledges is on the disk. Settings are read back, not believed."""
    wanted: dict[str, set[object]] = {"journal_mode": {"wal"}, "synchronous": {2, 3}, "foreign_keys": {1}}
    for name, allowed in wanted.items():
        (found,) = connection.execute(f"PRAGMA {name}").fetchone()
        if found not in allowed:
            raise CannotStart(f"SQLite's {name} is {found!r}, with which writes could be lost: wanted {allowed}")


def _connect(path: Path, lock_wait_ms: int) -> sqlite3.Connection:
    # Each connection is used by one thread at a time, which is not always the thread that opened it.
    connection = sqlite3.connect(
        path, timeout=lock_wait_ms / 1000, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS
    )
    connection.execute("PRAGMA foreign_keys = ON")
    return connection
