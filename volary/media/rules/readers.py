"""Having files read in processes of their own: two at a time, a short line behind them, and an end to each (SR-266, SR-348)."""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import msgspec

from volary.media.errors import ReadersBusy, Unreadable
from volary.media.rules.found import Read

AT_ONCE, MOST = 2, 24
"""Processes that read, and files that are read or wait; whoever comes next is told to come back."""
SECONDS, SECONDS_OF_VIDEOS = 40.0, 180.0
_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""What a reading process may know of our environment: how to find its libraries, and no setting of ours."""
_LONGEST_WORD = 65_536


class Readers:
    """The line before the processes of one server."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE)
        self._places = MOST

    async def read(self, kind: str, source: Path, folder: Path) -> Read:
        """Read a file of a kind that `worker` knows and write what is kept into a folder. Raises Unreadable, ReadersBusy."""
        if not self._places:
            raise ReadersBusy
        self._places -= 1
        try:
            async with self._free:
                return await _read(kind, source, folder)
        finally:
            self._places += 1


async def _read(kind: str, source: Path, folder: Path) -> Read:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "volary.media.rules.worker", kind, str(source), str(folder)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        cwd=folder,
        limit=_LONGEST_WORD,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), SECONDS_OF_VIDEOS if kind == "video" else SECONDS)
    except TimeoutError:
        raise Unreadable("it took too long to read") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode == 0:
        return msgspec.json.decode(said, type=Read)
    if process.returncode == 2 and said:
        message, why = msgspec.json.decode(said, type=tuple[str, str])
        raise Unreadable(why, message)
    raise Unreadable(f"the reading process ended with {process.returncode}")
