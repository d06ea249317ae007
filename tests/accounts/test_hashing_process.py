"""Password hashes that are computed in processes of their own, and what these do when somebody ends them or their parent."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cast import ANN
from volary.accounts.rules import argon2id
from volary.accounts.rules.hashing import PasswordHasher
from volary.kit.errors import Busy

pytestmark = pytest.mark.anyio

SLOW = 400
"""Passes of a hash that is surely still running when a test looks: some seconds."""


@pytest.fixture
def apart() -> Iterator[PasswordHasher]:
    pool = PasswordHasher(slots=2, queue=8, memory=8, passes=1, apart=True)
    yield pool
    pool.close()


def processes() -> set[int]:
    """The processes of this one that compute hashes."""
    found = set()
    for children in Path("/proc/self/task").glob("*/children"):
        for child in children.read_text().split():
            if argon2id.__file__ in Path(f"/proc/{child}/cmdline").read_text():
                found.add(int(child))
    return found


def works(process: int) -> bool:
    """Whether a process has gone through a twentieth of a second of work, more than its start takes in user time."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11]) > 5


async def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("password", [ANN.password, "before\0after", "日本語の パスワード\n", "x" * 1024, ""])
async def test_what_one_process_made_another_one_knows(
    apart: PasswordHasher, hasher: PasswordHasher, password: str
) -> None:
    for one, other in ((apart, hasher), (hasher, apart)):
        kept = await one.hash(password)
        assert await other.verify(kept, password)
        assert not await other.verify(kept, password + "\0")
    for unreadable in ("$argon2id$v=19$m=8", "no hash\n1", "\0", "é"):
        assert not await apart.verify(unreadable, password)
    assert not await apart.verify(None, password)
    assert len(processes()) <= 2


async def test_niceness_counts_beside_the_server_and_ctrl_c_does_not_reach_them(apart: PasswordHasher) -> None:
    await apart.hash("a password")
    (process,) = processes()
    # Niceness counts within a session alone where Linux groups processes by it; Ctrl-C goes to a group of processes.
    assert os.getsid(process) == os.getsid(0)
    assert os.getpgid(process) != os.getpgid(0)


@pytest.mark.attack("SR-352")
async def test_there_are_never_more_processes_than_slots_and_none_before_it_is_needed() -> None:
    pool = PasswordHasher(slots=2, queue=30, memory=64, passes=1, apart=True)
    assert not processes()
    seen = set()
    tasks = [asyncio.create_task(pool.hash(f"password {number}")) for number in range(30)]
    for task in tasks[::3]:
        task.cancel()
    while not all(task.done() for task in tasks):
        seen |= processes()
        await asyncio.sleep(0.001)
    assert len(seen | processes()) == 2
    pool.close()
    assert not processes()


async def test_a_killed_process_is_replaced_and_its_work_done() -> None:
    pool = PasswordHasher(slots=1, queue=0, memory=8_192, passes=SLOW // 4, apart=True)
    hashing = asyncio.create_task(pool.hash("a long one"))
    await until(lambda: processes() and works(min(processes())))
    killed = processes()
    for process in killed:
        os.kill(process, signal.SIGKILL)
    kept = await hashing
    assert processes().isdisjoint(killed)
    assert await pool.verify(kept, "a long one")
    pool.close()


async def test_where_they_are_killed_again_and_again_somebody_is_told_to_come_back() -> None:
    pool = PasswordHasher(slots=1, queue=0, memory=8_192, passes=SLOW, apart=True)
    hashing = asyncio.create_task(pool.hash("a long one"))
    while not hashing.done():
        for process in processes():
            os.kill(process, signal.SIGKILL)
        await asyncio.sleep(0.01)
    with pytest.raises(Busy):
        await hashing
    pool.refuse_if_full()
    pool.close()


async def test_a_process_that_ended_while_it_had_nothing_to_do_is_missed_by_nobody(apart: PasswordHasher) -> None:
    kept = await apart.hash(ANN.password)
    (ended,) = processes()
    os.kill(ended, signal.SIGTERM)
    await until(lambda: "Z" in Path(f"/proc/{ended}/stat").read_text().rpartition(")")[2])
    assert await apart.verify(kept, ANN.password)
    assert ended not in processes()


def test_it_ends_by_itself_when_nobody_asks_for_anything() -> None:
    code = "from volary.accounts.rules import argon2id; argon2id.main(0.01)"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    assert process.wait(60) == 0
    process.communicate()


async def test_no_secret_is_among_its_arguments_and_variables_and_it_lets_others_go_first() -> None:
    pool = PasswordHasher(slots=1, queue=0, memory=8_192, passes=SLOW // 4, apart=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VOLARY_KEY", "the master key")
        hashing = asyncio.create_task(pool.hash("a long secret"))
        await until(lambda: processes() and works(min(processes())))
    (process,) = processes()
    shown = Path(f"/proc/{process}/cmdline").read_bytes() + Path(f"/proc/{process}/environ").read_bytes()
    assert b"PYTHONPATH" in shown
    assert b"VOLARY" not in shown
    assert b"secret" not in shown
    assert b"YSBsb25nIHNlY3JldA" not in shown, "encoded"
    assert os.getpriority(os.PRIO_PROCESS, process) == os.getpriority(os.PRIO_PROCESS, 0) + argon2id.BEHIND
    await hashing
    pool.close()


_PARENT = f"""
import asyncio
from volary.accounts.rules.hashing import PasswordHasher

asyncio.run(PasswordHasher(slots=1, memory=8_192, passes={SLOW}, apart=True).hash("a long one"))
"""


async def test_it_ends_with_its_parent_however_that_ended() -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT])
    children = Path(f"/proc/{parent.pid}/task")
    await until(lambda: (found := _children(children)) and works(found[0]))
    (child,) = _children(children)
    parent.kill()
    parent.wait(60)
    await until(lambda: not Path(f"/proc/{child}").exists())


def _children(tasks: Path) -> list[int]:
    return [int(child) for thread in tasks.glob("*/children") for child in thread.read_text().split()]
