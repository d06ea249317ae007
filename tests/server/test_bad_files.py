"""What lies where the server's files should be: refused in one line that says which file and why, or recovered with nothing lost."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.server.starting import CommandLine
from volary.kit.clock import HeldClock
from volary.server.application import Application
from volary.settings import load

KEY = "A" * 43

pytestmark = pytest.mark.attack("SR-370")


def in_place_of(file: Path, what: str) -> None:
    """Put something else where a file was."""
    file.unlink(missing_ok=True)
    if what == "folder":
        file.mkdir(0o700)
    elif what == "pipe":
        os.mkfifo(file, 0o600)
    else:
        file.symlink_to(file)


def cut(file: Path, size: int) -> None:
    os.truncate(file, size)


def spoilt(file: Path, at: int, content: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(content)


def of_another_program(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as other, other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    file.chmod(0o600)


DATABASE, KEYS = "volary.db", "volary.db.key"
REFUSED: list[tuple[str, Callable[[Path], object], str]] = [
    (
        DATABASE,
        lambda file: file.write_bytes(os.urandom(8192)),
        "cannot use the database {}: file is not a database (restore",
    ),
    (DATABASE, lambda file: cut(file, 5_000), "cannot use the database {}: database disk image is malformed (restore"),
    (
        DATABASE,
        lambda file: spoilt(file, 100, b"\xff" * 3_000),
        "cannot use the database {}: database disk image is malformed",
    ),
    (DATABASE, lambda file: in_place_of(file, "folder"), "cannot open the database {}: it is no file"),
    (DATABASE, lambda file: in_place_of(file, "pipe"), "cannot open the database {}: it is no file"),
    (
        DATABASE,
        lambda file: in_place_of(file, "loop"),
        "cannot open the database {}: Too many levels of symbolic links",
    ),
    (DATABASE, of_another_program, "this SQLite database is another program's: it holds a table recipes"),
    (DATABASE + "-wal", lambda file: in_place_of(file, "folder"), "cannot use the database"),
    (DATABASE + "-shm", lambda file: in_place_of(file, "folder"), "cannot use the database"),
    (DATABASE, lambda file: cut(file, 0), "the database {} is empty, but has a key"),
    (
        DATABASE + ".nonces",
        lambda file: in_place_of(file, "folder"),
        "cannot use the file of nonces {}: Is a directory",
    ),
    (DATABASE + ".nonces", lambda file: in_place_of(file, "pipe"), "cannot use the file of nonces {}: Illegal seek"),
    (DATABASE + ".nonces", lambda file: in_place_of(file, "loop"), "cannot use the file of nonces {}: Too many levels"),
    (DATABASE + ".serving", lambda file: in_place_of(file, "folder"), "cannot open the database"),
    (KEYS, lambda file: file.write_text(""), "{} must hold 32 bytes as base64"),
    (KEYS, lambda file: file.write_bytes(os.urandom(64)), "{} must hold 32 bytes as base64"),
    (KEYS, lambda file: file.write_bytes(b"A" * 5_000_000), "{} must hold 32 bytes as base64"),
    (KEYS, lambda file: in_place_of(file, "folder"), "cannot read the key file {}: "),
    (KEYS, lambda file: in_place_of(file, "pipe"), "cannot read the key file {}: it is no file"),
    (KEYS, lambda file: in_place_of(file, "loop"), "cannot read the key file {}: Too many levels of symbolic links"),
]


@pytest.mark.parametrize(
    ("name", "spoil", "said"), REFUSED, ids=[f"{name} {number}" for number, (name, *_) in enumerate(REFUSED)]
)
def test_a_bad_file_is_one_line(volary: CommandLine, name: str, spoil: Callable[[Path], object], said: str) -> None:
    assert volary("migrate").code == 0
    spoil(volary.folder / name)
    for command in ("serve", "migrate"):
        if command == "migrate" and name in {KEYS, DATABASE + ".serving", DATABASE + ".nonces"}:
            continue  # which needs none of them
        done = volary(command, port="0")
        expected = said.format(volary.folder / name)
        assert (done.code, done.refusal[: len(expected)]) == (3, expected)


def test_a_bad_database_of_places_is_one_line_too(volary: CommandLine) -> None:
    (volary.folder / "places.mmdb").write_text("no places")
    done = volary("serve", port="0", location_database=str(volary.folder / "places.mmdb"))
    assert (done.code, done.refusal[:31]) == (3, "VOLARY_LOCATION_DATABASE cannot")


def test_an_emptied_database_is_restored_or_begun_anew_but_only_when_somebody_says_so(volary: CommandLine) -> None:
    assert volary("migrate").code == 0
    key = (volary.folder / KEYS).read_text()
    assert volary("backup", "copy.db").code == 0
    cut(volary.folder / DATABASE, 0)
    for command in (["migrate"], ["app", "list"], ["account", "list"]):
        assert volary(*command).refusal.startswith("the database ")
    assert (volary.folder / DATABASE).stat().st_size == 0
    assert volary("restore", "copy.db", "--replace").code == 0
    assert volary("app", "list").code == 0
    for left in volary.folder.glob(DATABASE + "*"):
        if left.name != KEYS:
            left.unlink()
    assert volary("migrate").code == 0
    assert (volary.folder / KEYS).read_text() == key


def test_an_empty_file_without_a_key_is_a_place_for_a_new_database(volary: CommandLine) -> None:
    (volary.folder / DATABASE).touch(mode=0o600)
    assert volary("migrate").code == 0
    assert (volary.folder / KEYS).exists()


async def test_what_is_left_of_a_killed_process_is_cleared_away_and_loses_nothing(tmp_path: Path) -> None:
    """Everything around the database file that SQLite or the nonces can make anew, as rubbish; and the control, with nothing spoilt."""
    settings = load({"VOLARY_DATABASE": f"sqlite:///{tmp_path}/volary.db"})
    await _served(settings.database)
    for name, content in (
        ("", b""),
        ("-wal", os.urandom(9_000)),
        ("-wal", b"\x37\x7f\x06\x82\x00\x2d\xe2\x18"),
        ("-wal", b""),
        ("-shm", os.urandom(32_768)),
        ("-journal", os.urandom(9_000)),
        (".nonces", os.urandom(9_000)),
        (".nonces", b""),
        (".serving", os.urandom(10)),
    ):
        folder = tmp_path / f"copy{name}{len(content)}"
        shutil.copytree(tmp_path, folder, ignore=shutil.ignore_patterns("copy*"))
        if name:
            file = folder / f"volary.db{name}"
            file.write_bytes(content)
            file.chmod(0o600)
        assert await _served(f"sqlite:///{folder}/volary.db") == 200


async def _served(url: str) -> int:
    """Start a server on a database and ask whether it is ready."""
    from tests.server.house import asked
    from volary.server.database import prepare

    settings = load({"VOLARY_DATABASE": url})
    await prepare(settings)
    application = Application(settings, HeldClock())
    await application.start()
    try:
        return (await asked(application, "GET", "/readyz", [("host", "localhost:8000")])).status
    finally:
        await application.stop()
