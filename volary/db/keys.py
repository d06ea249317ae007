"""The installation's keys: from the settings, or from a file beside the SQLite database that only its owner can read.

They are never in the database, so whoever gets a copy of the database alone can open no sealed secret (decision 0007). There is one,
but while it is rotated there are two: separated by commas or white space in `VOLARY_KEY`, one a line in the file. The database knows the
id of the current one: `volary.db.installation` turns to it, and refuses to start where it is not among them.
"""

import base64
import contextlib
import fcntl
import os
import sqlite3
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from volary.db.errors import CannotStart
from volary.db.sqlite.connections import path_of
from volary.kit.secrets import Keyring

_BYTES = 32
_LOOKS = 10
_HOW = "make one with: volary key new"


def keyring(key: str | None, url: str) -> Keyring:
    """The keys for the settings `key` and `database`. The key file is made at the first start. Raises CannotStart."""
    if key is not None:
        return Keyring(*_decoded(key, "VOLARY_KEY"))
    if not url.startswith("sqlite:///"):
        raise CannotStart(f"with PostgreSQL the installation's key must be set as VOLARY_KEY; {_HOW}")
    database, file = path_of(url), key_file(url)
    try:
        return Keyring(*_decoded(_read(file), str(file)))
    except FileNotFoundError:
        _refuse_if_in_use(database, file)
    except OSError as error:
        raise CannotStart(f"cannot read the key file {file}: {error.strerror}") from error
    make_key_file(url)
    return Keyring(*_decoded(_read(file), str(file)))


def refuse_if_emptied(url: str) -> None:
    """Raise CannotStart for an empty file in place of a database that has a key: an installation that lost its data does not begin anew.

    Called before the key file is made. SQLite makes the file empty and fills it at once, so it is looked at again after a while.
    """
    if not url.startswith("sqlite:///") or not key_file(url).exists():
        return
    database = path_of(url)
    for _look in range(_LOOKS):
        if not database.is_file() or database.stat().st_size:
            return
        time.sleep(0.1)
    raise CannotStart(
        f"the database {database} is empty, but has a key, {key_file(url)}: restore a backup (volary restore FILE --replace), "
        "or delete the empty file to begin anew with that key"
    )


def new_key() -> str:
    """A new key, as it is written in `VOLARY_KEY` and in the file."""
    return base64.b64encode(os.urandom(_BYTES)).decode()


def key_file(url: str) -> Path:
    """The file of the keys of a SQLite database, where `VOLARY_KEY` is not set."""
    database = path_of(url)
    return database.with_name(database.name + ".key")


def make_key_file(url: str) -> None:
    """Make the file with a new key, where there is none. Raises CannotStart."""
    _write(key_file(url), new_key())


def add_key(url: str) -> str:
    """Put a new key into the file, behind those that are there; its id. Raises CannotStart."""
    file, made = key_file(url), new_key()
    with _alone(file):
        _write(file, _read(file).rstrip("\n") + "\n" + made, anew=True)
    return Keyring(*_decoded(made, "")).key_id


def copy_keys(key: str | None, url: str, beside: Path) -> Path:
    """Write the keys into a file beside a backup. Raises CannotStart when there is one already."""
    target = beside.with_name(beside.name + ".key")
    if target.exists():
        raise CannotStart(f"{target} is there already")
    found = _decoded(key or _read(key_file(url)), "VOLARY_KEY")
    _write(target, "\n".join(base64.b64encode(one).decode() for one in found))
    return target


def take_out(url: str, key_id: str) -> Path | None:
    """Move a key from the file into one of its own beside it, since older backups still need it; None when it is not there."""
    file = key_file(url)
    with _alone(file):
        lines = {Keyring(key).key_id: base64.b64encode(key).decode() for key in _decoded(_read(file), str(file))}
        if key_id not in lines or len(lines) == 1:
            return None
        apart = file.with_name(f"{file.name}.{key_id}")
        _write(apart, lines.pop(key_id))
        _write(file, "\n".join(lines.values()), anew=True)
    return apart


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Nobody else writes the file anew in this block: a key that one process adds and another one drops would be lost for good.

    The folder is locked and not the file, which is replaced.
    """
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _read(file: Path) -> str:
    # A pipe would keep whoever opens it waiting for somebody who writes.
    handle = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(handle, encoding="ascii", errors="replace") as opened:
        found = os.fstat(handle).st_mode
        if not stat.S_ISREG(found):
            raise CannotStart(f"cannot read the key file {file}: it is no file")
        mode = stat.S_IMODE(found)
        if mode & 0o077:
            raise CannotStart(
                f"others can read the key file {file} (mode {mode:04o}): run chmod 600 on it, or replace the key"
            )
        return opened.read()


def _decoded(text: str, source: str) -> list[bytes]:
    found = []
    for word in text.replace(",", " ").split() or [""]:
        bare = word.replace("-", "+").replace("_", "/").rstrip("=")
        try:
            found.append(base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True))
        except ValueError:
            found.append(b"")
    if any(len(raw) != _BYTES for raw in found):
        raise CannotStart(f"{source} must hold {_BYTES} bytes as base64, or several such keys; {_HOW}")
    return found


def _refuse_if_in_use(database: Path, file: Path) -> None:
    """A database whose secrets a lost key sealed must not get a new one."""
    if not database.exists():
        return
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened,
    ):
        found = opened.execute("SELECT value FROM installation WHERE name = 'key_id'").fetchone()
        if found is not None:
            raise CannotStart(f"the key file {file} is missing: restore it, or set VOLARY_KEY to the key {found[0]}")


def _write(file: Path, text: str, *, anew: bool = False) -> None:
    """Make the file in one step, whole or not at all; when two processes start together, the first one's stands, unless it is `anew`."""
    try:
        handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")  # for its owner alone
        try:
            with os.fdopen(handle, "w", encoding="ascii") as opened:
                opened.write(text + "\n")
                opened.flush()
                os.fsync(opened.fileno())
            if anew:
                with contextlib.suppress(PermissionError):  # root, who rotates for the server's user
                    os.chown(draft, file.stat().st_uid, file.stat().st_gid)
                Path(draft).replace(file)
            else:
                with contextlib.suppress(FileExistsError):
                    os.link(draft, file)
        finally:
            Path(draft).unlink(missing_ok=True)
        folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise CannotStart(f"cannot write the key file {file}: {error.strerror}") from error
