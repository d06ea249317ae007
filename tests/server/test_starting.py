"""A server that cannot start says so in one line that says what would be right, and ends with code 3."""

import contextlib
import os
import socket
import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.db.databases import new_sqlite
from tests.server.starting import CommandLine
from volary.db.errors import CannotStart
from volary.server import holding
from volary.settings import BadSetting, load

KEY = "A" * 43


@contextlib.contextmanager
def listening() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


# ------------------------------------------------------------------------------------------------------ what is in the way


@pytest.mark.attack("SR-370")
@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"port": "eighty"}, "VOLARY_PORT must be a whole number"),
        ({"database": "mysql://x/y"}, "VOLARY_DATABASE must be sqlite:///path or postgresql://user:password@host/name"),
        (
            {"key": "c2hvcnQ="},
            "VOLARY_KEY must hold 32 bytes as base64, or several such keys; make one with: volary key new",
        ),
        ({"workers": "2"}, "VOLARY_WORKERS above 1 needs PostgreSQL (VOLARY_DATABASE) and Valkey (VOLARY_VALKEY)"),
        (
            {"database": "sqlite:////nowhere/at/all.db"},
            "cannot open the database /nowhere/at/all.db: No such file or directory",
        ),
        (
            {"database": "postgresql://me@127.0.0.1:1/x"},
            "the database refused: [Errno 111] Connect call failed ('127.0.0.1', 1)",
        ),
        (
            {"host": "203.0.113.9"},
            "cannot listen on 203.0.113.9 port 0 (Cannot assign requested address): choose another with",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_wrong_setting_is_one_line(volary: CommandLine, wrong: dict[str, str], said: str) -> None:
    done = volary("serve", **({"key": KEY, "port": "0"} | wrong))
    assert (done.code, done.refusal[: len(said)]) == (3, said)


def test_a_taken_port_is_one_line(volary: CommandLine) -> None:
    with listening() as port:
        done = volary("serve", "--port", str(port))
    assert (done.code, done.refusal) == (
        3,
        f"cannot listen on 127.0.0.1 port {port} (Address already in use): choose another with --port, or 0 for a free one",
    )
    assert not list(volary.folder.iterdir())


def test_a_database_of_a_newer_program_is_one_line(volary: CommandLine) -> None:
    assert volary("migrate").code == 0
    with contextlib.closing(sqlite3.connect(volary.folder / "volary.db")) as other, other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in ("serve", "migrate"):
        done = volary(command, port="0")
        assert done.code == 3
        assert done.refusal.startswith("the database is newer than this program (it is at revision 9999)")


@pytest.mark.attack("SR-370")
def test_another_key_is_one_line(volary: CommandLine) -> None:
    create = ("account", "create", "ann", "--email", "ann@example.org", "--password-stdin")
    assert volary("migrate", key=KEY).code == 0
    assert volary(*create, typed="bees in the attic\n", key=KEY).code == 0
    done = volary("account", "show", "ann", key="B" * 43)
    assert done.code == 3
    assert done.refusal.startswith("this database belongs to the key ")
    assert done.refusal.endswith("set VOLARY_KEY to the installation's key")
    assert KEY not in done.err


@pytest.mark.attack("SR-307", "SR-370")
def test_files_that_others_can_read_are_refused(volary: CommandLine) -> None:
    assert volary("migrate").code == 0
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in volary.folder.iterdir()} == {
        "volary.db": 0o600,
        "volary.db.key": 0o600,
    }
    for name in ("volary.db.key", "volary.db"):
        file = volary.folder / name
        file.chmod(0o644)
        done = volary("serve", port="0")
        assert (done.code, f"{file} (mode 0644)" in done.refusal) == (3, True)
        file.chmod(0o600)


# --------------------------------------------------------------------------------------------------- port and database


def test_a_free_port_is_found_and_a_taken_one_refused() -> None:
    assert holding.port_of(load({"VOLARY_PORT": "0"})) > 0
    with listening() as port, pytest.raises(BadSetting, match="Address already in use"):
        holding.port_of(load({"VOLARY_PORT": str(port)}))
    assert holding.port_of(load({"VOLARY_PORT": str(port)})) == port


def test_a_port_that_becomes_free_in_a_moment_is_waited_for() -> None:
    with contextlib.ExitStack() as kept:
        port = kept.enter_context(listening())
        threading.Timer(0.2, kept.pop_all().close).start()
        assert holding.port_of(load({"VOLARY_PORT": str(port)})) == port


def test_a_sqlite_database_has_one_server(tmp_path: Path) -> None:
    url = new_sqlite(tmp_path)
    own = load({"VOLARY_DATABASE": url})
    held = holding.database_of(own)
    assert held is not None
    assert stat.S_IMODE((tmp_path / "volary.db.serving").stat().st_mode) == 0o600
    with pytest.raises(CannotStart, match="another server runs on the database"):
        holding.database_of(own)
    held.close()
    again = holding.database_of(own)
    assert again is not None
    again.close()


def test_the_lock_outlives_whoever_took_it_as_long_as_a_child_has_it(tmp_path: Path) -> None:
    """The worker inherits it, so a database is not given to a second server while a first worker still runs."""
    own = load({"VOLARY_DATABASE": new_sqlite(tmp_path)})
    held = holding.database_of(own)
    assert held is not None
    inherited = os.dup(held.fileno())
    held.close()
    with pytest.raises(CannotStart):
        holding.database_of(own)
    os.close(inherited)
    again = holding.database_of(own)
    assert again is not None
    again.close()


def test_postgresql_has_as_many_servers_as_one_likes() -> None:
    assert holding.database_of(load({"VOLARY_DATABASE": "postgresql://x@localhost/y"})) is None


@pytest.mark.attack("SR-308")
def test_the_server_listens_on_this_machine_unless_it_is_told_otherwise() -> None:
    assert load({}).host == "127.0.0.1"
