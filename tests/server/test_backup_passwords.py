"""The password of a PostgreSQL address reaches PostgreSQL's programs by their environment, never among arguments that others could see."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import asyncpg
import pytest

from tests.db.server import PostgresServer
from tests.db.server import _programs as postgres_programs
from tests.server.starting import CommandLine

KEY = "A" * 43
PASSWORD = "a s/e:c@r&e%t"
WRONG = quote("not the password")
ADDRESSES = [
    "postgresql://volary:{password}@/{name}?host={folder}",
    "postgresql://volary@/{name}?host={folder}&password={password}",
    "postgresql://volary@/{name}?password=" + WRONG + "&host={folder}&password={password}",
]


@pytest.fixture(scope="module")
def guarded() -> Iterator[PostgresServer]:
    """A server that asks everybody for a password."""
    server = PostgresServer()
    asyncio.run(_give_password(server.url()))
    server.halt()
    (server._data / "pg_hba.conf").write_text("local all all scram-sha-256\n")
    server.start()
    yield server
    server.stop()


async def _give_password(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"ALTER ROLE volary PASSWORD '{PASSWORD}'")
        for name in ("kept", *(f"again_{number}" for number in range(len(ADDRESSES)))):
            await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What PostgreSQL's programs are called with, a file that each adds to before it does what it always does."""
    folder, heard = tmp_path / "programs", tmp_path / "heard"
    folder.mkdir()
    for name in ("pg_dump", "pg_restore"):
        program = folder / name
        program.write_text(f'#!/bin/sh\necho "$0" "$@" >> {heard}\nexec {postgres_programs()}/{name} "$@"\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return heard


@pytest.mark.parametrize(("number", "address"), list(enumerate(ADDRESSES)))
def test_the_password_is_used_and_not_shown(
    volary: CommandLine, guarded: PostgresServer, heard: Path, number: int, address: str
) -> None:
    parts = {"password": quote(PASSWORD, safe=""), "folder": str(guarded._data)}
    settings = {"database": address.format(name="kept", **parts), "key": KEY}
    done = volary("migrate", **settings)
    assert done.code == 0, done.err
    done = volary("backup", "copy.dump", **settings)
    assert done.code == 0, done.err
    done = volary("restore", "copy.dump", **settings | {"database": address.format(name=f"again_{number}", **parts)})
    assert done.code == 0, done.err
    said = heard.read_text()
    assert "pg_dump --format=custom" in said
    assert "pg_restore" in said
    for hidden in (PASSWORD, parts["password"], "password=", "***", WRONG):
        assert hidden not in said


def test_a_passphrase_for_which_there_is_no_variable_is_refused(volary: CommandLine, guarded: PostgresServer) -> None:
    parts = {"password": quote(PASSWORD, safe=""), "folder": str(guarded._data)}
    address = ADDRESSES[0].format(name="kept", **parts)
    assert volary("migrate", database=address, key=KEY).code == 0
    refusal = volary("backup", "copy.dump", database=f"{address}&sslpassword=secret", key=KEY).refusal
    assert "sslpassword" in refusal
    assert "secret" not in refusal
