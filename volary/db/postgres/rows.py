"""Carrying out statements on a raw asyncpg connection, and turning PostgreSQL's errors into the product's."""

from collections.abc import Mapping
from typing import Any, TypeVar

import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from volary.db.errors import Duplicate, Unreferenced, busy, unstorable, without_tables
from volary.db.statement import Statement

R = TypeVar("R")

DIALECT = PGDialect_asyncpg()  # type: ignore[no-untyped-call]

AGAIN = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError, asyncpg.InvalidCachedStatementError)
"""Errors after which the same transaction may well succeed: others were in the way, or a migration changed a table under it."""

_UNSTORABLE = (
    asyncpg.CharacterNotInRepertoireError,
    asyncpg.UntranslatableCharacterError,
    asyncpg.NumericValueOutOfRangeError,
    OverflowError,
    UnicodeEncodeError,
)
_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    OSError,
    TimeoutError,
    *AGAIN,
)


async def first(connection: Any, asked: Statement[R], params: Mapping[str, Any], wait: float | None = None) -> R | None:
    """The first row, or None. `wait`: seconds for the answer, if other than the connection's own."""
    compiled = asked.compiled(DIALECT)
    found = await connection.fetchrow(compiled.sql, *compiled.arguments(params), timeout=wait)
    return None if found is None else asked.row(*found)  # type: ignore[misc]


async def every(connection: Any, asked: Statement[R], params: Mapping[str, Any], wait: float | None = None) -> list[R]:
    """All rows. `wait` as above."""
    compiled, row = asked.compiled(DIALECT), asked.row
    found = await connection.fetch(compiled.sql, *compiled.arguments(params), timeout=wait)
    return [row(*record) for record in found]  # type: ignore[misc]


async def changed(connection: Any, asked: Statement[None], params: Mapping[str, Any]) -> int:
    """Carry out a change; the number of rows changed."""
    compiled = asked.compiled(DIALECT)
    status: str = await connection.execute(compiled.sql, *compiled.arguments(params))
    return int(status.rsplit(" ", 1)[-1])


def translated(error: Exception, *, away: bool = False) -> Exception:
    """The product's error for one of PostgreSQL's; the same one where it is a bug that should be seen as such.

    Their texts can hold what a person typed, so of those only names reach the log. `away`: the connection is known to be closed, so that
    asyncpg's complaint about its use is no bug of ours.
    """
    if isinstance(error, asyncpg.UniqueViolationError):
        return Duplicate(str(error.constraint_name))
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return Unreferenced(str(error.constraint_name))
    if isinstance(error, _UNSTORABLE) or isinstance(error.__cause__, _UNSTORABLE):
        return unstorable(type(error).__name__)
    if isinstance(error, asyncpg.UndefinedTableError | asyncpg.UndefinedColumnError):
        return without_tables(str(error))
    if isinstance(error, asyncpg.DiskFullError):
        return busy(repr(error), retry_after=10)
    if isinstance(error, _AWAY) or (away and isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError)):
        return busy(repr(error))
    return error
