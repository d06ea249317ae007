"""Carrying out statements on a raw SQLite connection, and turning SQLite's errors into the product's."""

import sqlite3
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from volary.db.errors import Duplicate, Unreferenced, busy, unstorable, without_tables
from volary.db.statement import Statement

R = TypeVar("R")

DIALECT = SQLiteDialect_pysqlite(paramstyle="qmark")

_TOO_LARGE = 2**63
_DUPLICATE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_NO_ROOM = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
}


def first(connection: sqlite3.Connection, asked: Statement[R], params: Mapping[str, Any]) -> R | None:
    """The first row, or None."""
    cursor = _execute(connection, asked, params)
    found = cursor.fetchone()
    # A statement that still has rows would hold its snapshot of the database, and so the WAL, until somebody uses it again.
    cursor.close()
    return None if found is None else asked.row(*found)  # type: ignore[misc]


def every(connection: sqlite3.Connection, asked: Statement[R], params: Mapping[str, Any]) -> list[R]:
    """All rows."""
    row = asked.row
    return [row(*found) for found in _execute(connection, asked, params).fetchall()]  # type: ignore[misc]


def changed(connection: sqlite3.Connection, asked: Statement[None], params: Mapping[str, Any]) -> int:
    """Carry out a change; the number of rows changed."""
    return _execute(connection, asked, params).rowcount


def _execute(connection: sqlite3.Connection, asked: Statement[Any], params: Mapping[str, Any]) -> sqlite3.Cursor:
    compiled = asked.compiled(DIALECT)
    arguments = compiled.arguments(params)
    for place in compiled.lists:
        arguments[place] = _listed(arguments[place])
    return connection.execute(compiled.sql, arguments)


def _listed(values: Any) -> str:
    """A list parameter as JSON. What PostgreSQL refuses in a list is refused here too."""
    if isinstance(values, str | bytes):
        raise TypeError("a list parameter is a list of numbers or texts, not one text")
    if any(isinstance(value, int) and not -_TOO_LARGE <= value < _TOO_LARGE for value in values):
        raise OverflowError("a number above 64 bits")
    return msgspec.json.encode(list(values)).decode()


def refuse_unstorable(params: Mapping[str, Any]) -> None:
    """Refuse NUL in texts, as PostgreSQL does: SQLite would keep it, and cut the text off there in some of its functions."""
    for value in params.values():
        if isinstance(value, str) and "\0" in value:
            raise unstorable("a text holds NUL")


def translated(error: Exception) -> Exception:
    """The product's error for one of SQLite's; the same one where it is a bug that should be seen as such."""
    if isinstance(error, OverflowError | UnicodeEncodeError):
        return unstorable(type(error).__name__)
    if not isinstance(error, sqlite3.Error):
        return error
    code = code_of(error)
    if code in _DUPLICATE:
        return Duplicate(str(error))
    if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        return Unreferenced(str(error))
    if code & 0xFF in _BUSY:
        return busy(str(error))
    if code & 0xFF in _NO_ROOM:
        return busy(str(error), retry_after=10)
    if str(error).startswith("no such table"):
        return without_tables(str(error))
    return error


def is_full(error: BaseException) -> bool:
    """Whether there is no room on the disk, so that trying again at once is of no use."""
    return code_of(error) & 0xFF == sqlite3.SQLITE_FULL


def is_busy(error: BaseException) -> bool:
    """Whether another process holds the lock that is needed."""
    return code_of(error) & 0xFF in _BUSY


def code_of(error: BaseException) -> int:
    """SQLite's extended result code; 0 for other errors."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code
