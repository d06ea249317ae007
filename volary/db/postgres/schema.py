"""Connections for what changes or reads the schema of a PostgreSQL database, through SQLAlchemy's own engine."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import asyncpg
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from volary.db.errors import CannotStart, first_line

T = TypeVar("T")

_LOCK = 0x766F6C617279
"""The advisory lock for changes of the schema."""


async def on_postgres(url: str, work: Callable[[Connection], T], lock_wait: int | None) -> T:
    """Do something on a connection; with `lock_wait` alone, after so many seconds of waiting at most. Raises CannotStart, and what
    SQLAlchemy raises.
    """
    try:
        return await _on_postgres(url, work, lock_wait)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise CannotStart(f"the database refused: {first_line(error)}") from error


async def _on_postgres(url: str, work: Callable[[Connection], T], lock_wait: int | None) -> T:
    # asyncpg reads the URL itself, here as in the engine, so that both understand the same options (such as sslmode).
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=partial(asyncpg.connect, url), poolclass=NullPool
    )
    try:
        async with engine.connect() as lock, engine.connect() as connection:
            if lock_wait is not None:
                await lock.execute(text(f"SET lock_timeout = '{lock_wait}s'"))
                # Held by the session of a connection of its own, so that a migration may commit in between.
                await lock.execute(text(f"SELECT pg_advisory_lock({_LOCK})"))
                # A table that is in use is waited for a little, then given up: readers would queue behind the waiting change.
                await connection.execute(text("SET lock_timeout = '5s'"))
                await connection.commit()
            result = await connection.run_sync(work)
            await connection.commit()
            return result
    finally:
        await engine.dispose()
