"""A backup holds everything that was acknowledged before it began, and a restore brings nothing to life that was ended."""

import contextlib
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.db.databases import new_postgres_database
from tests.db.server import _programs as postgres_programs
from tests.server.starting import CommandLine
from volary.db.errors import CannotStart
from volary.db.sqlite import backup as files

KEY = "A" * 43
PASSWORD = "bees in the attic\n"


@pytest.fixture
def folder(volary: CommandLine) -> Path:
    """Where an installation with SQLite has its database."""
    create = ("account", "create", "dev", "--email", "dev@example.org", "--password-stdin")
    assert volary("migrate").code == 0
    assert volary(*create, typed=PASSWORD).code == 0
    assert volary("app", "create", "--owner", "dev", "--name", "Frame").code == 0
    return volary.folder


def count(path: Path, question: str) -> Any:
    with contextlib.closing(sqlite3.connect(path)) as opened:
        return opened.execute(question).fetchone()[0]


# ------------------------------------------------------------------------------------------------------------------ backing up


def test_a_backup_is_one_sound_file_for_its_owner_alone_without_the_key(volary: CommandLine, folder: Path) -> None:
    old = os.umask(0)
    try:
        done = volary("backup", "copy.db", "--json")
    finally:
        os.umask(old)
    assert done.code == 0, done.err
    told = json.loads(done.out)
    copy = folder / "copy.db"
    assert told["bytes"] == copy.stat().st_size
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert not [path for path in folder.iterdir() if path.name.startswith("copy.db") and path != copy]
    assert count(copy, "SELECT count(*) FROM apps") == 1
    assert (folder / "volary.db.key").read_text().strip().encode() not in copy.read_bytes()
    assert "is not in it" in volary("backup", "other.db").err


def test_a_backup_goes_over_nothing_that_is_there(volary: CommandLine, folder: Path) -> None:
    (folder / "copy.db").write_text("mine")
    assert "is there already" in volary("backup", "copy.db").refusal
    assert (folder / "copy.db").read_text() == "mine"
    (folder / "other.db.part").touch()
    assert "another backup" in volary("backup", "other.db").refusal
    assert (folder / "other.db.part").exists()
    assert "cannot write" in volary("backup", "nowhere/copy.db").refusal


def test_a_backup_leaves_the_tables_as_they_are(volary: CommandLine, folder: Path) -> None:
    """Before an upgrade it may well be the new program that makes it: the way back must stay open."""
    with contextlib.closing(sqlite3.connect(folder / "volary.db")) as opened, opened:
        opened.execute("UPDATE alembic_version SET version_num = '0001'")
    assert volary("backup", "copy.db").code == 0
    for name in ("volary.db", "copy.db"):
        assert count(folder / name, "SELECT version_num FROM alembic_version") == "0001"


def test_what_is_no_installation_is_not_backed_up(volary: CommandLine) -> None:
    assert "there is no database" in volary("backup", "copy.db").refusal
    (volary.folder / "volary.db").touch(mode=0o600)
    assert volary("backup", "copy.db").code == 3
    assert not (volary.folder / "copy.db").exists()


def test_with_the_key_it_says_where(volary: CommandLine, folder: Path) -> None:
    told = json.loads(volary("backup", "copy.db", "--with-key", "--json").out)
    beside = folder / told["key"]
    assert beside.read_text().split() == (folder / "volary.db.key").read_text().split()
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600


def test_a_damaged_database_gives_no_backup(volary: CommandLine, folder: Path) -> None:
    path = folder / "volary.db"
    content = bytearray(path.read_bytes())
    content[4096 * 20 : 4096 * 24] = os.urandom(4096 * 4)
    path.write_bytes(content)
    done = volary("backup", "copy.db")
    assert done.code != 0
    assert not list(folder.glob("copy.db*"))


