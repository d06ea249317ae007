"""Opening the pool, and refusing a server on whose settings acknowledged writes could be lost."""

import logging
from typing import Any

import asyncpg

from volary.db.errors import CannotStart, busy, first_line
from volary.db.postgres import rows

ACQUIRE_WAIT = 1.0
"""Seconds that a caller waits for a connection before it is refused."""
ANSWER_WAIT = 2.0
"""Seconds after which a server that does not even say that it gave up is taken for gone; more than its own statement_timeout."""
_CONNECT_WAIT = 5.0
_MOST = 10
_OLDEST_VERSION = 14
_SETTINGS = {
    "application_name": "volary",
    "synchronous_commit": "on",
    "statement_timeout": "1500ms",
    "lock_timeout": "1s",
    "idle_in_transaction_session_timeout": "10s",
    "jit": "off",
}

_NOBODY_THERE = (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError)

_log = logging.getLogger("volary.db")


async def new_pool(url: str) -> Any:
    """Connect, check the server, and return the pool. Raises CannotStart."""
    pool: Any = None
    try:
        pool = await asyncpg.create_pool(
            url,
            min_size=0,
            max_size=_MOST,
            timeout=_CONNECT_WAIT,
            command_timeout=ANSWER_WAIT,
            statement_cache_size=1024,
            max_cached_statement_lifetime=0,
            server_settings=_SETTINGS,
            init=_prepare,
            reset=_leave,
        )
        async with pool.acquire() as connection:
            await verify(connection)
    except BaseException as error:
        if pool is not None:
            pool.terminate()
        if isinstance(error, _NOBODY_THERE):
            raise CannotStart(f"cannot connect to PostgreSQL: {first_line(error)}") from error
        raise
    return pool


async def verify(connection: Any) -> None:
    """Raise CannotStart unless what a commit acknowledges is on the disk. Settings are read back, not believed (SR-330)."""
    wanted = {"fsync": "on", "synchronous_commit": "on", "server_encoding": "UTF8"}
    for name, value in wanted.items():
        found = await connection.fetchval("SELECT current_setting($1)", name)
        if found != value:
            raise CannotStart(
                f"PostgreSQL's {name} is {found}; Volary needs {value}, or what it acknowledges could be lost"
            )
    if await connection.fetchval("SELECT current_setting('full_page_writes')") != "on":
        _log.warning("PostgreSQL's full_page_writes is off: safe only where the file system writes whole pages or none")
    version = connection.get_server_version().major
    if version < _OLDEST_VERSION:
        raise CannotStart(f"this is PostgreSQL {version}; Volary needs {_OLDEST_VERSION} or newer")


def is_gone(connection: Any) -> bool:
    """Whether a connection is closed. asyncpg takes one that the server closed back into the pool at once, and then refuses to tell."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


async def commit(connection: Any, transaction: Any) -> None:
    """COMMIT, and believe it only if PostgreSQL says nothing else. Raises Busy when it is not known whether the write stays.

    When the wait for a synchronous standby is cancelled PostgreSQL still reports the COMMIT as done, with a warning: the write is on this
    server alone and could be lost in a failover (SR-338). The same goes for a COMMIT whose answer never came.
    """
    warnings: list[str] = []

    def hear(_: Any, message: Any) -> None:
        if message.severity_en == "WARNING":
            warnings.append(str(message))

    connection.add_log_listener(hear)
    try:
        await transaction.commit()
    except rows.AGAIN:
        raise
    except Exception as error:
        raise busy(f"the outcome of a COMMIT is unknown: {error!r}") from error
    finally:
        if not is_gone(connection):
            connection.remove_log_listener(hear)
    if warnings:
        raise busy(f"the outcome of a COMMIT is unknown: {'; '.join(warnings)}")


async def _prepare(connection: Any) -> None:
    # A sum of 64-bit integers is `numeric` on PostgreSQL; every number of ours is an integer.
    await connection.set_type_codec("numeric", schema="pg_catalog", encoder=str, decoder=int, format="text")


async def _leave(_: Any) -> None:
    """No session state is ever set, so none is reset between uses: asyncpg's own way costs a round trip each time."""
