"""Nonces in a SQLite file of their own: 10 µs a request, without an fsync, and still there after the process was killed.

`synchronous=off` hands each write to the operating system, which outlives the process but not the machine. So a file that is new, that
was damaged, or that was written before the machine's last start begins now: requests with an older timestamp are refused (decision
0016). A client notices that only while its clock is behind by more than the server has been up.
"""

import asyncio
import os
import sqlite3
from pathlib import Path

from volary.kit.clock import Clock
from volary.kit.errors import Busy
from volary.oauth.oauth1.nonces.store import BUSY, KEPT

_SCHEMA = """
CREATE TABLE IF NOT EXISTS nonces (second INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (second, digest))
STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS begun (id INTEGER PRIMARY KEY CHECK (id = 1), second INTEGER NOT NULL, boot TEXT NOT NULL) STRICT;
"""
_BEGIN = """
INSERT INTO begun (id, second, boot) VALUES (1, ?, ?)
ON CONFLICT (id) DO UPDATE SET second = excluded.second, boot = excluded.boot WHERE boot <> excluded.boot OR boot = ''
"""
_TAKE = "INSERT INTO nonces (second, digest) VALUES (?, ?) ON CONFLICT DO NOTHING"
_SWEEP = """
DELETE FROM nonces WHERE (second, digest) IN (SELECT second, digest FROM nonces WHERE second < ? ORDER BY second LIMIT ?)
"""
_EACH = 64
"""Every so many requests, up to four times as many old entries go: the file shrinks faster than it grows, in small steps."""
_STEP = 1000
"""Entries that a sweep removes before others have their turn: about a millisecond."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class FileNonces:
    """One process's nonces. Inline: taking one is a statement, not a thread hop.

    `patience` is how many seconds to wait for another process at the start. Later it is 50 ms, while the event loop stands still.
    """

    def __init__(self, path: Path, clock: Clock, patience: float = 5) -> None:
        self._path = path
        self._patience = patience
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
                self._forget(4 * _EACH)
        except sqlite3.DatabaseError as error:
            raise Busy(BUSY, retry_after=1, why=f"nonces: {error}") from error
        return new

    async def sweep(self) -> int:
        gone = 0
        while forgotten := self._forget(_STEP):
            gone += forgotten
            await asyncio.sleep(0)
        return gone

    async def close(self) -> None:
        self._connection.close()

    def _forget(self, most: int) -> int:
        return self._connection.execute(_SWEEP, (self._clock.now() // 1000 - KEPT, most)).rowcount

    def _opened(self) -> tuple[sqlite3.Connection, int]:
        try:
            return self._connected()
        except sqlite3.DatabaseError as error:
            if not _says_damaged(error):
                raise
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)
            return self._connected()

    def _connected(self) -> tuple[sqlite3.Connection, int]:
        """The connection, and the second since which the file holds everything."""
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(self._path, timeout=self._patience, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")
            connection.executescript(_SCHEMA)
            if connection.execute(_BEGIN, (self._clock.now() // 1000, _machine_start())).rowcount:
                # This reads every page, and fails where one is damaged.
                connection.execute("SELECT sum(length(digest)) FROM nonces").fetchone()
            connection.execute("PRAGMA busy_timeout = 50")
            (begun,) = connection.execute("SELECT second FROM begun").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection, begun


def _says_damaged(error: sqlite3.DatabaseError) -> bool:
    """Whether the file is damaged or no database, as opposed to locked, full or not to be read."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _machine_start() -> str:
    """What names the machine's present run, or "" where the system does not tell: then every start counts as a new one."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""
