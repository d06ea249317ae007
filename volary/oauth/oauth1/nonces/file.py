"""Nonces in files of their own: 5 µs a request, without an fsync, and still there after the process was killed.

Each ten minutes of timestamps have a file, a table of digests that is thrown away as a whole when its time is over. What is written is
with the operating system at once, which outlives the process but not the machine. A small file beside them, the head, says since when
they hold everything: where it is new, damaged, or from before the machine's last start, that is now, and requests with an older
timestamp are refused (decisions 0016 and 0035). A client notices that only while its clock is behind by more than the server has been up.
"""

import asyncio
import fcntl
import os
import time
import zlib
from pathlib import Path
from struct import Struct

from volary.db.errors import CannotStart
from volary.kit.clock import Clock
from volary.kit.errors import Busy
from volary.oauth.oauth1.nonces.store import BUSY, KEPT

SLICE = KEPT
"""Seconds of timestamps that one file holds."""

HEAD = Struct("<8s36sqq")
"""What the head holds before its checksum: the format's name, the machine's run, the second since which, and the newest file."""

_FORMAT = b"nonces 1"
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_SLOT = 16
_EMPTY = bytes(_SLOT)
_BUCKET = 32 * _SLOT
LEVELS = [(start << 20, (buckets << 11) - 1) for start, buckets in [(0, 1), (1, 4), (5, 16), (21, 64), (85, 256)]]
"""Where each level of a file begins, and the mask that gives a bucket in it: 1, 4, 16, 64 and 256 MB, 22 million requests."""
_PATIENCE = 0.05
"""Seconds to wait for another process that is writing down a nonce, which takes a few µs."""


class FileNonces:
    """One process's nonces; a process that takes its place may use the same files at the same time.

    A file has five levels, each four times as large as the one before, of buckets of 32 digests. A digest belongs into the first of its
    five buckets that is not full, so it is known to be new as soon as one with room does not hold it. Nothing is ever moved, and what is
    not written takes no room on the disk.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        """Raises CannotStart where something else than a file is there, or one that cannot be written."""
        self._path = path
        self._clock = clock
        self._files: dict[int, int] = {}
        try:
            self._head = _opened(path)
            self._begun, self._newest = _read(self._head) or self._begin()
        except OSError as error:
            raise CannotStart(f"cannot use the file of nonces {path}: {error.strerror} (delete it)") from error

    async def take(self, second: int, digest: bytes) -> bool:
        try:
            await self._lock()
            try:
                return self._take(second, digest)
            finally:
                fcntl.flock(self._head, fcntl.LOCK_UN)
        except OSError as error:
            raise Busy(BUSY, retry_after=1, why=f"nonces: {error!r}") from error

    async def sweep(self) -> int:
        over = self._clock.now() // 1000 - KEPT
        start = self._path.name + "."
        ends = [each.name.removeprefix(start) for each in self._path.parent.iterdir() if each.name.startswith(start)]
        old = [int(end) for end in ends if end.isdecimal() and (int(end) + 1) * SLICE <= over]
        for number in old:
            self._file(number).unlink(missing_ok=True)
            # Letting go of a large file takes a while.
            await asyncio.to_thread(_close, self._files.pop(number, None))
        return len(old)

    async def close(self) -> None:
        for handle in (self._head, *self._files.values()):
            os.close(handle)

    async def _lock(self) -> None:
        """Raises TimeoutError when another process does not let go."""
        until = 0.0
        while True:
            try:
                fcntl.flock(self._head, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                until = until or time.monotonic() + _PATIENCE
                if time.monotonic() > until:
                    raise TimeoutError("another process holds the lock") from None
                await asyncio.sleep(0.001)
            else:
                return

    def _take(self, second: int, digest: bytes) -> bool:
        number, rest = divmod(second, SLICE)
        file = self._files.get(number)
        if file is None:
            file = self._open(number)
        if second < self._begun <= self._clock.now() // 1000:  # a clock that was set back is believed
            return False
        slot = (rest + 1).to_bytes(2) + digest[2:]  # never empty
        place = int.from_bytes(digest[12:])
        for start, mask in LEVELS:
            at = start + (place & mask) * _BUCKET
            bucket = os.pread(file, _BUCKET, at)
            if slot in bucket:
                return False
            free = bucket.find(_EMPTY)
            if free < 0:  # the file ends here, or the bucket is full
                free = len(bucket)
            free = -(-free // _SLOT) * _SLOT  # a digest may end in zeros
            if free < _BUCKET:
                os.pwrite(file, slot, at + free)
                return True
        raise OSError("there is no room for more requests of these ten minutes")

    def _open(self, number: int) -> int:
        """The file of a slice. Raises OSError."""
        if number > self._newest:
            # Timestamps lie within ten minutes: this file and the one before it are made together, and whichever is missing later was lost.
            for each in range(max(self._newest + 1, number - 1), number + 1):
                os.close(_opened(self._file(each)))
            self._tell(self._begun, number)
        elif not self._file(number).exists():
            self._tell(self._clock.now() // 1000, self._newest)
        self._files[number] = _opened(self._file(number))
        return self._files[number]

    def _begin(self) -> tuple[int, int]:
        now = self._clock.now() // 1000
        _write(self._head, now, now // SLICE - 2)
        return now, now // SLICE - 2

    def _tell(self, begun: int, newest: int) -> None:
        _write(self._head, begun, newest)
        self._begun, self._newest = begun, newest

    def _file(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _close(handle: int | None) -> None:
    if handle is not None:
        os.close(handle)


def _read(head: int) -> tuple[int, int] | None:
    """What a head says, if it is whole and of the machine's present run."""
    raw = os.pread(head, HEAD.size + 4, 0)
    known, checksum = raw[: HEAD.size], raw[HEAD.size :]
    if len(known) < HEAD.size or checksum != zlib.crc32(known).to_bytes(4):
        return None
    name, boot, begun, newest = HEAD.unpack(known)
    return (begun, newest) if name == _FORMAT and boot == _machine_run() else None


def _write(head: int, begun: int, newest: int) -> None:
    known = HEAD.pack(_FORMAT, _machine_run(), begun, newest)
    os.pwrite(head, known + zlib.crc32(known).to_bytes(4), 0)
    os.ftruncate(head, HEAD.size + 4)


def _machine_run() -> bytes:
    """What names the machine's present run, or nothing where the system does not tell: then every start counts as a new one."""
    try:
        return _BOOT.read_bytes().strip()
    except OSError:
        return b""
