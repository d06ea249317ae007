"""Migrations: forward, once, alone, and never past what this program knows."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, Column, Connection, ForeignKey, Integer, MetaData, Table, Text, text

from tests.db.databases import new_postgres_database
from tests.db.test_start import one_line
from volary.db.errors import CannotStart
from volary.db.migrate import drift, migrate, require_current
from volary.db.migrations.__main__ import revise
from volary.db.schema import every_table, on_connection


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table, on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    return new_postgres_database(f"volary_empty_{os.getpid()}")


def tables(step: int) -> MetaData:
    """A small schema at its first or second step, with a table that has no rowid and one that refers to it."""
    made = MetaData()
    whole = BigInteger().with_variant(Integer(), "sqlite")
    things = Table(
        "things",
        made,
        Column("name", Text, primary_key=True),
        Column("size", whole, nullable=step > 1, server_default="1"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    if step > 1:
        things.append_column(Column("language", Text, nullable=False, server_default=""))
    Table(
        "parts",
        made,
        Column("id", whole, primary_key=True, autoincrement=False),
        Column("thing", Text, ForeignKey("things.name")),
        sqlite_strict=True,
    )
    return made


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """Two revisions, as the command writes them."""
    folder = tmp_path / "versions"
    folder.mkdir()
    asyncio.run(revise("make things", tables(1), folder))
    asyncio.run(revise("add the language of a thing", tables(2), folder))
    return folder


async def run(url: str, statement: str) -> list[tuple[object, ...]]:
    def work(connection: Connection) -> list[tuple[object, ...]]:
        result = connection.execute(text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []

    return await on_connection(url, work, changes=True)


async def test_the_product_s_migrations_make_the_tables_of_the_code(empty_url: str) -> None:
    assert await migrate(empty_url, every_table())
    assert await drift(empty_url, every_table()) == []
    await require_current(empty_url)
    assert await migrate(empty_url, every_table()) == []


async def test_rows_live_through_a_migration(empty_url: str, versions: Path) -> None:
    (versions / "0002_add_the_language_of_a_thing.py").rename(versions / "later")
    assert await migrate(empty_url, tables(1), versions) == ["make things"]
    await run(empty_url, "INSERT INTO things (name) VALUES ('a')")
    await run(empty_url, "INSERT INTO parts (id, thing) VALUES (1, 'a')")
    assert "add_column things language" in await drift(empty_url, tables(2))
    (versions / "later").rename(versions / "0002_add_the_language_of_a_thing.py")
    with pytest.raises(CannotStart) as raised:
        await require_current(empty_url, versions)
    assert "volary migrate" in one_line(raised)
    assert await migrate(empty_url, tables(2), versions) == ["add the language of a thing"]
    assert await run(empty_url, "SELECT name, size, language FROM things JOIN parts ON thing = name") == [("a", 1, "")]
    assert await drift(empty_url, tables(2)) == []


async def test_a_newer_database_is_refused(empty_url: str, versions: Path) -> None:
    await migrate(empty_url, tables(2), versions)
    (versions / "0002_add_the_language_of_a_thing.py").unlink()
    for attempt in (migrate(empty_url, tables(1), versions), require_current(empty_url, versions)):
        with pytest.raises(CannotStart) as raised:
            await attempt
        assert "newer" in one_line(raised)
        assert "0002" in str(raised.value)


async def test_a_migration_that_fails_changes_nothing(empty_url: str, versions: Path) -> None:
    later = versions / "0002_add_the_language_of_a_thing.py"
    later.write_text(later.read_text() + '    op.drop_table("nowhere")\n')
    with pytest.raises(CannotStart) as raised:
        await migrate(empty_url, tables(2), versions)
    one_line(raised)
    assert "add_table things" in await drift(empty_url, tables(2))


async def test_a_migration_that_orphans_rows_is_undone_on_sqlite(tmp_path: Path, versions: Path) -> None:
    url = f"sqlite:///{tmp_path}/orphans.db"
    await migrate(url, tables(2), versions)
    await run(url, "INSERT INTO things (name) VALUES ('a')")
    await run(url, "INSERT INTO parts (id, thing) VALUES (1, 'a')")
    with pytest.raises(CannotStart, match="nothing was changed"):
        await run(url, "DELETE FROM things")
    assert await run(url, "SELECT name FROM things") == [("a",)]


async def test_drift_sees_what_kind_a_table_is_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kinds.db"
    await run(url, "CREATE TABLE things (name TEXT NOT NULL PRIMARY KEY, size INTEGER NOT NULL DEFAULT 1)")
    await run(url, "CREATE TABLE parts (id INTEGER NOT NULL PRIMARY KEY, thing TEXT REFERENCES things (name)) STRICT")
    found = await drift(url, tables(1))
    assert len(found) == 1
    assert found[0].startswith("table_kind things")


@pytest.mark.attack("SR-323")
def test_of_processes_that_start_together_one_migrates(empty_url: str) -> None:
    program = """
import asyncio, sys
from volary.db import Database
from volary.db.migrate import migrate
from volary.db.schema import every_table
from volary.kit.clock import SystemClock
from volary.kit.secrets import Keyring
async def run(url):
    done = await migrate(url, every_table())
    database = await Database.open(url, SystemClock(), Keyring(bytes(32)))
    print(len(done))
    await database.close()
asyncio.run(run(sys.argv[1]))
"""
    command = [sys.executable, "-c", program, empty_url]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    ends = [(*process.communicate(), process.returncode) for process in started]
    assert [code for _, _, code in ends] == [0] * 3, ends
    assert sorted(int(out) > 0 for out, _, _ in ends) == [False, False, True]
    assert asyncio.run(drift(empty_url, every_table())) == []
