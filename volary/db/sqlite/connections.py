"""Opening connections to the database file, and refusing to run on settings that could lose what was acknowledged."""

import contextlib
import os
import sqlite3
import stat
from pathlib import Path
from urllib.parse import unquote

from volary.db.errors import CannotStart

_STATEMENTS = 1024
"""Prepared statements that a connection keeps; more than the product has."""
_OLDEST_VERSION = (3, 37, 0)
_ANY_THREAD = 3
_CACHED_KIB = 16 * 1024
_MAPPED_BYTES = 2**31 - 2**16
"""The most that SQLite maps: address space, not memory. What lies beyond is read by system calls."""
_WAL_PAGES = 1000
"""Pages in the WAL after which a commit, in its thread, also copies them into the database."""
_WAL_KEPT_BYTES = 16 * 1024 * 1024
_OPENING_WAIT = 5.0
"""Seconds to wait at start for others that start, migrate or recover at the same moment."""


def path_of(url: str) -> Path:
    """The file that a `sqlite:///path` URL names; a fourth slash makes the path absolute."""
    return Path(unquote(url.removeprefix("sqlite:///"))).absolute()


def prepare(path: Path) -> None:
    """Make the file where there is none, readable for its owner alone. SQLite gives -wal and -shm the same permissions.

    Raises CannotStart when the folder is missing, when something else than a file is there, or a file that others can read (SR-307).
    """
    try:
        # A file that is there is not opened: closing it again would drop the locks of an engine that this process has on it.
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        found = path.stat().st_mode
    except OSError as error:
        raise CannotStart(f"cannot open the database {path}: {error.strerror}") from error
    if not stat.S_ISREG(found):
        raise CannotStart(f"cannot open the database {path}: it is no file")
    mode = stat.S_IMODE(found)
    if mode & 0o077:
        raise CannotStart(f"others can read the database {path} (mode {mode:04o}): run chmod 600 {path}*")


def left_open(path: Path) -> bool:
    """Whether a process stopped without closing the database, or still has it open: then its WAL is there."""
    try:
        return path.with_name(path.name + "-wal").stat().st_size > 0
    except FileNotFoundError:
        return False


def writing(path: Path) -> sqlite3.Connection:
    """A connection that writes durably and never waits inside SQLite. Raises CannotStart when SQLite does not comply."""
    if sqlite3.sqlite_version_info < _OLDEST_VERSION or sqlite3.threadsafety != _ANY_THREAD:
        raise CannotStart(
            f"this Python's SQLite is {sqlite3.sqlite_version}; Volary needs 3.37 or newer, made for several threads"
        )
    connection = _connect(path, _OPENING_WAIT)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
        connection.execute(f"PRAGMA journal_size_limit = {_WAL_KEPT_BYTES}")
        connection.execute("PRAGMA busy_timeout = 0")
        verify(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def reading(path: Path, lock_wait: float = 0) -> sqlite3.Connection:
    """A connection that cannot write, with the file mapped into memory."""
    connection = _connect(path, lock_wait)
    connection.execute("PRAGMA query_only = ON")
    connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
    return connection


def verify(connection: sqlite3.Connection) -> None:
    """Raise CannotStart unless what a commit acknowledges is on the disk. Settings are read back, not believed (SR-330)."""
    wanted: dict[str, set[object]] = {"journal_mode": {"wal"}, "synchronous": {2, 3}, "foreign_keys": {1}}
    for name, allowed in wanted.items():
        (found,) = connection.execute(f"PRAGMA {name}").fetchone()
        if found not in allowed:
            raise CannotStart(
                f"SQLite's {name} is {found!r}, with which writes could be lost; it must be one of {allowed}"
            )


def _connect(path: Path, lock_wait: float) -> sqlite3.Connection:
    # Each connection is used by one thread at a time, which is not always the thread that opened it.
    connection = sqlite3.connect(
        path, timeout=lock_wait, isolation_level=None, check_same_thread=False, cached_statements=_STATEMENTS
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHED_KIB}")
    return connection
