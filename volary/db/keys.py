"""The installation's master key: from the settings, or from a file beside the SQLite database that only its owner can read.

The key is never in the database, so whoever gets a copy of the database alone can open no sealed secret (decision 0007). The
database knows the key's id: `volary.db.installation` refuses to start with another key.
"""

import base64
import contextlib
import os
import sqlite3
import stat
import tempfile
from pathlib import Path

from volary.db.errors import CannotStart
from volary.db.sqlite.connections import path_of
from volary.kit.secrets import Keyring

_BYTES = 32
_HOW = "make one with: head -c 32 /dev/urandom | base64"


def keyring(key: str | None, url: str) -> Keyring:
    """The keys for the settings `key` and `database`. The key file is made at the first start. Raises CannotStart."""
    if key is not None:
        return Keyring(_decoded(key, "VOLARY_KEY"))
    if not url.startswith("sqlite:///"):
        raise CannotStart(f"with PostgreSQL the installation's key must be set as VOLARY_KEY; {_HOW}")
    database = path_of(url)
    file = database.with_name(database.name + ".key")
    try:
        return Keyring(_decoded(_read(file), str(file)))
    except FileNotFoundError:
        _refuse_if_in_use(database, file)
    except OSError as error:
        raise CannotStart(f"cannot read the key file {file}: {error.strerror}") from error
    _create(file)
    return Keyring(_decoded(_read(file), str(file)))


def _read(file: Path) -> str:
    with file.open(encoding="ascii", errors="replace") as opened:
        mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
        if mode & 0o077:
            raise CannotStart(
                f"others can read the key file {file} (mode {mode:04o}): run chmod 600 on it, or replace the key"
            )
        return opened.read()


def _decoded(text: str, source: str) -> bytes:
    bare = text.strip().replace("-", "+").replace("_", "/").rstrip("=")
    try:
        raw = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except ValueError:
        raw = b""
    if len(raw) != _BYTES:
        raise CannotStart(f"{source} must hold {_BYTES} bytes as base64; {_HOW}")
    return raw


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


def _create(file: Path) -> None:
    """Make the file in one step, whole or not at all; when two processes start together, the first one's key stands."""
    try:
        handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")  # for its owner alone
        try:
            with os.fdopen(handle, "w", encoding="ascii") as opened:
                opened.write(base64.b64encode(os.urandom(_BYTES)).decode() + "\n")
                opened.flush()
                os.fsync(opened.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(draft, file)
        finally:
            Path(draft).unlink()
        folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise CannotStart(f"cannot write the key file {file}: {error.strerror}") from error
