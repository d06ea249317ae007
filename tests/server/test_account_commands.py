"""`volary account …`: what is typed at a terminal, and which database is meant."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.server.starting import CommandLine
from volary.db.errors import CannotStart
from volary.kit.errors import NotFound
from volary.server.cli import cli

PASSWORD = "six birds on a wire"
AT_A_TERMINAL = (
    "import os, sys; os.open(sys.argv[1], os.O_RDWR); os.execv(sys.executable, [sys.executable, *sys.argv[2:]])"
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/volary.db"


def run(url: str, *words: str, typed: str = "") -> Any:
    return CliRunner(env={"VOLARY_DATABASE": url}).invoke(cli, [*words], input=typed, catch_exceptions=False)


def opened(url: str, username: str = "ann") -> Any:
    order = ("account", "create", username, "--email", f"{username}@example.org", "--password-stdin", "--json")
    return run(url, *order, typed=f"{PASSWORD}\n")


@contextmanager
def terminal(url: str, *words: str) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """A command at a terminal of its own, and our end of it."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", AT_A_TERMINAL, os.ttyname(theirs), "-m", "volary", *words]
    environment = {**os.environ, "VOLARY_DATABASE": url}
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    )
    os.close(theirs)
    try:
        yield process, ours
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def read_until(end: int, text: str) -> str:
    said = ""
    while text not in said:
        said += os.read(end, 4096).decode()
    return said


def test_a_password_is_asked_for_twice_and_not_shown(url: str) -> None:
    with terminal(url, "account", "create", "ann", "--email", "ann@example.org") as (process, end):
        said = read_until(end, "Password: ")
        os.write(end, f"{PASSWORD}\n".encode())
        said += read_until(end, "confirmation: ")
        os.write(end, f"{PASSWORD}\n".encode())
        said += read_until(end, "active")
        assert process.wait(30) == 0
    assert PASSWORD not in said
    assert json.loads(run(url, "account", "show", "ann", "--json").stdout)["username"] == "ann"


def test_without_a_terminal_the_command_says_how_to_give_the_password(url: str) -> None:
    done = run(url, "account", "create", "ann", "--email", "ann@example.org")
    assert done.exit_code == 2
    assert "--password-stdin" in done.output


def test_a_new_password_ends_sessions_and_is_held_to_the_rules(url: str) -> None:
    opened(url)
    done = run(url, "account", "password", "ann", "--password-stdin", "--json", typed="seven birds on a wire\n")
    assert json.loads(done.stdout) == {"username": "ann", "sessions_ended": 0, "apps_revoked": 0}
    with pytest.raises(NotFound, match="@nobody"):
        run(url, "account", "password", "nobody", "--password-stdin", typed="seven birds on a wire\n")


def test_the_first_account_says_which_database_it_makes(url: str) -> None:
    assert f"Making the database {url}" in opened(url).stderr
    assert "Making" not in opened(url, "bob").stderr


def test_without_a_word_which_database_none_is_made(volary: CommandLine) -> None:
    create = ("account", "create", "ann", "--email", "ann@example.org", "--password-stdin")
    assert "VOLARY_DATABASE" in volary(*create, typed=f"{PASSWORD}\n").refusal
    assert list(volary.folder.iterdir()) == []
    (volary.folder / "volary.toml").write_text('database = "sqlite:///volary.db"')
    assert "Making the database" in volary(*create, typed=f"{PASSWORD}\n").err
    (volary.folder / "volary.toml").unlink()
    assert volary("account", "show", "ann").code == 0
    assert volary(*create, typed=f"{PASSWORD}\n", database="sqlite:///other.db").code == 0
    assert volary(*create, "--database", "sqlite:///third.db", typed=f"{PASSWORD}\n").code == 0


@pytest.mark.parametrize("words", [("account", "show", "ann"), ("app", "list"), ("app", "delete", "Frame", "--yes")])
def test_nobody_is_shown_an_empty_world_by_mistake(url: str, tmp_path: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(CannotStart, match="VOLARY_DATABASE"):
        run(url, *words)
    assert list(tmp_path.iterdir()) == []


def test_accounts_are_listed_the_oldest_first(url: str) -> None:
    for username in ("zoe", "ann"):
        opened(url, username)
    listed = json.loads(run(url, "account", "list", "--json").stdout)
    assert [one["username"] for one in listed] == ["zoe", "ann"]
    assert json.loads(run(url, "account", "show", "zoe", "--json").stdout) == listed[0]
    assert listed[0].keys() >= {"account_id", "email", "state", "posts", "created_at", "automated_by", "language"}
    assert "password" not in str(listed[0])
    lines = run(url, "account", "list").stdout.splitlines()
    assert lines[0].split()[:2] == ["account", "id"]
    assert len(lines) == 3
