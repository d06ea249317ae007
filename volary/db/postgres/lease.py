"""Worker ids on PostgreSQL: a row for each id that a process holds, renewed while it lives (design §4).

The database's own clock decides when a lease ends. A process counts its time from before it asked, on its monotonic clock, and stops
making ids a while before the lease ends, so two processes never make ids under the same worker id at the same time.
"""

import asyncio
import contextlib
import logging
import time
from typing import Any

import asyncpg

from volary.db.errors import CannotStart
from volary.db.ids import IdSource
from volary.kit.ids import MAX_WORKER
from volary.kit.secrets import mint

LEASE = 60.0
_MARGIN = 10.0
_RENEWED_EVERY = 15.0
_TRIES = 20

_NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
_TAKE = f"""
    INSERT INTO worker_leases (worker_id, holder, expires_at)
    SELECT free.id, $1, {_NOW} + $2 FROM generate_series(0, {MAX_WORKER}) AS free (id)
    LEFT JOIN worker_leases AS held ON held.worker_id = free.id
    WHERE held.worker_id IS NULL OR held.expires_at < {_NOW}
    ORDER BY free.id LIMIT 1
    ON CONFLICT (worker_id) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
    WHERE worker_leases.expires_at < {_NOW}
    RETURNING worker_id
"""  # noqa: S608 - constants of this module
_RENEW = f"UPDATE worker_leases SET expires_at = {_NOW} + $2 WHERE holder = $1"  # noqa: S608 - constants of this module
_RETURN = "DELETE FROM worker_leases WHERE holder = $1"

_log = logging.getLogger("volary.db")


class WorkerLease:
    """Holds a worker id and keeps an `IdSource` supplied with it."""

    def __init__(self, pool: Any, ids: IdSource, seconds: float = LEASE) -> None:
        self._pool = pool
        self._ids = ids
        self._seconds = seconds
        self._holder = mint()
        self._renewing: asyncio.Task[None] | None = None

    async def start(self, newest: int) -> int:
        """Take the lowest free worker id and keep it. Raises CannotStart when all are held."""
        worker = await self._take(newest)
        self._renewing = asyncio.create_task(self._renew_forever(newest), name="volary-lease")
        return worker

    async def close(self) -> None:
        """Give the id back, so that the next process need not wait for the lease to end."""
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.wait([self._renewing])
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._pool.execute(_RETURN, self._holder)

    async def _take(self, newest: int) -> int:
        for _ in range(_TRIES):
            asked = time.monotonic()
            # Two processes that start together may see the same free id; one of them gets no row and looks again.
            worker: int | None = await self._pool.fetchval(_TAKE, self._holder, int(self._seconds * 1000))
            if worker is not None:
                self._ids.start(worker, newest, self._until(asked))
                return worker
        raise CannotStart(f"no worker id is free: {MAX_WORKER + 1} processes hold one in the table worker_leases")

    async def _renew_forever(self, newest: int) -> None:
        while True:
            await asyncio.sleep(min(_RENEWED_EVERY, self._seconds / 4))
            try:
                asked = time.monotonic()
                async with asyncio.timeout(_MARGIN):
                    status: str = await self._pool.execute(_RENEW, self._holder, int(self._seconds * 1000))
                if status == "UPDATE 1":
                    self._ids.extend(self._until(asked))
                else:
                    _log.warning("the lease of the worker id was lost; taking another one")
                    await self._take(newest)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next round tries again, and ids stop in time
                _log.warning("the lease of the worker id could not be renewed: %r", error)

    def _until(self, asked: float) -> float:
        return asked + self._seconds - min(_MARGIN, self._seconds / 4)
