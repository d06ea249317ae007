"""Starting: what is unsafe, foreign, unfinished or newer is refused with one line."""

import base64
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert

from tests.conftest import HeldDatabase
from tests.db.ledger import enter
from tests.db.server import PostgresServer
from volary.activity.models import events
from volary.db import Tx, statement
from volary.db.errors import CannotStart
from volary.db.keys import add_key, keyring, make_key_file, take_out
from volary.db.sqlite import connections
from volary.db.sqlite.integrity import problems
from volary.kit.clock import HeldClock
from volary.kit.errors import Busy
from volary.kit.secrets import Keyring

OTHER_KEYS = Keyring(bytes(32))


def one_line(error: pytest.ExceptionInfo[CannotStart]) -> str:
    text = str(error.value)
    assert "\n" not in text
    return text


async def test_another_key_is_refused(ledger_url: str, clock: HeldClock, keys: Keyring) -> None:
    for _ in range(2):
        await (await HeldDatabase.open(ledger_url, clock, keys, worker_id=0)).close()
    with pytest.raises(CannotStart) as raised:
        await HeldDatabase.open(ledger_url, clock, OTHER_KEYS, worker_id=0)
    assert keys.key_id in one_line(raised)
    assert OTHER_KEYS.key_id in one_line(raised)


async def test_a_database_without_tables_is_refused(
    tmp_path: Path, empty_postgres_url: str, clock: HeldClock, keys: Keyring
) -> None:
    for url in (f"sqlite:///{tmp_path}/empty.db", empty_postgres_url):
        with pytest.raises(CannotStart) as raised:
            await HeldDatabase.open(url, clock, keys, worker_id=0)
        assert "volary migrate" in one_line(raised)


async def test_a_database_that_cannot_be_reached_is_refused(tmp_path: Path, clock: HeldClock, keys: Keyring) -> None:
    text = tmp_path / "text.db"
    text.write_text("this is no database, and long enough that SQLite looks at it" * 20)
    text.chmod(0o600)
    urls = [
        f"sqlite:///{tmp_path}/no/such/folder.db",
        f"sqlite:///{text}",
        "postgresql://volary@127.0.0.1:1/nobody",
        f"postgresql://volary@/nobody?host={tmp_path}",
        "postgresql://volary@127.0.0.1:port/nobody",
    ]
    for url in urls:
        with pytest.raises(CannotStart) as raised:
            await HeldDatabase.open(url, clock, keys, worker_id=0)
        one_line(raised)


async def test_ids_go_on_after_a_restart_on_a_clock_set_back(
    database_url: str, clock: HeldClock, keys: Keyring
) -> None:
    columns = ("id", "at", "kind")
    add = statement(insert(events).values({name: bindparam(name) for name in columns}))

    async def happen(tx: Tx) -> int:
        new = tx.new_id()
        await tx.run(add, id=new, at=tx.now, kind="clock.tested")
        return new

    ids = []
    for _ in range(2):
        database = await HeldDatabase.open(database_url, clock, keys, worker_id=0)
        ids.append(await database.write(happen))
        await database.close()
        clock.advance(-86_400_000)
    assert ids[1] > ids[0]


async def test_two_processes_on_one_sqlite_file_take_different_worker_ids(
    sqlite_ledger_url: str, clock: HeldClock, keys: Keyring
) -> None:
    """The clock stands still, so equal worker ids would make equal ids."""
    opened = [await HeldDatabase.open(sqlite_ledger_url, clock, keys) for _ in range(3)]
    ids = [await database.write(enter, str(number)) for number, database in enumerate(opened)]
    for database in opened:
        await database.close()
    assert len(set(ids)) == 3


