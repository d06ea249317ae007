"""What the runbooks tell an operator to do does what they say."""

import base64
import os
import re
import runpy
import sqlite3
import subprocess
import sys
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


async def test_a_backup_of_a_running_database_is_whole(filled: str, clock: HeldClock, keys: Keyring) -> None:
    folder = Path(filled.removeprefix("sqlite:///")).parent
    running = await Database.open(filled, clock, keys)
    done = subprocess.run(
        ["bash", "-e", "-c", shell("restore.md")], cwd=folder, check=True, capture_output=True, text=True
    )
    await running.close()
    assert done.stdout == "ok\n"
    assert (folder / "backup.db").stat().st_mode & 0o077 == 0
    restored = await Database.open(f"sqlite:///{folder}/backup.db", clock, keys)
    assert await account_by_username(restored, ANN.username)
    await restored.close()


async def test_after_a_restore_one_statement_raises_every_epoch(filled: str) -> None:
    found = re.search(r"```sql\n(.*?)```", (RUNBOOKS / "restore.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found
    with sqlite3.connect(filled.removeprefix("sqlite:///")) as opened:
        before = opened.execute("SELECT sum(epoch) FROM accounts").fetchone()[0]
        opened.executescript(found[1])
        after = opened.execute("SELECT sum(epoch) FROM accounts").fetchone()[0]
    opened.close()
    assert after == before + 5


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
