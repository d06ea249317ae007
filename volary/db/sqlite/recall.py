"""What was read a moment ago is still true while nobody has committed since: hot statements need not ask SQLite again.

Whether anybody committed, in this process or another, stands in the first bytes of the WAL index, a file that all processes map into
memory and that every commit changes last (https://sqlite.org/walformat.html, "The WAL-Index Header"). Comparing them costs a tenth of a
microsecond; a read of SQLite costs five, takes four file locks and lets go of the interpreter's lock three times (decision 0026).
"""

import mmap
import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from volary.db.sqlite import rows
from volary.db.statement import Statement

R = TypeVar("R")

_HEADER = 48
"""Bytes of the WAL index's header, which stands there twice: a writer changes the second copy first."""
_MOST = 1024
"""Rows that are kept: enough for the callers of a moment, and nothing beside SQLite's own cache."""
_MISSING: Any = object()


class Recall:
    """The rows that hot statements gave since the last commit. One for an engine, beside its reading connection."""

    def __init__(self, path: Path) -> None:
        """`path` is the database's, which a connection of this process must have open in WAL mode."""
        self._index = _Index.of(path.with_name(path.name + "-shm"))
        self._version = b""
        self._rows: dict[tuple[Any, ...], Any] = {}

    def first(self, connection: sqlite3.Connection, asked: Statement[R], params: Mapping[str, Any]) -> R | None:
        """The first row, or None: as `rows.first` would give it now."""
        version = self._index.bytes[:]
        if version != self._version:
            self._rows.clear()
            self._version = version
        key = (asked, *params.items())
        found: R | None = self._rows.get(key, _MISSING)
        if found is _MISSING:
            found = rows.first(connection, asked, params)
            if self._index.bytes[:] == version and version[:_HEADER] == version[_HEADER:]:
                if len(self._rows) >= _MOST:
                    self._rows.clear()
                self._rows[key] = found
        return found

    def close(self) -> None:
        """Let go of the WAL index, once the engine's own connections are closed."""
        self._index.let_go()


class _Index:
    """A WAL index mapped into memory, once for all engines of the process that have its database open.

    To close any handle of a file drops every POSIX lock that the process has on it, SQLite's own as well. So none is closed before the
    last of these engines has closed its connections.
    """

    open: ClassVar[dict[tuple[int, int], "_Index"]] = {}

    def __init__(self, path: Path, key: tuple[int, int]) -> None:
        self._key = key
        self._handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self.bytes = mmap.mmap(self._handle, 2 * _HEADER, access=mmap.ACCESS_READ)
        self.engines = 0

    @classmethod
    def of(cls, path: Path) -> "_Index":
        """The index at a path, for one engine more."""
        found = path.stat()
        key = (found.st_dev, found.st_ino)
        index = cls.open.get(key) or cls.open.setdefault(key, cls(path, key))
        index.engines += 1
        return index

    def let_go(self) -> None:
        """One engine less."""
        self.engines -= 1
        if not self.engines:
            del self.open[self._key]
            self.bytes.close()
            os.close(self._handle)
