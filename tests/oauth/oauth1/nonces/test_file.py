"""Nonces of one process, in files of their own."""

import asyncio
import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.db.test_disk import small_disk
from volary.kit.clock import HeldClock
from volary.kit.errors import Busy
from volary.oauth.oauth1.nonces import file
from volary.oauth.oauth1.nonces.file import LEVELS, SLICE, FileNonces
from volary.oauth.oauth1.nonces.store import KEPT, WINDOW

__all__ = ["small_disk"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "volary.db.nonces"


@pytest.fixture
async def nonces(path: Path, clock: HeldClock) -> AsyncIterator[FileNonces]:
    store = FileNonces(path, clock)
    yield store
    await store.close()


def second(clock: HeldClock) -> int:
    return clock.now() // 1000


def files(path: Path) -> list[Path]:
    """The files of the slices, oldest first."""
    return sorted(path.parent.glob(f"{path.name}.*"))


def held(path: Path) -> int:
    """How many nonces the files hold."""
    content = b"".join(each.read_bytes() for each in files(path))
    return sum(any(content[at : at + 16]) for at in range(0, len(content), 16))


def blocks(path: Path) -> int:
    """How much of the disk the files take."""
    return sum(each.stat().st_blocks * 512 for each in files(path))


def opened_files() -> list[str]:
    """What this process has open; one of them is the listing itself, and gone by then."""
    links = list(Path("/proc/self/fd").iterdir())
    return [str(link.readlink()) for link in links if link.is_symlink()]


def overwrite(path: Path) -> None:
    path.write_bytes(b"this is no head" * 1000)


def change_one_bit(path: Path) -> None:
    head = bytearray(path.read_bytes())
    head[44] ^= 1  # of the second since which
    path.write_bytes(head)


def cut_off(path: Path) -> None:
    os.truncate(path, 20)


def remove(path: Path) -> None:
    path.unlink()


def remove_a_slice(path: Path) -> None:
    files(path)[-1].unlink()


def leave_a_database(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE nonces (second INTEGER, digest BLOB)")
    connection.close()


@pytest.mark.attack("SR-048")
async def test_each_request_is_taken_once(nonces: FileNonces, clock: HeldClock) -> None:
    now = second(clock)
    assert await nonces.take(now, b"a" * 16)
    assert not await nonces.take(now, b"a" * 16)
    assert await nonces.take(now + 1, b"a" * 16)
    assert await nonces.take(now, b"b" * 16)
    assert not await nonces.take(now, b"a" * 16)


@pytest.mark.attack("SR-048")
async def test_a_restart_forgets_nothing(path: Path, clock: HeldClock) -> None:
    first = FileNonces(path, clock)
    assert await first.take(second(clock), b"a" * 16)
    await first.close()
    again = FileNonces(path, clock)
    assert not await again.take(second(clock), b"a" * 16)
    assert await again.take(second(clock), b"b" * 16)
    await again.close()


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from volary.kit.clock import HeldClock
from volary.oauth.oauth1.nonces.file import FileNonces

async def main():
    clock = HeldClock()
    store = FileNonces(Path(sys.argv[1]), clock)
    for number in range(500):
        assert await store.take(clock.now() // 1000, number.to_bytes(16))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.mark.attack("SR-048")
async def test_a_killed_process_forgets_nothing(path: Path, clock: HeldClock) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, str(path), stderr=subprocess.PIPE)
    _, errors = await process.communicate()
    assert process.returncode == -9, errors.decode()
    store = FileNonces(path, clock)
    taken = [await store.take(second(clock), number.to_bytes(16)) for number in range(501)]
    await store.close()
    assert taken == [False] * 500 + [True]


async def test_two_processes_share_the_file(path: Path, clock: HeldClock) -> None:
    """As while a worker is replaced: the new one opens the file before the old one has let go of it."""
    old, new = FileNonces(path, clock), FileNonces(path, clock)
    assert await old.take(second(clock), b"a" * 16)
    assert not await new.take(second(clock), b"a" * 16)
    assert await new.take(second(clock), b"b" * 16)
    assert not await old.take(second(clock), b"b" * 16)
    await old.close()
    await new.close()


async def test_old_entries_go_while_new_ones_come(nonces: FileNonces, path: Path, clock: HeldClock) -> None:
    for _ in range(5):
        for number in range(1000):
            assert await nonces.take(second(clock), number.to_bytes(16))
        clock.advance((2 * KEPT + 1) * 1000)
        await nonces.sweep()
    for number in range(1000):
        assert await nonces.take(second(clock), number.to_bytes(16))
    assert held(path) == 1000
    assert len(files(path)) <= 3


@pytest.mark.attack("SR-366")
async def test_a_sweep_gives_back_the_room_on_the_disk(nonces: FileNonces, path: Path, clock: HeldClock) -> None:
    for number in range(20_000):
        await nonces.take(second(clock), number.to_bytes(16))
    assert await nonces.sweep() == 0
    assert blocks(path) >= 20_000 * 16
    clock.advance(2 * KEPT * 1000)
    assert await nonces.take(second(clock), b"a" * 16)
    other = path.with_name(path.name + ".old")
    other.touch()
    assert await nonces.sweep() == 2
    assert held(path) == 1
    assert blocks(path) <= 4096
    assert other.exists()
    assert not [name for name in opened_files() if name.startswith(str(path)) and name.endswith(" (deleted)")]


async def test_what_the_window_could_let_in_again_stays(nonces: FileNonces, clock: HeldClock) -> None:
    """A request may come with a timestamp ahead of the clock and be sent again when the clock is past it."""
    ahead = second(clock) + WINDOW
    assert await nonces.take(ahead, b"a" * 16)
    for _ in range(4):
        clock.advance(WINDOW * 1000 // 2)
        await nonces.sweep()
        assert await nonces.take(second(clock), b"b" * 16)
    assert not await nonces.take(ahead, b"a" * 16)


async def test_the_files_are_for_their_owner_alone(nonces: FileNonces, path: Path, clock: HeldClock) -> None:
    await nonces.take(second(clock), b"a" * 16)
    assert {each.stat().st_mode & 0o777 for each in (path, *files(path))} == {0o600}


async def test_a_new_file_takes_nothing_older_than_itself(nonces: FileNonces, clock: HeldClock) -> None:
    """The file of before may have held it: it was lost, or restored from an old copy."""
    assert await nonces.take(second(clock), b"a" * 16)
    assert not await nonces.take(second(clock) - 1, b"b" * 16)


@pytest.mark.parametrize(
    "damaged", [overwrite, change_one_bit, cut_off, remove, remove_a_slice, leave_a_database], ids=lambda f: f.__name__
)
async def test_what_was_damaged_or_lost_begins_anew(
    path: Path, clock: HeldClock, damaged: Callable[[Path], None]
) -> None:
    """Each of these could have held the request of before, which must not come in again."""
    clock.advance(SLICE * 1000 // 2 - clock.now() % (SLICE * 1000))
    old = FileNonces(path, clock)
    assert await old.take(second(clock), b"a" * 16)
    await old.close()
    damaged(path)
    before = second(clock)
    clock.advance(2000)
    new = FileNonces(path, clock)
    assert not await new.take(before, b"a" * 16)
    assert not await new.take(before, b"c" * 16)
    assert await new.take(second(clock), b"b" * 16)
    await new.close()
    again = FileNonces(path, clock)
    assert not await again.take(before, b"c" * 16)
    assert not await again.take(second(clock), b"b" * 16)
    await again.close()
    assert path.stat().st_size < 100


async def test_after_the_machine_was_restarted_nothing_older_is_taken(
    path: Path, clock: HeldClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the last seconds before a power failure wrote may be missing, without a sign of it in the files."""
    before = second(clock)
    old = FileNonces(path, clock)
    assert await old.take(before, b"a" * 16)
    await old.close()
    clock.advance(2000)
    same = FileNonces(path, clock)
    assert await same.take(before, b"b" * 16), "the control: a restart of the process alone changes nothing"
    await same.close()
    run = tmp_path / "boot_id"
    run.write_text("00000000-0000-0000-0000-000000000000\n")
    monkeypatch.setattr(file, "_BOOT", run)
    new = FileNonces(path, clock)
    assert not await new.take(before, b"c" * 16)
    assert await new.take(second(clock), b"c" * 16)
    await new.close()


async def test_where_the_machine_does_not_tell_its_run_every_start_is_a_new_one(
    path: Path, clock: HeldClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(file, "_BOOT", tmp_path / "none")
    await FileNonces(path, clock).close()
    before = second(clock)
    clock.advance(2000)
    new = FileNonces(path, clock)
    assert not await new.take(before, b"a" * 16)
    await new.close()


async def test_a_clock_that_is_set_back_does_not_close_the_door(path: Path, clock: HeldClock) -> None:
    clock.advance(3600_000)
    store = FileNonces(path, clock)
    clock.advance(-3600_000)
    assert await store.take(second(clock), b"a" * 16)
    assert not await store.take(second(clock), b"a" * 16)
    await store.close()


async def test_a_clock_that_goes_back_and_forth_opens_nothing(nonces: FileNonces, clock: HeldClock) -> None:
    """What was swept while the clock was ahead is lost, so after it was set back only what is newer is taken."""
    first = second(clock)
    assert await nonces.take(first, b"a" * 16)
    assert await nonces.take(first + 100, b"a" * 16)
    clock.advance(3600_000)
    later = second(clock)
    assert await nonces.take(later, b"a" * 16)
    await nonces.sweep()
    clock.advance(-3600_000 + 50_000)
    assert not await nonces.take(first, b"a" * 16)
    assert await nonces.take(second(clock), b"b" * 16)
    await nonces.sweep()
    clock.advance(3600_000 - 50_000)
    assert not await nonces.take(later, b"a" * 16)


async def test_a_store_that_cannot_remember_lets_nobody_in(nonces: FileNonces, path: Path, clock: HeldClock) -> None:
    """Somebody else holds the lock; other requests go on meanwhile."""
    assert await nonces.take(second(clock), b"a" * 16)
    with path.open() as blocker:
        fcntl.flock(blocker, fcntl.LOCK_EX)
        refused = await asyncio.gather(
            *(nonces.take(second(clock), number.to_bytes(16)) for number in range(50)), return_exceptions=True
        )
        assert [(end.status, end.retry_after) for end in refused if isinstance(end, Busy)] == [(503, 1)] * 50
        waiting = asyncio.ensure_future(nonces.take(second(clock), b"b" * 16))
        await asyncio.sleep(0)
        fcntl.flock(blocker, fcntl.LOCK_UN)
        assert await waiting
    assert not await nonces.take(second(clock), b"b" * 16)


TAKING = """
import asyncio, sys
from pathlib import Path
from volary.kit.clock import HeldClock
from volary.oauth.oauth1.nonces.file import FileNonces
from volary.kit.errors import Busy

async def main():
    clock = HeldClock()
    store = FileNonces(Path(sys.argv[1]), clock)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(5000):
        while True:
            try:
                print(int(await store.take(clock.now() // 1000, number.to_bytes(16))), end="")
            except Busy:
                continue
            break

asyncio.run(main())
"""


@pytest.mark.attack("SR-048")
async def test_of_two_processes_at_once_one_takes_each(path: Path) -> None:
    command = [sys.executable, "-c", TAKING, str(path)]
    pipe = subprocess.PIPE
    both = [await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe) for _ in range(2)]
    for process in both:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    ends = await asyncio.gather(*(process.communicate(b"go\n") for process in both))
    (one, _), (other, _) = ends
    assert len(one) == len(other) == 5000
    assert {left + right for left, right in zip(one.decode(), other.decode(), strict=True)} <= {"01", "10"}


SECONDS = st.integers(0, 3 * SLICE)
STEPS = st.lists(
    st.tuples(
        st.sampled_from([0, 0, 0, 1, 250, SLICE]), st.integers(-WINDOW, WINDOW), st.integers(0, 3), st.booleans()
    ),
    max_size=60,
)


@given(SECONDS, STEPS)
def test_across_slices_it_is_as_a_set(
    tmp_path_factory: pytest.TempPathFactory, beginning: int, steps: list[tuple[int, int, int, bool]]
) -> None:
    """Whatever the clock, the timestamps, the sweeps and the restarts: taken is what a set that forgets nothing does not hold."""
    path = tmp_path_factory.mktemp("nonces") / "nonces"
    clock = HeldClock((1_790_000_000 + beginning) * 1000)

    async def walk() -> None:
        store, begun, seen = FileNonces(path, clock), second(clock), set[tuple[int, int]]()
        for passing, offset, number, restarted in steps:
            clock.advance(passing * 1000)
            at = second(clock) + offset
            assert await store.take(at, number.to_bytes(16)) == (at >= begun and (at, number) not in seen)
            if at >= begun:
                seen.add((at, number))
            if restarted:
                await store.sweep()
                await store.close()
                store = FileNonces(path, clock)
        await store.close()

    asyncio.run(walk())


async def test_it_grows_and_says_when_there_is_no_room(
    nonces: FileNonces, path: Path, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With three small levels, of 1, 4 and 16 buckets: 672 requests at most, and what was taken stays taken."""
    monkeypatch.setattr(file, "LEVELS", [(0, 0), (512, 3), (5 * 512, 15)])
    seen, full = list[bytes](), 0
    for number in range(2000):
        digest = number.to_bytes(16)
        try:
            assert await nonces.take(second(clock), digest)
            seen.append(digest)
        except Busy as busy:
            full += busy.retry_after
    assert len(seen) == held(path) == 672
    assert full == 2000 - 672
    assert not any([await nonces.take(second(clock), digest) for digest in seen])
    clock.advance(SLICE * 1000)
    assert await nonces.take(second(clock), b"a" * 16)


def test_the_levels_lie_one_after_the_other() -> None:
    end = 0
    for start, mask in LEVELS:
        assert start == end
        assert (mask + 1) & mask == 0
        end += (mask + 1) * 512
    assert end // 16 == 22_347_776


async def test_digests_that_end_in_zeros_take_their_own_place(nonces: FileNonces, path: Path, clock: HeldClock) -> None:
    digests = [bytes([number]) * 3 + bytes(13) for number in range(20)] + [bytes(16)]
    distinct = {digest[2:] for digest in digests}
    assert sum([await nonces.take(second(clock), digest) for digest in digests]) == len(distinct) == held(path)
    assert not any([await nonces.take(second(clock), digest) for digest in digests])


@pytest.mark.attack("SR-332")
async def test_a_full_disk_refuses_and_recovers_without_a_restart(
    small_disk: Path, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = small_disk / "nonces"
    store = FileNonces(path, clock)
    assert await store.take(second(clock), b"a" * 16)
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as filling:
        try:
            while True:
                filling.write(bytes(4096))
        except OSError:
            pass
    taken, refused = list[bytes](), list[bytes]()
    for number in range(0, 100_000, 97):
        digest = number.to_bytes(16)
        try:
            assert await store.take(second(clock), digest)
            taken.append(digest)
        except Busy:
            refused.append(digest)
    assert refused
    monkeypatch.setattr(file, "_BOOT", small_disk / "none")
    await FileNonces(path, clock).close()  # a server starts while the disk is full
    ballast.unlink()
    assert not any([await store.take(second(clock), digest) for digest in [b"a" * 16, *taken]])
    assert all([await store.take(second(clock), digest) for digest in refused])
    await store.close()
