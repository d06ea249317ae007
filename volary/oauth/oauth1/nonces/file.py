"""Nonces in a SQLite file of their own: 10 µs a request, without an fsync, and still there after the process was killed.

`synchronous=off` gives the write to the operating system, which outlives the process. Only a machine that stops at once can lose some;
SQLite may then find the file damaged. A file that is new or damaged therefore begins now: requests with an older timestamp are refused.
"""

import os
import sqlite3
from pathlib import Path

from volary.kit.clock import Clock
from volary.kit.errors import Busy
from volary.oauth.oauth1.nonces.store import BUSY, KEPT

_SCHEMA = """
CREATE TABLE IF NOT EXISTS nonces (second INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (second, digest))
STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS begun (second INTEGER NOT NULL) STRICT;
"""
_BEGIN = "INSERT INTO begun (second) SELECT ? WHERE NOT EXISTS (SELECT * FROM begun)"
_TAKE = "INSERT INTO nonces (second, digest) VALUES (?, ?) ON CONFLICT DO NOTHING"
_SWEEP = """
DELETE FROM nonces WHERE (second, digest) IN (SELECT second, digest FROM nonces WHERE second < ? ORDER BY second LIMIT ?)
"""
_OPENING = 5
"""Seconds to wait for another process at the start. Later, 50 ms: the event loop stands still meanwhile."""
_EACH = 64
"""Every so many requests, up to four times as many old entries go: the file shrinks faster than it grows, in small steps."""


class FileNonces:
    """One process's nonces. Inline: taking one is a statement, not a thread hop."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._taken = 0
        self._connection, self._begun = self._opened()

    async def take(self, second: int, digest: bytes) -> bool:
        if second < self._begun <= self._clock.now() // 1000:  # a clock that was set back is believed
            return False
        try:
            new = self._connection.execute(_TAKE, (second, digest)).rowcount == 1
            self._taken += 1
            if self._taken % _EACH == 0:
                self._connection.execute(_SWEEP, (self._clock.now() // 1000 - KEPT, 4 * _EACH))
        except sqlite3.DatabaseError as error:
            raise Busy(BUSY, retry_after=1, why=f"nonces: {error}") from error
        return new

    async def close(self) -> None:
        self._connection.close()

    def _opened(self) -> tuple[sqlite3.Connection, int]:
        try:
            return self._connected()
        except sqlite3.DatabaseError:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)
            return self._connected()

    def _connected(self) -> tuple[sqlite3.Connection, int]:
        """The connection, and the second since which the file holds everything."""
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(self._path, timeout=_OPENING, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")
            connection.executescript(_SCHEMA)
            connection.execute(_BEGIN, (self._clock.now() // 1000,))
            connection.execute("PRAGMA busy_timeout = 50")
            (begun,) = connection.execute("SELECT second FROM begun").fetchone()
            connection.execute(_SWEEP, (self._clock.now() // 1000 - KEPT, 4 * _EACH))
        except BaseException:
            connection.close()
            raise
        return connection, begun