@pytest.mark.attack("SR-363")
def test_everything_that_was_acknowledged_before_it_began_is_in_it(tmp_path: Path) -> None:
    """Another connection writes all the while, faster than pages are copied; the copy is of one moment and does not begin anew."""
    source, writing = tmp_path / "live.db", threading.Event()
    acknowledged, stop = 0, threading.Event()
    with contextlib.closing(sqlite3.connect(source, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("CREATE TABLE ledger (number INTEGER PRIMARY KEY, filling TEXT)")

    def write() -> None:
        nonlocal acknowledged
        with contextlib.closing(sqlite3.connect(source, isolation_level=None, timeout=30)) as opened:
            while not stop.is_set():
                opened.execute("INSERT INTO ledger VALUES (?, ?)", (acknowledged + 1, "x" * 3000))
                acknowledged += 1
                if acknowledged == 3000:
                    writing.set()

    thread = threading.Thread(target=write)
    thread.start()
    assert writing.wait(60)
    before = acknowledged
    seen: list[int] = []
    files.copy(source, tmp_path / "copy.db", lambda _done, _of: seen.append(acknowledged))
    during = acknowledged
    stop.set()
    thread.join()
    copied = count(tmp_path / "copy.db", "SELECT count(*) FROM ledger")
    assert before <= copied <= during
    assert copied == count(tmp_path / "copy.db", "SELECT max(number) FROM ledger")
    assert len(seen) > 1
    assert copied <= seen[0] + 1, "the copy is of the moment at which it began"
    assert seen[-1] > seen[0], "others wrote meanwhile"


# ------------------------------------------------------------------------------------------------------------------- restoring


def revoked_and_restored(volary: CommandLine, folder: Path, *options: str) -> tuple[Any, dict[str, int]]:
    """A session and a token that lived when the backup was made, ended since, and what is alive after the restore."""
    live = folder / "volary.db"
    with contextlib.closing(sqlite3.connect(live)) as opened, opened:
        (account,) = opened.execute("SELECT id FROM accounts").fetchone()
        opened.execute(
            "INSERT INTO sessions (id, account_id, digest, epoch, created_at, last_seen_at, address, location, device,"
            " browser, user_agent) VALUES (1, ?, x'01', 0, 1, 1, '', '', '', '', '')",
            (account,),
        )
    assert volary("backup", "copy.db").code == 0
    with contextlib.closing(sqlite3.connect(live)) as opened, opened:
        opened.execute("UPDATE sessions SET ended_at = 2")
        opened.execute("UPDATE grants SET ended_at = 2")
    done = volary("restore", "copy.db", "--replace", "--json", *options)
    assert done.code == 0, done.err
    living = {
        table: count(live, f"SELECT count(*) FROM {table} WHERE ended_at IS NULL")  # noqa: S608 - names of our own tables
        for table in ("sessions", "grants", "families")
    }
    living["credentials"] = count(live, "SELECT count(*) FROM credentials")
    return json.loads(done.out), living


def test_what_was_ended_since_the_backup_does_not_come_back(volary: CommandLine, folder: Path) -> None:
    told, living = revoked_and_restored(volary, folder)
    assert (told["sessions"], told["connections"], told["app_credentials"]) == (1, 1, 0)
    assert living == {"sessions": 0, "grants": 0, "families": 0, "credentials": 2}
    aside = Path(told["moved_aside"])
    assert aside.exists()
    assert volary("doctor").code == 0
    assert json.loads(volary("app", "list", "--json").out)[0]["name"] == "Frame"


def test_who_knows_that_nothing_was_ended_can_keep_it(volary: CommandLine, folder: Path) -> None:
    """The control: without ending anything, what was ended does come back."""
    _, living = revoked_and_restored(volary, folder, "--keep-tokens")
    assert living == {"sessions": 1, "grants": 1, "families": 1, "credentials": 2}


def test_keys_of_apps_can_end_too(volary: CommandLine, folder: Path) -> None:
    told, living = revoked_and_restored(volary, folder, "--end-app-keys")
    assert (told["app_credentials"], living["credentials"]) == (2, 0)


def test_a_restore_destroys_nothing(volary: CommandLine, folder: Path) -> None:
    assert volary("backup", "copy.db").code == 0
    assert "--replace" in volary("restore", "copy.db").refusal
    (folder / "broken.db").write_bytes((folder / "copy.db").read_bytes()[:20_000])
    before = (folder / "volary.db").read_bytes()
    assert volary("restore", "broken.db", "--replace").code != 0
    (folder / "volary.db.key").rename(folder / "kept.key")
    assert "the key is not here" in volary("restore", "copy.db", "--replace").refusal
    assert "belongs to the key" in volary("restore", "copy.db", "--replace", key=KEY).refusal
    assert (folder / "volary.db").read_bytes() == before
    assert not list(folder.glob("*.restoring*"))


def leave_a_wal(path: Path) -> None:
    """What a process that was killed leaves beside a database: a WAL that holds commits which are not in the file."""
    code = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('PRAGMA journal_mode = WAL'); c.execute(\"UPDATE apps SET name = 'Stale'\"); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, path], check=True)
    assert path.with_name(path.name + "-wal").stat().st_size > 0


@pytest.mark.attack("SR-363")
def test_the_wal_of_a_database_that_is_gone_does_not_get_into_the_restored_one(
    volary: CommandLine, folder: Path
) -> None:
    """Only the damaged file was deleted. SQLite would take the WAL that is left for the new one's, and nothing would be restored."""
    assert volary("backup", "copy.db").code == 0
    leave_a_wal(folder / "volary.db")
    (folder / "volary.db").unlink()
    done = volary("restore", "copy.db", "--json")
    assert done.code == 0, done.err
    assert json.loads(volary("app", "list", "--json").out)[0]["name"] == "Frame"
    assert volary("doctor").code == 0
    aside = Path(json.loads(done.out)["moved_aside"])
    assert aside.with_name(aside.name + "-wal").stat().st_size > 0, "it is kept, as everything that was there is"


@pytest.mark.attack("SR-363")
def test_a_restore_that_was_killed_leaves_nothing_in_the_next_one(volary: CommandLine, folder: Path) -> None:
    assert volary("backup", "copy.db").code == 0
    draft = folder / "volary.db.restoring"
    shutil.copy(folder / "copy.db", draft)
    leave_a_wal(draft)
    assert volary("restore", "copy.db", "--replace").code == 0
    assert json.loads(volary("app", "list", "--json").out)[0]["name"] == "Frame"


def test_a_backup_is_not_put_beside_the_wal_of_another(volary: CommandLine, folder: Path) -> None:
    (folder / "copy.db-wal").write_text("of another database")
    assert "copy.db-wal is there" in volary("backup", "copy.db").refusal
    assert not (folder / "copy.db").exists()


def test_a_restore_waits_for_no_server(volary: CommandLine, folder: Path) -> None:
    from volary.server.holding import database_of
    from volary.settings import Settings

    assert volary("backup", "copy.db").code == 0
    serving = database_of(Settings(database=f"sqlite:///{folder}/volary.db"))
    assert serving is not None
    with serving:
        refusal = volary("restore", "copy.db", "--replace").refusal
    assert refusal == f"a server runs on the database {folder}/volary.db: stop it, then restore"


def test_a_backup_from_before_a_rotation_needs_the_key_of_its_day(volary: CommandLine, folder: Path) -> None:
    """The key that leaked was retired, and lies in a file of its own; with the backup it is the current one again, which is said."""
    assert volary("backup", "copy.db").code == 0
    changed = json.loads(volary("key", "rotate", "--json").out)
    old, new = changed["old_key_id"], changed["key_id"]
    assert volary("key", "retire", old, "--leaked").code == 0
    file = folder / "volary.db.key"
    apart = file.with_name(f"{file.name}.{old}")
    refusal = volary("restore", "copy.db", "--replace").refusal
    assert f"it is in {apart}; append it to {file}" in refusal
    assert "never overwrite" in refusal
    file.write_text(file.read_text() + apart.read_text())
    assert (
        f"the key {old}, which you retired, is the current one again" in volary("restore", "copy.db", "--replace").err
    )
    for told in (volary("doctor").out, volary("key", "show").err):
        assert f"the key {old}, which you retired, is the current one again: volary key rotate" in told
    assert json.loads(volary("key", "rotate", "--json").out)["key_id"] == new
    assert volary("key", "retire", old, "--leaked").code == 0
    assert "again" not in volary("doctor").out


def test_a_restore_elsewhere(volary: CommandLine, folder: Path) -> None:
    told = json.loads(volary("backup", "copy.db", "--with-key", "--json").out)
    place = folder / "elsewhere"
    place.mkdir()
    (place / "volary.db.key").write_text((folder / told["key"]).read_text())
    (place / "volary.db.key").chmod(0o600)
    database = {"database": f"sqlite:///{place}/volary.db"}
    assert volary("restore", "copy.db", **database).code == 0
    assert json.loads(volary("account", "show", "dev", "--json", **database).out)["username"] == "dev"


def test_how_it_is_called(volary: CommandLine, folder: Path) -> None:
    assert volary("restore").code == 2
    assert volary("restore", "volary.db", "--in-place").code == 2
    assert volary("restore", "--in-place").code == 0


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database at all" * 100)
    with pytest.raises(CannotStart, match="cannot copy"):
        files.copy(tmp_path / "text", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


# ------------------------------------------------------------------------------------------------------------------ PostgreSQL


def test_postgresql_is_backed_up_and_restored_with_its_own_programs(
    volary: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{postgres_programs()}:{os.environ['PATH']}")
    old, new = (new_postgres_database(f"volary_{name}_{os.getpid()}") for name in ("kept", "again"))
    settings = {"database": old, "key": KEY}
    create = ("account", "create", "dev", "--email", "dev@example.org", "--password-stdin")
    assert volary(*create, typed=PASSWORD, **settings).code == 0
    assert volary("app", "create", "--owner", "dev", "--name", "Frame", **settings).code == 0
    done = volary("backup", "copy.dump", "--json", **settings)
    assert done.code == 0, done.err
    assert stat.S_IMODE((volary.folder / "copy.dump").stat().st_mode) == 0o600
    assert "is there already" in volary("backup", "copy.dump", **settings).refusal
    assert "not empty" in volary("restore", "copy.dump", **settings).refusal
    settings["database"] = new
    told = json.loads(volary("restore", "copy.dump", "--json", **settings).out)
    assert told["connections"] == 1
    assert volary("doctor", **settings).code == 0
    assert json.loads(volary("app", "list", "--json", **settings).out)[0]["name"] == "Frame"
    following = "B" * 43
    refusal = volary("restore", "--in-place", **settings | {"key": following}).refusal
    assert "put it into VOLARY_KEY behind the present one" in refusal
    assert "volary restore again --in-place" in refusal
    both = settings | {"key": f"{following},{KEY}"}
    advice = json.loads(volary("restore", "--in-place", "--json", **both).out)["advice"]
    assert "the current one: volary key rotate" in advice
    assert advice in volary("doctor", **both).out


def test_without_its_programs_it_is_said_what_to_run(volary: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"database": new_postgres_database(f"volary_kept_{os.getpid()}"), "key": KEY}
    assert volary("migrate", **settings).code == 0
    monkeypatch.setenv("PATH", str(volary.folder))
    refusal = volary("backup", "copy.dump", **settings).refusal
    assert "pg_dump --format=custom --file=copy.dump" in refusal
    assert not list(volary.folder.glob("*.dump*"))
