"""A migration that is killed in the middle: started again it finishes, and never leaves half a schema (SR-362).

The process is killed right before or after its n-th statement, for many n over all that it carries out, on a database that an older
program filled. The control does without transactions, and must be caught with half a schema.
"""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.db.databases import new_postgres_database
from volary.db.migrate import PLACE, drift, migrate, require_current
from volary.db.schema import every_table, on_connection

pytestmark = pytest.mark.attack("SR-362")

FIRST = "0001_lay_the_foundation.py"
ROWS = (
    "INSERT INTO accounts (id, username, username_key, name, created_at) VALUES (1, 'ann', 'ann', 'Ann', 1)",
    """INSERT INTO sessions (id, account_id, digest, epoch, created_at, last_seen_at, address, location, device, browser, user_agent)
       VALUES (1, 1, CAST('x' AS {octets}), 0, 1, 1, '', '', '', '', '')""",
    "INSERT INTO apps (id, owner_id, name, name_key, client_id, created_at) VALUES (1, 1, 'Рhoto', 'рhoto', 'c1', 1)",
    "INSERT INTO apps (id, owner_id, name, name_key, client_id, created_at) VALUES (2, 1, 'Photo', 'photo', 'c2', 1)",
    "INSERT INTO apps (id, owner_id, name, name_key, client_id, created_at) VALUES (3, 1, 'VoIary Bot', 'voiary bot', 'c3', 1)",
    "INSERT INTO apps (id, owner_id, name, name_key, client_id, created_at) VALUES (4, 1, 'Gone', NULL, 'c4', 1)",
)


@pytest.fixture(params=["sqlite", "postgres"])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Makes databases that the first version of the program filled."""
    versions = tmp_path / "versions"
    versions.mkdir()
    (versions / FIRST).write_text((PLACE / "versions" / FIRST).read_text())
    numbers = iter(range(1_000))

    def made(*, empty: bool = False) -> str:
        number = next(numbers)
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path}/old{number}.db"
        else:
            url = new_postgres_database(f"volary_killed_{os.getpid()}")
        if not empty:
            asyncio.run(_filled(url, versions))
        return url

    return made


async def _filled(url: str, versions: Path) -> None:
    await migrate(url, every_table(), versions)
    octets = "BLOB" if url.startswith("sqlite") else "bytea"

    def work(connection: Connection) -> None:
        for row in ROWS:
            connection.execute(text(row.format(octets=octets)))

    await on_connection(url, work, changes=True)


KILLED = """
import asyncio, os, signal, sys
from sqlalchemy import Engine, event
from volary.db.migrate import migrate
from volary.db.schema import every_table
url, last, moment, control = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
count = 0
def step(connection, *_):
    global count
    count += 1
    if control:  # as if each statement were a transaction of its own
        connection.connection.commit()
    if count == last:
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(Engine, moment, step)
asyncio.run(migrate(url, every_table()))
"""


def migrated_until(url: str, last: int, *, after: bool = False, control: bool = False) -> bool:
    """Migrate in a process that is killed at its `last` statement; whether it was, or had come to its end before."""
    moment = "after_cursor_execute" if after else "before_cursor_execute"
    arguments = [sys.executable, "-c", KILLED, url, str(last), moment, "yes" if control else ""]
    done = subprocess.run(arguments, capture_output=True, check=False, timeout=120)
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode == -signal.SIGKILL


async def names(url: str) -> list[tuple[object, ...]]:
    asked = "SELECT id, name_key, name_shape, any_port FROM apps ORDER BY id"

    def work(connection: Connection) -> list[tuple[object, ...]]:
        return [tuple(row) for row in connection.execute(text(asked))]

    return await on_connection(url, work)


WHOLE = [(1, "рhoto", "photo", 0), (2, "photo", "photo", 0), (3, "voiary bot", "volary bot", 0), (4, None, None, 0)]


def test_killed_amid_its_steps_it_starts_again_and_finishes(old_url: Any) -> None:
    for last in (5, 12):
        assert killed_and_finished(old_url(), last, after=last == 12)


PARTS, APART = 12, 72
"""All statements of all migrations would take hours. These tests take every sixth of them, in parts that take half a minute each."""


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_any_statement_it_starts_again_and_finishes(old_url: Any, part: int) -> None:
    last, after = 1 + part * APART // PARTS, part % 2 == 1
    while killed_and_finished(old_url(), last, after=after):
        last, after = last + APART, not after
    assert last > 200


def killed_and_finished(url: str, last: int, *, after: bool = False) -> bool:
    killed = migrated_until(url, last, after=after)
    asyncio.run(migrate(url, every_table()))
    asyncio.run(require_current(url))
    assert asyncio.run(drift(url, every_table())) == []
    assert asyncio.run(names(url)) == WHOLE
    return killed


def test_killed_while_the_first_tables_are_made(old_url: Any) -> None:
    for last in (30, 60):
        url = old_url(empty=True)
        assert migrated_until(url, last)
        asyncio.run(migrate(url, every_table()))
        assert asyncio.run(drift(url, every_table())) == []


def test_without_one_transaction_half_a_schema_is_left(tmp_path: Path) -> None:
    """The control: each statement commits, and the same kill leaves tables behind that the next start trips over or lacks."""
    url = f"sqlite:///{tmp_path}/control.db"
    assert migrated_until(url, 40, control=True)
    with pytest.raises(Exception, match=r"."):
        asyncio.run(migrate(url, every_table()))
