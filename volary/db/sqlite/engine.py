"""The engine's front: which connection carries out what."""

import asyncio
import random
import sqlite3
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from volary.db.bells import Bells
from volary.db.engine import refuse_change
from volary.db.errors import CannotStart
from volary.db.ids import IdSource
from volary.db.reading import Tx, Value
from volary.db.sqlite import connections, rows
from volary.db.sqlite.integrity import problems
from volary.db.sqlite.readers import LongReaders
from volary.db.sqlite.recall import Recall
from volary.db.sqlite.writer import Writer
from volary.db.statement import Statement
from volary.kit.clock import Clock
from volary.kit.ids import MAX_WORKER
from volary.kit.secrets import Keyring

R = TypeVar("R")
T = TypeVar("T")
Out = TypeVar("Out")

LOCK_WAIT = 1.5
"""Seconds that a call waits for a lock of another process before it is refused."""


class SqliteEngine:
    """Reads inline on one connection, long reads on threads, writes through the writer."""

    def __init__(self, path: Path, clock: Clock, keys: Keyring, ids: IdSource, lock_wait: float = LOCK_WAIT) -> None:
        self.path = path
        self.unclean = connections.left_open(path)
        self._ids = ids
        self.bells = Bells()
        self.writer = Writer(connections.writing(path), clock, keys, ids.next, lock_wait, self.bells)
        self._reader = connections.reading(path)
        self._recall = Recall(path)
        self._long = LongReaders(path, lock_wait)

    @classmethod
    async def open(cls, url: str, clock: Clock, keys: Keyring, ids: IdSource) -> "SqliteEngine":
        """Open the file of a `sqlite:///` URL. Raises CannotStart."""
        path = connections.path_of(url)
        connections.prepare(path)
        try:
            return cls(path, clock, keys, ids)
        except (sqlite3.Error, OSError) as error:
            raise CannotStart(f"cannot open the database {path}: {error}") from error

    async def one(self, asked: Statement[R], params: dict[str, Value]) -> R | None:
        refuse_change(asked)
        try:
            return (self._recall if asked.hot else rows).first(self._reader, asked, params)
        except Exception as error:  # noqa: BLE001 - sorted there
            return await self._again(rows.first, asked, params, error)

    async def all(self, asked: Statement[R], params: dict[str, Value]) -> list[R]:
        refuse_change(asked)
        try:
            return rows.every(self._reader, asked, params)
        except Exception as error:  # noqa: BLE001 - sorted there
            return await self._again(rows.every, asked, params, error)

    async def long_one(self, asked: Statement[R], params: dict[str, Value]) -> R | None:
        refuse_change(asked)
        return await self._long.read(rows.first, asked, params)

    async def long_all(self, asked: Statement[R], params: dict[str, Value]) -> list[R]:
        refuse_change(asked)
        return await self._long.read(rows.every, asked, params)

    async def write(self, action: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        return await self.writer.write(action)

    async def start_ids(self, worker_id: int | None, newest: int) -> None:
        """Without a worker id of its own each process takes one at random: two processes would then have to share a millisecond, a
        sequence number and one of 1,023 worker ids for an id to be made twice, and its table would refuse the second.
        """
        self._ids.start(random.randint(1, MAX_WORKER) if worker_id is None else worker_id, newest)  # noqa: S311 - no secret, only unlikely to be another process

    async def check(self) -> list[str]:
        return await asyncio.to_thread(problems, self.path)

    async def close(self) -> None:
        """Finish the writes that wait, then close every connection."""
        await self.writer.close()
        await self._long.close()
        self._reader.close()
        self._recall.close()

    async def _again(self, how: Callable[..., Out], asked: Statement[Any], params: Any, error: Exception) -> Out:
        """An inline read met an error. A lock (SQLite takes one to recover its WAL after a crash) is waited for on a thread."""
        if rows.is_busy(error):
            return await self._long.read(how, asked, params)
        refusal = rows.translated(error)
        if refusal is error:
            raise error
        raise refusal from error
