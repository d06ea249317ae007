"""What a serving process holds on to, so that two never stand in each other's way: its port, its database, its files, its parent."""

import contextlib
import ctypes
import fcntl
import os
import resource
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, TypeVar

from volary.db.errors import CannotStart
from volary.db.sqlite.connections import path_of
from volary.settings import BadSetting, Settings

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds to wait for the port and the database of a server that is ending at this moment."""
_FILES = 65_536
_PR_SET_PDEATHSIG = 1


def port_of(settings: Settings) -> int:
    """The port to listen on, a free one for 0. Raises BadSetting when it is taken, instead of a trace from deep inside."""
    try:
        return _patiently(lambda: _bound(settings.host, settings.port))
    except OSError as error:
        raise BadSetting(
            f"cannot listen on {settings.host} port {settings.port} ({error.strerror}): "
            "choose another with --port, or 0 for a free one"
        ) from error


def _bound(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        found: int = probe.getsockname()[1]
        return found


def database_of(settings: Settings, command: str = "") -> IO[str] | None:
    """The lock of a SQLite database, held for as long as the file stays open. Raises CannotStart while another server holds it.

    `command` is what a person wants to do while no server runs; without it, it is a server that asks.

    SQLite itself would let a second server in; but limits are counted in one process, and a nonce must be taken in one place. Most
    commands do not ask for it: they work beside a running server. The kernel frees the lock when its last holder ends, however that ends.
    """
    if not settings.database.startswith("sqlite"):
        return None
    path = path_of(settings.database)
    try:
        return _patiently(lambda: _locked(path.with_name(path.name + ".serving")))
    except BlockingIOError as error:
        what = f"a server runs on the database {path}: stop it, then {command}"
        if not command:
            what = f"another server runs on the database {path}: stop it, or give this one a database of its own"
        raise CannotStart(what) from error
    except OSError as error:
        raise CannotStart(f"cannot open the database {path}: {error.strerror}") from error


def is_served(settings: Settings) -> bool:
    """Whether a server may be running on the database: for SQLite its lock tells, for PostgreSQL nobody knows."""
    if not settings.database.startswith("sqlite"):
        return True
    path = path_of(settings.database)
    lock = path.with_name(path.name + ".serving")
    try:
        if lock.exists():
            _locked(lock).close()
    except BlockingIOError:
        return True
    return False


def _locked(path: Path) -> IO[str]:
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        file.close()
        raise
    return file


def _patiently(take: Callable[[], T]) -> T:
    """Take what a server that was just ended may still hold for a moment."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return take()
        except OSError as error:
            if time.monotonic() > deadline or isinstance(error, PermissionError | FileNotFoundError | socket.gaierror):
                raise
        time.sleep(0.05)


def allow_many_files() -> None:
    """Lift the number of open files to what the system grants: each connection is one, and many systems begin at 1,024 (SR-253)."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if most == resource.RLIM_INFINITY else min(_FILES, most)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def leave_no_core() -> None:
    """Let a crash of this process, or of one that it starts, write no picture of its memory: the key is in it (SR-302)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def end_with_parent() -> None:
    """Let the kernel end this process when its supervisor is gone, however that ended: an orphan would keep the port and the database.

    It is a kill, as for a machine that stops: what was acknowledged is on the disk. Only Linux can do this.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
