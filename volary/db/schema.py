"""Connections for what changes or reads the schema: through SQLAlchemy's own engine, and one at a time for each database."""

import asyncio
import importlib
import pkgutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, MetaData, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

import volary
from volary.db.errors import CannotStart, first_line
from volary.db.sqlite.connections import path_of, prepare
from volary.db.tables import metadata

T = TypeVar("T")
Work = Callable[[Connection], T]

_LOCK_WAIT = 600
"""Seconds to wait for another process that changes the schema."""


def every_table() -> MetaData:
    """The metadata with the tables of every room that is installed. For the gate and for tests; the server has its registry."""
    for room in pkgutil.iter_modules(volary.__path__):
        folder = Path(volary.__path__[0]) / room.name
        if (folder / "models.py").exists() or (folder / "models").is_dir():
            importlib.import_module(f"volary.{room.name}.models")
    return metadata


async def create_all(url: str, tables: MetaData) -> None:
    """Make every table that is not there yet, without migrations: for tests."""
    await on_connection(url, tables.create_all, changes=True)


async def on_connection(url: str, work: Work[T], *, changes: bool = False) -> T:
    """Do something on a connection of SQLAlchemy's. With `changes` it is alone: others that would change the schema wait for it.

    Raises CannotStart when the database cannot be reached or used.
    """
    try:
        if url.startswith("sqlite:///"):
            return await asyncio.to_thread(_on_sqlite, path_of(url), work, changes)
        from volary.db.postgres.schema import on_postgres  # brings SQLAlchemy's ORM along, an eighth of all that loads

        return await on_postgres(url, work, _LOCK_WAIT if changes else None)
    except (DBAPIError, OSError, TimeoutError) as error:
        if isinstance(error, DBAPIError) and isinstance(error.orig, sqlite3.Error):
            raise CannotStart(f"cannot use the database {path_of(url)}: {_told(error.orig)}") from error
        raise CannotStart(f"the database refused: {first_line(error)}") from error


_REMEDIES = {
    sqlite3.SQLITE_CORRUPT: " (restore a backup)",
    sqlite3.SQLITE_NOTADB: " (restore a backup)",
    sqlite3.SQLITE_CANTOPEN: " (can its folder be written to?)",
    sqlite3.SQLITE_READONLY: " (can its folder be written to?)",
    sqlite3.SQLITE_FULL: " (make room)",
}


def _told(error: sqlite3.Error) -> str:
    """What SQLite says, and what to do where its file is not what it was."""
    return f"{error}{_REMEDIES.get(getattr(error, 'sqlite_errorcode', 0) & 0xFF, '')}"


def _on_sqlite(path: Path, work: Work[T], changes: bool) -> T:
    prepare(path)
    place = URL.create("sqlite", database=str(path))
    engine = create_engine(place, poolclass=NullPool, connect_args={"timeout": _LOCK_WAIT})

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # A table that is made anew is dropped first, which must not take the rows that refer to it along; they are checked below.
        connection.execute("PRAGMA foreign_keys = OFF")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if changes else "BEGIN")

    with engine.begin() as connection:
        result = work(connection)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all() if changes else ()
        if broken:
            raise CannotStart(
                f"after the change {len(broken)} rows would refer to rows that do not exist; nothing was changed"
            )
        return result
