"""What is acknowledged stays: through SIGKILL in mid-load, and on the disk itself, as counted by the kernel."""

import ctypes
import os
import platform
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import HeldDatabase
from tests.db.ledger import HALVES, NAMES, WHOLE_NAMES
from volary.kit.clock import HeldClock
from volary.kit.secrets import Keyring

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def loading(url: str, mode: str, writers: int, *before: object, **how: object) -> Iterator[subprocess.Popen[str]]:
    """A process that writes until it is killed; it is ready when this begins."""
    command = [str(part) for part in (*before, sys.executable, "-m", "tests.db.load", url, mode, writers)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True, **how)  # type: ignore[call-overload]
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.stdout.close()
        process.wait()


def acknowledged_until_killed(url: str, mode: str, seconds: float) -> list[str]:
    """Kill a loading process at a moment; the names that it had acknowledged by then."""
    with loading(url, mode, 16) as process:
        first = process.stdout.readline() if process.stdout else ""
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        rest = process.stdout.read() if process.stdout else ""
    lines = (first + rest).splitlines(keepends=True)
    return [line.strip() for line in lines if line.startswith("entry") and line.endswith("\n")]


async def kept(url: str, clock: HeldClock, keys: Keyring) -> tuple[set[str], bool]:
    """The names in the database, and whether every one is whole and the file is sound."""
    database = await HeldDatabase.open(url, clock, keys, worker_id=0)
    try:
        found = await database.all(NAMES)
        whole = found == await database.all(WHOLE_NAMES) and len(found) == await database.one(HALVES)
        return set(found), whole and await database.check() == []
    finally:
        await database.close()


@pytest.mark.attack("SR-325", "SR-326")
async def test_a_killed_writer_loses_no_acknowledged_write(ledger_url: str, clock: HeldClock, keys: Keyring) -> None:
    acknowledged: list[str] = []
    for _ in range(3):
        acknowledged += acknowledged_until_killed(ledger_url, "safe", random.uniform(0.05, 0.4))
        found, sound = await kept(ledger_url, clock, keys)
        assert sound
        assert set(acknowledged) <= found
    assert len(acknowledged) > 100


async def test_control_answers_before_the_commit_are_lost(
    sqlite_ledger_url: str, clock: HeldClock, keys: Keyring
) -> None:
    acknowledged = acknowledged_until_killed(sqlite_ledger_url, "early", 0)
    found, sound = await kept(sqlite_ledger_url, clock, keys)
    assert sound
    assert not set(acknowledged) <= found


def syncs_and_groups(url: str, mode: str, trace: Path) -> tuple[int, int]:
    """How often a single writer made the kernel bring the WAL to the disk, and how many of its writes were acknowledged."""
    with loading(url, mode, 1, "strace", "-f", "-y", "-qq", "-e", "trace=fsync,fdatasync", "-o", trace) as process:
        acknowledged = [process.stdout.readline() for _ in range(50) if process.stdout]
    assert all(line.startswith("entry") for line in acknowledged)
    calls = re.findall(r"(?:fsync|fdatasync)\(\d+<[^>]*-wal>\)", trace.read_text())
    return len(calls), len(acknowledged)


@pytest.mark.attack("SR-330")
@pytest.mark.parametrize("mode", ["safe", "normal", "off"])
def test_every_acknowledged_group_was_synced(sqlite_ledger_url: str, tmp_path: Path, mode: str) -> None:
    """One writer, so each group has one write. A kill cannot tell synchronous=FULL from NORMAL; the count of syncs can."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed; the test below shows the same without it")
    syncs, groups = syncs_and_groups(sqlite_ledger_url, mode, tmp_path / "trace")
    assert (syncs >= groups) == (mode == "safe")


SYNC_CALLS = {"x86_64": (74, 75, 0xC000003E), "aarch64": (82, 83, 0xC00000B7)}
"""The numbers of fsync and fdatasync, and the architecture as seccomp names it."""


def without_syncs() -> None:
    """From now on the kernel answers this process's fsync and fdatasync with EIO, as a dying disk does (a seccomp filter)."""
    fsync, fdatasync, architecture = SYNC_CALLS[platform.machine()]
    load, equal, answer = 0x20, 0x15, 0x06
    allow, io_error = 0x7FFF0000, 0x00050000 | 5
    steps = [
        (load, 0, 0, 4),
        (equal, 0, 3, architecture),
        (load, 0, 0, 0),
        (equal, 2, 0, fsync),
        (equal, 1, 0, fdatasync),
        (answer, 0, 0, allow),
        (answer, 0, 0, io_error),
    ]
    code = b"".join(c.to_bytes(2, "little") + bytes([yes, no]) + k.to_bytes(4, "little") for c, yes, no, k in steps)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    libc = ctypes.CDLL(None, use_errno=True)
    program = Program(len(steps), ctypes.cast(buffer, ctypes.c_void_p))
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(program), 0, 0):
        os._exit(99)


@pytest.mark.attack("SR-330")
@pytest.mark.parametrize("mode", ["safe", "off"])
async def test_a_disk_that_does_not_sync_acknowledges_nothing(
    sqlite_ledger_url: str, mode: str, clock: HeldClock, keys: Keyring
) -> None:
    """The same proof without strace: where every sync fails, only a writer that does not sync can acknowledge anything."""
    if platform.machine() not in SYNC_CALLS:
        pytest.skip("this test knows the system calls of x86_64 and aarch64")
    await kept(sqlite_ledger_url, clock, keys)  # opened once before, so that the start has nothing to write
    with loading(sqlite_ledger_url, mode, 1, preexec_fn=without_syncs) as process:
        lines = {(process.stdout.readline() if process.stdout else "").split(" ")[0].strip() for _ in range(20)}
    assert lines == ({"busy"} if mode == "safe" else {"entry"})