@pytest.mark.attack("SR-307")
def test_files_are_the_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    program = """
import asyncio, os, sys
os.umask(0)
from volary.db import Database
from volary.db.keys import keyring
from volary.db.schema import create_all, every_table
from volary.kit.clock import SystemClock
async def run(url):
    keys = keyring(None, url)
    await create_all(url, every_table())
    await Database.open(url, SystemClock(), keys)
    print(sorted(os.listdir(sys.argv[1])), flush=True)
    os._exit(0)
asyncio.run(run(f"sqlite:///{sys.argv[1]}/volary.db"))
"""
    made = subprocess.run([sys.executable, "-c", program, tmp_path], check=True, capture_output=True, text=True)
    names = {"volary.db", "volary.db-shm", "volary.db-wal", "volary.db.key"}
    assert {path.name for path in tmp_path.iterdir()} == names, made.stdout
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.attack("SR-307")
async def test_a_database_that_others_can_read_is_refused(
    sqlite_ledger_url: str, clock: HeldClock, keys: Keyring
) -> None:
    path = connections.path_of(sqlite_ledger_url)
    path.chmod(0o644)
    with pytest.raises(CannotStart) as raised:
        await HeldDatabase.open(sqlite_ledger_url, clock, keys, worker_id=0)
    assert "chmod" in one_line(raised)


@pytest.mark.attack("SR-330")
@pytest.mark.parametrize("unsafe", ["synchronous = OFF", "synchronous = NORMAL", "foreign_keys = OFF"])
def test_unsafe_settings_of_sqlite_are_refused(tmp_path: Path, unsafe: str) -> None:
    connection = connections.writing(tmp_path / "volary.db")
    connections.verify(connection)
    connection.execute(f"PRAGMA {unsafe}")
    with pytest.raises(CannotStart) as raised:
        connections.verify(connection)
    assert unsafe.split(" ", maxsplit=1)[0] in one_line(raised)
    connection.close()


def test_a_file_system_without_wal_is_refused() -> None:
    """SQLite keeps an in-memory database out of WAL without an error, as it does where memory cannot be shared."""
    with pytest.raises(CannotStart) as raised:
        connections.writing(Path(":memory:"))
    assert "journal_mode" in one_line(raised)


@pytest.fixture(scope="module")
def careless_server() -> Iterator[str]:
    server = PostgresServer(fsync="off")
    yield server.url()
    server.stop()


@pytest.mark.attack("SR-330")
async def test_a_postgres_without_fsync_is_refused(careless_server: str, clock: HeldClock, keys: Keyring) -> None:
    with pytest.raises(CannotStart) as raised:
        await HeldDatabase.open(careless_server, clock, keys, worker_id=0)
    assert "fsync" in one_line(raised)


async def test_an_unclean_stop_is_noticed(sqlite_ledger_url: str, clock: HeldClock, keys: Keyring) -> None:
    first = await HeldDatabase.open(sqlite_ledger_url, clock, keys, worker_id=0)
    await first.write(enter, "a")
    second = await HeldDatabase.open(sqlite_ledger_url, clock, keys, worker_id=1)
    assert not first.engine.unclean
    assert second.engine.unclean  # as far as a second process can see, the first might have been killed
    await second.close()
    await first.close()
    third = await HeldDatabase.open(sqlite_ledger_url, clock, keys, worker_id=0)
    assert not third.engine.unclean
    await third.close()


async def test_damage_is_found(sqlite_ledger_url: str, clock: HeldClock, keys: Keyring) -> None:
    database = await HeldDatabase.open(sqlite_ledger_url, clock, keys, worker_id=0)
    await database.write(enter, "a")
    assert await database.check() == []
    path = connections.path_of(sqlite_ledger_url)
    other = sqlite3.connect(path)
    other.execute("DELETE FROM test_entries")  # this connection does not know foreign keys
    other.commit()
    assert any("test_halves" in line for line in await database.check())
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    await database.close()
    with path.open("r+b") as file:
        file.seek(4096 + 100)
        file.write(b"\xff" * 3000)
    assert problems(path)


