"""What the runbooks tell an operator to do does what they say."""

import base64
import json
import os
import re
import runpy
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from tests.cast import ANN, people
from tests.db.databases import new_postgres_database
from tests.house import tree
from volary.accounts.queries import account_by_username
from volary.db import Database
from volary.db.migrate import migrate
from volary.db.schema import every_table
from volary.kit.clock import HeldClock
from volary.kit.secrets import Keyring
from volary.server.metrics import Counts

RUNBOOKS = tree.ROOT / "docs" / "runbooks"


@pytest.fixture
async def filled(tmp_path: Path, clock: HeldClock, keys: Keyring) -> str:
    """The URL of an SQLite database as an installation has it, with people in it; nobody has it open."""
    url = f"sqlite:///{tmp_path}/volary.db"
    await migrate(url, every_table())
    database = await Database.open(url, clock, keys)
    await people(database)
    await database.close()
    return url


@pytest.fixture
def target() -> str:
    """The URL of a PostgreSQL database in which nothing was done yet."""
    return new_postgres_database(f"volary_moved_{os.getpid()}")


async def test_everything_moves_to_postgresql(filled: str, target: str, clock: HeldClock, keys: Keyring) -> None:
    copy = runpy.run_path(str(RUNBOOKS / "to_postgresql.py"))["copy"]
    counts = await copy(filled, target)
    assert counts["accounts"] == 5
    database = await Database.open(target, clock, keys)
    ann = await account_by_username(database, ANN.username)
    await database.close()
    assert ann is not None
    assert ann.email == ANN.email
    with pytest.raises(SystemExit, match="nothing was copied"):
        await copy(filled, target)


def shell(page: str) -> str:
    """The first shell block of a runbook."""
    found = re.search(r"```sh\n(.*?)```", (RUNBOOKS / page).read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def blocks(page: str) -> list[str]:
    """Every shell block of a runbook, in its order."""
    text = (RUNBOOKS / page).read_text(encoding="utf-8")
    return [textwrap.dedent(block) for block in re.findall(r"^ *```sh\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)]


@pytest.fixture
def say(tmp_path: Path) -> Callable[[str], str]:
    """Runs a runbook's block in an installation with a person and an App, as the page stands; what it printed."""

    def run(block: str) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("VOLARY_")}
        environment["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        script = f'volary() {{ {sys.executable} -m volary "$@"; }}\n{block}'
        done = subprocess.run(
            ["bash", "-e", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    run("volary migrate")
    run("echo 'bees in the attic' | volary account create dev --email dev@example.org --password-stdin")
    run("volary app create --owner dev --name Frame --type bot")
    return run


def test_a_key_is_rotated_lost_and_begun_anew_as_the_page_says(say: Callable[[str], str], tmp_path: Path) -> None:
    rotate, new, lost, anew = blocks("keys.md")
    assert "sealed secrets" in say(rotate)
    assert len((tmp_path / "volary.db.key").read_text().split()) == 2
    assert len(say(new).strip()) == 44
    (tmp_path / "volary.db.key").unlink()
    assert "Frame" in say(lost)
    (renewed,) = json.loads(say(anew))["apps"]
    assert renewed["api_key"]
    assert renewed["access_token"]
    assert "fine" in say("volary doctor")


def test_a_backup_is_made_and_restored_as_the_page_says(say: Callable[[str], str], tmp_path: Path) -> None:
    backup, restore = blocks("restore.md")
    say(backup)
    assert (tmp_path / "backup.db").stat().st_mode & 0o077 == 0
    assert "moved aside" in say(restore)
    assert "Frame" in say("volary app list")
    say(blocks("upgrade.md")[0])


def test_alerts_are_about_metrics_that_exist() -> None:
    page = (RUNBOOKS / "watch.md").read_text(encoding="utf-8")
    counts = Counts()
    counts.count("page", 200, 0.1)
    exposed = counts.exposed().decode()
    named = set(re.findall(r"\bvolary_\w+", page)) - {"volary_request_seconds", "volary_requests"}
    assert named == {"volary_requests_total", "volary_request_seconds_total"}
    assert all(name in exposed for name in named)
    alerts = re.findall(r"- alert: (\w+)", page)
    assert len(alerts) > 4
    assert all(page.count(f"| {alert} |") == 1 for alert in alerts), "each says what it means and what to do"


async def test_a_stolen_account_is_given_back(filled: str) -> None:
    line = shell("stolen-account.md").replace("volary ", f"{sys.executable} -m volary ")
    environment = {**os.environ, "VOLARY_DATABASE": filled, "VOLARY_KEY": base64.b64encode(bytes(range(32))).decode()}
    done = subprocess.run(["bash", "-e", "-c", line], env=environment, check=True, capture_output=True, text=True)
    assert "sessions ended" in done.stdout
    with sqlite3.connect(filled.removeprefix("sqlite:///")) as opened:
        (password,) = opened.execute("SELECT password FROM accounts WHERE username = 'ann'").fetchone()
    opened.close()
    assert password != ANN.password_hash
    assert PasswordHasher().verify(password, "a new password that you tell the person")
