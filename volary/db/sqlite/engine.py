"""The engine's front: which connection carries out what."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from volary.db.errors import busy
from volary.db.reading import Tx, Value
from volary.db.sqlite import connections, rows
from volary.db.sqlite.transaction import SqliteTx
from volary.db.sqlite.writer import Writer
from volary.db.statement import Statement
from volary.kit.clock import Clock
from volary.kit.secrets import Keyring

R = TypeVar("R")
T = TypeVar("T")
Out = TypeVar("Out")

LOCK_WAIT = 1.5
"""Seconds that a write waits for a lock of another process before it is refused."""
_LONG_READERS = 2
_LONG_LIMIT = 30.0


class SqliteEngine:
    """Reads inline on one connection, long reads on threads, writes through the writer."""

    def __init__(self, path: Path, clock: Clock, keys: Keyring, new_id: Callable[[], int]) -> None:
        connections.prepare(path)
        self._clock, self._keys, self._new_id = clock, keys, new_id
        self.writer = Writer(connections.writing(path), self._transaction, LOCK_WAIT)
        self._reader = connections.reading(path)
        self._threads = ThreadPoolExecutor(_LONG_READERS, thread_name_prefix="volary-read")
        self._idle: asyncio.Queue[sqlite3.Connection] = asyncio.Queue()
        self._long = [connections.reading(path, lock_wait_ms=1000) for _ in range(_LONG_READERS)]
        for connection in self._long:
            self._idle.put_nowait(connection)

    async def one(self, asked: Statement[R], params: dict[str, Value]) -> R | None:
        try:
            return rows.first(self._reader, asked, params)
        except Exception as error:  # noqa: BLE001 - sorted there
            return await self._again(rows.first, asked, params, error)

    async def all(self, asked: Statement[R], params: dict[str, Value]) -> list[R]:
        try:
            return rows.every(self._reader, asked, params)
        except Exception as error:  # noqa: BLE001 - sorted there
            return await self._again(rows.every, asked, params, error)

    async def long_one(self, asked: Statement[R], params: dict[str, Value]) -> R | None:
        return await self._on_thread(rows.first, asked, params)

    async def long_all(self, asked: Statement[R], params: dict[str, Value]) -> list[R]:
        return await self._on_thread(rows.every, asked, params)

    async def write(self, action: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        return await self.writer.write(action)

    async def close(self) -> None:
        """Finish the writes that wait, then close every connection."""
        await self.writer.close()
        self._threads.shutdown()
        for connection in (self._reader, *self._long):
            connection.close()

    def _transaction(self, connection: sqlite3.Connection) -> SqliteTx:
        return SqliteTx(connection, self._clock.now(), self._keys, self._new_id)

    async def _again(self, how: Callable[..., Out], asked: Any, params: Any, error: Exception) -> Out:
        """A read met an error. A lock (SQLite takes one to recover its WAL after a crash) is waited for, off the event loop."""
        if isinstance(error, sqlite3.Error) and rows.is_busy(error):
            return await self._on_thread(how, asked, params)
        refusal = rows.translated(error)
        if refusal is error:
            raise error
        raise refusal from error

    async def _on_thread(self, how: Callable[..., Out], asked: Any, params: Any) -> Out:
        try:
            connection = await asyncio.wait_for(self._idle.get(), LOCK_WAIT)
        except TimeoutError as error:
            raise busy("every long reader is taken") from error
        running = asyncio.get_running_loop().run_in_executor(self._threads, how, connection, asked, params)

        # The connection goes back when the thread is done with it, which after a timeout is later than this call's end.
        def finished(done: asyncio.Future[Out]) -> None:
            self._idle.put_nowait(connection)
            if not done.cancelled():
                done.exception()  # seen, so that an error after the caller left is not reported as lost

        running.add_done_callback(finished)
        try:
            return await asyncio.wait_for(asyncio.shield(running), _LONG_LIMIT)
        except (TimeoutError, asyncio.CancelledError) as error:
            connection.interrupt()
            if isinstance(error, TimeoutError):
                raise busy("a read took too long") from error
            raise
        except Exception as error:
            refusal = rows.translated(error)
            if refusal is error:
                raise
            raise refusal from error
