"""The engine's front: a pool of connections, reads outside transactions, writes in serializable ones."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg

from volary.db.driving import guarded
from volary.db.errors import CannotStart, busy
from volary.db.postgres import rows
from volary.db.postgres.transaction import PostgresTx
from volary.db.reading import Tx, Value
from volary.db.statement import Statement
from volary.kit.clock import Clock
from volary.kit.secrets import Keyring

R = TypeVar("R")
T = TypeVar("T")

ACQUIRE_WAIT = 1.5
"""Seconds that a caller waits for a connection before it is refused."""
_TRIES = 3
_AGAIN = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
_SETTINGS = {
    "application_name": "volary",
    "statement_timeout": "5s",
    "lock_timeout": "1500ms",
    "idle_in_transaction_session_timeout": "10s",
    "jit": "off",
}


class PostgresEngine:
    """An asyncpg pool."""

    def __init__(self, pool: Any, clock: Clock, keys: Keyring, new_id: Callable[[], int]) -> None:
        self._pool, self._clock, self._keys, self._new_id = pool, clock, keys, new_id

    @classmethod
    async def open(cls, url: str, clock: Clock, keys: Keyring, new_id: Callable[[], int]) -> "PostgresEngine":
        """Connect. Raises CannotStart when nobody answers."""
        try:
            pool = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=10,
                timeout=ACQUIRE_WAIT,
                statement_cache_size=1024,
                max_cached_statement_lifetime=0,
                server_settings=_SETTINGS,
                reset=_nothing,
            )
        except (OSError, asyncpg.PostgresError, TimeoutError) as error:
            raise CannotStart(f"cannot reach PostgreSQL: {error}") from error
        return cls(pool, clock, keys, new_id)

    async def one(self, asked: Statement[R], params: dict[str, Value]) -> R | None:
        async with self._connection() as connection:
            return await rows.first(connection, asked, params)

    async def all(self, asked: Statement[R], params: dict[str, Value]) -> list[R]:
        async with self._connection() as connection:
            return await rows.every(connection, asked, params)

    async def long_one(self, asked: Statement[R], params: dict[str, Value]) -> R | None:
        return await self.one(asked, params)

    async def long_all(self, asked: Statement[R], params: dict[str, Value]) -> list[R]:
        return await self.all(asked, params)

    async def write(self, action: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        # Shielded: a caller that goes away must not tear a transaction, and with it a connection, in the middle.
        return await asyncio.shield(asyncio.create_task(self._write(action)))

    async def close(self) -> None:
        """Wait for the connections in use, then close all."""
        await self._pool.close()

    async def _write(self, action: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        for attempt in range(_TRIES):
            try:
                return await self._attempt(action)
            except _AGAIN as error:
                if attempt == _TRIES - 1:
                    raise busy(repr(error)) from error
            await asyncio.sleep(random.uniform(0.001, 0.01) * 2**attempt)  # noqa: S311 - only spreads the tries
        raise AssertionError("unreachable")

    async def _attempt(self, action: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        async with self._connection(again=True) as connection, connection.transaction(isolation="serializable"):
            tx = PostgresTx(connection, self._clock.now(), self._keys, self._new_id)
            try:
                value = await guarded(action(tx), action, lambda: tx.waits)
                tx.end()
                return value
            finally:
                tx.abort()

    @asynccontextmanager
    async def _connection(self, *, again: bool = False) -> AsyncIterator[Any]:
        try:
            async with self._pool.acquire(timeout=ACQUIRE_WAIT) as connection:
                yield connection
        except Exception as error:
            if again and isinstance(error, _AGAIN):
                raise
            refusal = rows.translated(error)
            if refusal is error:
                raise
            raise refusal from error


async def _nothing(_: Any) -> None:
    """No session state is ever set, so there is none to reset; asyncpg's own reset costs a round trip."""