class TestKeys:
    def test_a_key_from_the_settings(self) -> None:
        raw = bytes(range(32))
        expected = Keyring(raw).key_id
        standard = base64.b64encode(raw).decode()
        for text in (standard, standard.rstrip("="), base64.urlsafe_b64encode(raw).decode(), f" {standard}\n"):
            assert keyring(text, "postgresql://x").key_id == expected

    @pytest.mark.parametrize(
        "bad", ["", "short", "!" * 44, base64.b64encode(bytes(31)).decode(), base64.b64encode(bytes(33)).decode()]
    )
    def test_a_bad_key_is_refused_and_not_repeated(self, bad: str) -> None:
        with pytest.raises(CannotStart) as raised:
            keyring(bad, "postgresql://x")
        assert "VOLARY_KEY" in one_line(raised)
        assert not bad or bad not in str(raised.value)

    def test_postgres_needs_a_key_in_the_settings(self) -> None:
        with pytest.raises(CannotStart) as raised:
            keyring(None, "postgresql://x")
        assert "VOLARY_KEY" in one_line(raised)

    def test_the_key_file_is_made_once(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path}/volary.db"
        first = keyring(None, url)
        assert keyring(None, url).key_id == first.key_id
        file = tmp_path / "volary.db.key"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert list(tmp_path.iterdir()) == [file]
        assert keyring(None, f"sqlite:///{tmp_path}/other.db").key_id != first.key_id

    @pytest.mark.attack("SR-307")
    def test_a_key_file_that_others_can_read_is_refused(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path}/volary.db"
        keyring(None, url)
        (tmp_path / "volary.db.key").chmod(0o640)
        with pytest.raises(CannotStart) as raised:
            keyring(None, url)
        assert "chmod" in one_line(raised)

    def test_a_spoilt_key_file_is_refused(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path}/volary.db"
        keyring(None, url)
        (tmp_path / "volary.db.key").write_bytes(b"\xff\xfe not base64")
        with pytest.raises(CannotStart):
            keyring(None, url)

    async def test_a_lost_key_file_is_not_replaced(self, sqlite_ledger_url: str, clock: HeldClock) -> None:
        keys = keyring(None, sqlite_ledger_url)
        await (await HeldDatabase.open(sqlite_ledger_url, clock, keys)).close()
        path = connections.path_of(sqlite_ledger_url)
        file = path.with_name(path.name + ".key")
        text = file.read_text()
        file.unlink()
        with pytest.raises(CannotStart) as raised:
            keyring(None, sqlite_ledger_url)
        assert keys.key_id in one_line(raised)
        assert not file.exists()
        assert keyring(text, sqlite_ledger_url).key_id == keys.key_id

    @pytest.mark.attack("SR-323")
    def test_processes_that_start_together_agree_on_the_key(self, tmp_path: Path) -> None:
        folder = tmp_path
        program = "import sys; from volary.db.keys import keyring; print(keyring(None, sys.argv[1]).key_id)"
        command = [sys.executable, "-c", program, f"sqlite:///{folder}/volary.db"]
        started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
        assert len({process.communicate()[0] for process in started}) == 1
        assert [path.name for path in folder.iterdir()] == ["volary.db.key"]


async def test_nothing_works_after_the_end(sqlite_ledger_url: str, clock: HeldClock, keys: Keyring) -> None:
    database = await HeldDatabase.open(sqlite_ledger_url, clock, keys, worker_id=0)
    await database.close()
    with pytest.raises(Busy):
        await database.write(enter, "late")


def test_of_keys_that_are_made_at_the_same_moment_each_is_in_the_file(tmp_path: Path) -> None:
    """A key that a rotation makes the current one and that another one drops from the file would be lost, with all that it sealed."""
    url = f"sqlite:///{tmp_path}/v.db"
    make_key_file(url)
    first = keyring(None, url).key_id
    with ThreadPoolExecutor(8) as threads:
        made = [*threads.map(lambda _: add_key(url), range(24))]
    assert set(keyring(None, url).key_ids) == {first, *made}
    with ThreadPoolExecutor(8) as threads:
        [*threads.map(lambda key_id: take_out(url, key_id), made[:-1])]
    assert set(keyring(None, url).key_ids) == {first, made[-1]}
