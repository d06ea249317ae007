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


def blocks(page: str, kind: str = "sh") -> list[str]:
    """Every shell block of a runbook, or every block of another kind, in its order."""
    text = (RUNBOOKS / page).read_text(encoding="utf-8")
    found = re.findall(rf"^ *```{kind}\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(block) for block in found]


def moved(text: str, root: Path) -> str:
    """What a page says of places that are root's, in a folder of the test's."""
    for place in ("/var/backups/volary", "/opt/volary", "/etc/volary"):
        text = text.replace(place, f"{root}{place}")
    return text


def installed(root: Path, *versions: str) -> Path:
    """`/opt/volary` with the program as each of the versions, the first of which is the current one."""
    place = root / "opt/volary"
    for version in versions:
        program = place / version / "bin/volary"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m volary "$@"\n')
        program.chmod(0o755)
    (place / "current").symlink_to(place / versions[0])
    return place


@pytest.fixture
def say(tmp_path: Path) -> Callable[[str], str]:
    """Runs a runbook's block in an installation with a person and an App, as the page stands; what it printed."""

    def run(block: str) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("VOLARY_")}
        environment["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        script = f'volary() {{ {sys.executable} -m volary "$@"; }}\n{moved(block, tmp_path)}'
        done = subprocess.run(
            ["bash", "-e", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    (tmp_path / "var/backups/volary").mkdir(parents=True)
    run("volary migrate")
    run("echo 'bees in the attic' | volary account create dev --email dev@example.org --password-stdin")
    run("volary app create --owner dev --name Frame --type bot")
    return run


def test_mail_is_looked_after_as_the_page_says(say: Callable[[str], str]) -> None:
    look, again = blocks("mail.md")
    assert "mail server" in say(look)
    assert "0 to be tried again." in say(again)


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
    assert (tmp_path / "var/backups/volary/backup.db").stat().st_mode & 0o077 == 0
    assert "moved aside" in say(restore)
    assert "Frame" in say("volary app list")


def test_a_backup_from_before_a_rotation_is_restored_as_the_page_says(say: Callable[[str], str]) -> None:
    backup, restore = blocks("restore.md")
    (append,) = blocks("restore.md", "text")
    say(backup)
    old = json.loads(say("volary key rotate --json"))["old_key_id"]
    say(f"volary key retire {old} --leaked")
    say(append.replace("KEY", old))
    say(restore)
    assert "which you retired, is the current one again" in say("volary doctor")
    say("volary key rotate")
    say(f"volary key retire {old} --leaked")
    assert "again" not in say("volary doctor")
    assert "Frame" in say("volary app list")


def test_the_nightly_unit_makes_a_backup_and_drops_old_ones(say: Callable[[str], str], tmp_path: Path) -> None:
    installed(tmp_path, "0.1")
    service, timer = blocks("restore.md", "ini")
    backup, drop = re.findall(r"^ExecStart=(.*)$", service, re.MULTILINE)
    place = tmp_path / "var/backups/volary"
    old = place / "night-2020-01-01.db"
    old.touch()
    os.utime(old, (0, 0))
    say(backup.replace("$$", "$").replace("%%", "%"))
    say(drop)
    (made,) = place.iterdir()
    assert re.fullmatch(r"night-\d{4}-\d\d-\d\d\.db", made.name)
    assert "Persistent=true" in timer


def test_an_upgrade_goes_forward_and_back_as_the_page_says(say: Callable[[str], str], tmp_path: Path) -> None:
    place = installed(tmp_path, "0.1", "0.2")
    forward, back, restore, start = blocks("upgrade.md")
    outside = "NEW=0.2 OLD=0.1; systemctl() { echo systemctl $*; };"  # systemd is not here
    said = say(outside + forward)
    assert said.startswith(f"{place}/0.1\nsystemctl stop volary\n")
    assert (place / "current").readlink() == place / "0.2"
    assert "fine" in say(outside + back)
    assert (place / "current").readlink() == place / "0.1"
    assert "moved aside" in say(outside + restore)
    assert say(outside + start) == "systemctl start volary\n"


def test_roots_function_has_the_settings_and_the_key_of_the_unit(tmp_path: Path) -> None:
    page = (tree.ROOT / "docs/guide/operators.md").read_text(encoding="utf-8")
    (function,) = re.findall(r"```bash\n(volary\(\) .*?)```", page, re.DOTALL)
    (unit,) = re.findall(r"```ini\n(.*?)```", page, re.DOTALL)
    assert "EnvironmentFile=-/etc/volary/volary.env" in unit
    assert "Environment=VOLARY_SETTINGS=/etc/volary/volary.toml" in unit
    installed(tmp_path, "0.1")
    etc = tmp_path / "etc/volary"
    etc.mkdir(parents=True)
    (etc / "volary.toml").write_text(f'database = "sqlite:///{tmp_path}/volary.db"\n')
    keys = [base64.b64encode(letter * 32).decode() for letter in (b"a", b"b")]
    (etc / "volary.env").write_text(f"VOLARY_KEY={','.join(keys)}\n")
    assert "runuser -u volary -- " in function
    script = moved(function.replace("runuser -u volary -- ", ""), tmp_path) + "volary migrate; volary key show --json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VOLARY_")}
    done = subprocess.run(["bash", "-e", "-c", script], cwd="/", env=environment, capture_output=True, check=True)
    shown = json.loads(done.stdout[done.stdout.index(b"{") :])
    assert [one["key_id"] for one in shown["keys"]] == [Keyring(base64.b64decode(key)).key_id for key in keys]
    assert not (tmp_path / "volary.db.key").exists()


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
