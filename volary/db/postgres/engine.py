"""The engine's front: a pool of connections, reads outside transactions, writes in serializable ones."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg

from volary.db.bells import Bells
from volary.db.driving import guarded
from volary.db.engine import refuse_change
from volary.db.errors import busy
from volary.db.ids import IdSource
from volary.db.postgres import rows
from volary.db.postgres.connections import ACQUIRE_WAIT, ANSWER_WAIT, commit, is_gone, new_pool
from volary.db.postgres.lease import WorkerLease
from volary.db.postgres.transaction import PostgresTx
from volary.db.reading import Tx, Value
from volary.db.statement import Statement
from volary.kit.clock import Clock
from volary.kit.secrets import Keyring

R = TypeVar("R")
T = TypeVar("T")
Out = TypeVar("Out")

TRIES = 12
"""How often an action is tried: a dozen people who like one post at once all count (design §4 says three; decision 0003 says why more)."""
_CROWDED = 3
"""After so many tries an action goes on in line with the others that failed as often: together they would only fail again."""
_LONG_READERS = 3
_CLOSING_WAIT = 10.0
LONG_LIMIT = 30
"""Seconds that a long read may take."""


class PostgresEngine:
    """An asyncpg pool, and the lease of the worker id."""

    unclean = False
    isolation = "serializable"

    def __init__(self, pool: Any, clock: Clock, keys: Keyring, ids: IdSource) -> None:
        self._pool, self._clock, self._keys, self._ids = pool, clock, keys, ids
        self._lease = WorkerLease(pool, ids)
        self._long = asyncio.Semaphore(_LONG_READERS)
        self._line = asyncio.Lock()
        self._returning: set[asyncio.Task[None]] = set()
        self.bells = Bells()

    @classmethod
    async def open(cls, url: str, clock: Clock, keys: Keyring, ids: IdSource) -> "PostgresEngine":
        """Connect to the server of a `postgresql://` URL. Raises CannotStart."""
        return cls(await new_pool(url), clock, keys, ids)

    async def one(self, asked: Statement[R], params: dict[str, Value]) -> R | None:
        refuse_change(asked)
        async with self._connection() as connection:
            return await rows.first(connection, asked, params)

    async def all(self, asked: Statement[R], params: dict[str, Value]) -> list[R]:
        refuse_change(asked)
        async with self._connection() as connection:
            return await rows.every(connection, asked, params)

    async def long_one(self, asked: Statement[R], params: dict[str, Value]) -> R | None:
        return await self._long_read(rows.first, asked, params)

    async def long_all(self, asked: Statement[R], params: dict[str, Value]) -> list[R]:
        return await self._long_read(rows.every, asked, params)

    async def write(self, action: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        # Shielded: a caller that goes away must not tear a transaction, and with it a connection, in the middle.
        writing = asyncio.create_task(self._write(action))
        try:
            return await asyncio.shield(writing)
        except GeneratorExit:
            writing.cancel()  # the caller was itself an action, which was stopped for waiting here
            raise

    async def start_ids(self, worker_id: int | None, newest: int) -> None:
        if worker_id is None:
            await self._lease.start(newest)
        else:
            self._ids.start(worker_id, newest)

    async def check(self) -> list[str]:
        """PostgreSQL checks its own pages; amcheck is the operator's tool. Here only: does it answer?"""
        async with self._connection() as connection:
            await connection.execute("SELECT 1")
        return []

    async def close(self) -> None:
        """Give the worker id back, wait for the connections in use, then close all."""
        await self._lease.close()
        await asyncio.gather(*self._returning)
        try:
            await asyncio.wait_for(self._pool.close(), _CLOSING_WAIT)
        except TimeoutError:
            self._pool.terminate()

    async def _long_read(
        self, how: Callable[..., Coroutine[Any, Any, Out]], asked: Statement[Any], params: dict[str, Value]
    ) -> Out:
        """A read with more time. Only a few go on at once, so that they leave connections for the short ones."""
        refuse_change(asked)
        try:
            await asyncio.wait_for(self._long.acquire(), ACQUIRE_WAIT)
        except TimeoutError as error:
            raise busy("every long reader is taken") from error
        try:
            async with self._connection() as connection, connection.transaction(readonly=True):
                # Planned for its own parameters: whether an index pays depends on how common is what is looked for.
                await connection.execute(
                    f"SET LOCAL statement_timeout = '{LONG_LIMIT}s'; SET LOCAL plan_cache_mode = force_custom_plan"
                )
                return await how(connection, asked, params, LONG_LIMIT + ANSWER_WAIT)
        finally:
            self._long.release()

    async def _write(self, action: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        for attempt in range(TRIES):
            try:
                async with self._line if attempt >= _CROWDED else contextlib.nullcontext():
                    return await self._attempt(action)
            except rows.AGAIN as error:
                if attempt == TRIES - 1:
                    raise busy(repr(error)) from error
            await asyncio.sleep(random.uniform(0.001, 0.01) * 2 ** min(attempt, 4))  # noqa: S311 - only spreads the tries
        raise AssertionError("the last try returned or raised")

    async def _attempt(self, action: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        async with self._connection(again=True) as connection:
            tx = PostgresTx(connection, self._clock.now(), self._keys, self._ids.next)
            transaction = connection.transaction(isolation=self.isolation)
            await transaction.start()
            try:
                value = await guarded(action(tx), lambda: tx.waits)
                tx.raise_failure()
            except BaseException as error:
                tx.end()
                if not _is_silent(error) and not is_gone(connection):
                    await transaction.rollback()
                if tx.again is not None:
                    raise tx.again from error
                raise
            tx.end()
            await commit(connection, transaction)
            self.bells.ring(tx.rung)
            return value

    @asynccontextmanager
    async def _connection(self, *, again: bool = False) -> AsyncIterator[Any]:
        """A connection of the pool. Errors leave as the product's own, save those after which `again` would try once more."""
        try:
            connection = await self._pool.acquire(timeout=ACQUIRE_WAIT)
        except Exception as error:
            raise rows.translated(error, away=True) from error
        silent = False
        try:
            yield connection
        except Exception as error:
            silent = _is_silent(error)
            refusal = (
                error if again and isinstance(error, rows.AGAIN) else rows.translated(error, away=is_gone(connection))
            )
            if refusal is error:
                raise
            raise refusal from error
        finally:
            if silent:
                # Nobody waits while a server that gave no answer is asked to cancel; the connection comes back, or is dropped, later.
                returning = asyncio.create_task(self._give_back(connection))
                self._returning.add(returning)
                returning.add_done_callback(self._returning.discard)
            else:
                await self._give_back(connection)

    async def _give_back(self, connection: Any) -> None:
        with contextlib.suppress(TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await self._pool.release(connection, timeout=ACQUIRE_WAIT)


def _is_silent(error: BaseException) -> bool:
    """Whether the server gave no answer in time, so that nothing more should be asked of this connection."""
    return isinstance(error, TimeoutError) or isinstance(error.__cause__, TimeoutError)
