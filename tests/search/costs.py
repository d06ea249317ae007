"""What reading costs, counted and not timed: SQLite's steps, and the rows that PostgreSQL touches on its way to a result."""

import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
import msgspec

from volary.db import Statement, Value
from volary.db.postgres import rows as postgres_rows
from volary.db.sqlite import connections
from volary.db.sqlite import rows as sqlite_rows
from volary.kit.secrets import Keyring

R = TypeVar("R")


class SqliteCost:
    """A reader that counts the steps of SQLite's machine. One for each row that is looked at, and a few more for what is done with it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.keys = Keyring(bytes(range(32)))
        self.cost = 0
        self._connection = connection
        connection.set_progress_handler(self._step, 1)

    @property
    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def _step(self) -> int:
        self.cost += 1
        return 0

    async def one(self, asked: Statement[R], /, **params: Value) -> R | None:
        return sqlite_rows.first(self._connection, asked, params)

    async def all(self, asked: Statement[R], /, **params: Value) -> list[R]:
        return sqlite_rows.every(self._connection, asked, params)


class PostgresCost:
    """A reader that counts the rows that all parts of the chosen plans gave or passed over."""

    def __init__(self, connection: Any) -> None:
        self.keys = Keyring(bytes(range(32)))
        self.cost = 0
        self._connection = connection

    @property
    def now(self) -> int:
        return time.time_ns() // 1_000_000

    async def one(self, asked: Statement[R], /, **params: Value) -> R | None:
        await self._explain(asked, params)
        return await postgres_rows.first(self._connection, asked, params)

    async def all(self, asked: Statement[R], /, **params: Value) -> list[R]:
        await self._explain(asked, params)
        return await postgres_rows.every(self._connection, asked, params)

    async def _explain(self, asked: Statement[Any], params: dict[str, Value]) -> None:
        compiled = asked.compiled(postgres_rows.DIALECT)
        told = await self._connection.fetchval(
            f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {compiled.sql}", *compiled.arguments(params)
        )
        self.cost += _touched(msgspec.json.decode(told)[0]["Plan"])


def _touched(plan: dict[str, Any]) -> int:
    own: float = (
        plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
    )
    here: int = round(own * plan["Actual Loops"])
    return here + sum(_touched(one) for one in plan.get("Plans", ()))


Cost = SqliteCost | PostgresCost


@asynccontextmanager
async def costing(url: str) -> AsyncIterator[Cost]:
    """A reader of a database that counts."""
    if url.startswith("sqlite"):
        connection = connections.reading(connections.path_of(url))
        try:
            yield SqliteCost(connection)
        finally:
            connection.close()
        return
    wire = await asyncpg.connect(url)
    try:
        await wire.execute("SET plan_cache_mode = force_custom_plan")
        yield PostgresCost(wire)
    finally:
        await wire.close()
