"""Long reads: a few connections, each on a thread while it reads, so that the event loop goes on."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from volary.db.errors import busy
from volary.db.sqlite import connections, rows
from volary.db.statement import Statement

Out = TypeVar("Out")

_CONNECTIONS = 2
_LIMIT = 30.0
"""Seconds that one read may take; a reader that stays for longer would keep the WAL from being reused."""


class LongReaders:
    """A small pool. A read that is cancelled or takes too long is interrupted inside SQLite."""

    def __init__(self, path: Path, wait: float, limit: float = _LIMIT) -> None:
        self._wait = wait
        self._limit = limit
        self._threads = ThreadPoolExecutor(_CONNECTIONS, thread_name_prefix="volary-read")
        self._connections = [connections.reading(path, lock_wait=wait) for _ in range(_CONNECTIONS)]
        self._idle: asyncio.Queue[sqlite3.Connection] = asyncio.Queue()
        for connection in self._connections:
            self._idle.put_nowait(connection)

    async def read(self, how: Callable[..., Out], asked: Statement[Any], params: Any) -> Out:
        """Carry out a statement on a thread. Raises Busy when every connection is taken, or when it takes too long."""
        try:
            connection = await asyncio.wait_for(self._idle.get(), self._wait)
        except TimeoutError as error:
            raise busy("every long reader is taken") from error
        running = asyncio.get_running_loop().run_in_executor(self._threads, how, connection, asked, params)

        def finished(done: asyncio.Future[Out]) -> None:
            # Only now may another read use the connection; after a timeout that is later than the end of this call.
            self._idle.put_nowait(connection)
            if not done.cancelled():
                done.exception()  # seen, so that an error after the caller left is not reported as lost

        running.add_done_callback(finished)
        try:
            return await asyncio.wait_for(asyncio.shield(running), self._limit)
        except TimeoutError as error:
            connection.interrupt()
            raise busy("a read took too long") from error
        except asyncio.CancelledError:
            connection.interrupt()
            raise
        except Exception as error:
            refusal = rows.translated(error)
            if refusal is error:
                raise
            raise refusal from error

    async def close(self) -> None:
        """Interrupt what still reads, then close the connections."""
        for connection in self._connections:
            connection.interrupt()
        await asyncio.to_thread(self._threads.shutdown)
        for connection in self._connections:
            connection.close()
