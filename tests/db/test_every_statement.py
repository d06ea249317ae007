"""Every statement of every room can be prepared on both engines against the real tables, before anybody meets it in a request."""

import importlib
import pkgutil
import sqlite3
from collections.abc import Iterator

import asyncpg

import volary
from volary.db import Statement
from volary.db.paging import Pages
from volary.db.postgres import rows as postgres
from volary.db.sqlite import rows as sqlite
from volary.db.sqlite.connections import path_of


def every_statement() -> dict[str, Statement[object]]:
    """The statements that stand in modules, by their names; also those in a list, tuple or dictionary there."""
    found: dict[str, Statement[object]] = {}
    for module in pkgutil.walk_packages(volary.__path__, "volary."):
        if "migrations" in module.name or module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for number, one in enumerate(_statements_in(value)):
                found.setdefault(f"{module.name}.{name}[{number}]", one)
    return found


def _statements_in(value: object) -> Iterator[Statement[object]]:
    if isinstance(value, Statement):
        yield value
    elif isinstance(value, Pages):
        yield from (value.down, value.up)
    elif isinstance(value, list | tuple):
        yield from (part for part in value if isinstance(part, Statement))
    elif isinstance(value, dict):
        yield from (part for part in value.values() if isinstance(part, Statement))


def test_every_statement_can_be_prepared_on_sqlite(sqlite_url: str) -> None:
    connection = sqlite3.connect(path_of(sqlite_url))
    wrong = {}
    for name, statement in every_statement().items():
        compiled = statement.compiled(sqlite.DIALECT)
        try:
            connection.execute(f"EXPLAIN {compiled.sql}", [None] * compiled.sql.count("?"))
        except sqlite3.Error as error:
            wrong[name] = f"{error}: {compiled.sql}"
    connection.close()
    assert not wrong


async def test_every_statement_can_be_prepared_on_postgres(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    wrong = {}
    for name, statement in every_statement().items():
        compiled = statement.compiled(postgres.DIALECT)
        try:
            await connection.prepare(compiled.sql)
        except asyncpg.PostgresError as error:
            wrong[name] = f"{error}: {compiled.sql}"
    await connection.close()
    assert not wrong


def test_the_search_finds_statements() -> None:
    """The control: a search that found none would let everything pass."""
    assert len(every_statement()) > 10
