"""The process that reads one file: `python -m volary.media.rules.worker KIND SOURCE FOLDER`.

It gives itself limits before it loads a decoder, writes what it made into the folder, tells what it found as one line of JSON, and ends. It
has no secret of the installation's: not its environment, no open file, no database. What breaks a decoder breaks this process alone.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

MEMORY = 1536 * 1024 * 1024
"""Bytes of address space: what the largest picture and its libraries need, twice."""
CPU_SECONDS, CPU_SECONDS_OF_VIDEOS = 20, 60
LARGEST_OUTPUT = 600 * 1024 * 1024


def main(kind: str, source: Path, folder: Path) -> int:
    """Read one file; 0 and a line about it, or 2 and a line that says why not."""
    _limit(kind)
    import msgspec

    from volary.media.errors import Unreadable

    try:
        found = _reading(kind)(source, folder)
    except Unreadable as refusal:
        sys.stdout.buffer.write(msgspec.json.encode([refusal.message, refusal.why]))
        return 2
    sys.stdout.buffer.write(msgspec.json.encode(found))
    return 0


def _reading(kind: str) -> Callable[[Path, Path], object]:
    """What reads a kind of file, loaded with its library."""
    if kind == "video":
        from volary.media.rules.videos import read_video

        return read_video
    if kind == "subtitles":
        from volary.media.rules.subtitles import read_subtitles

        return read_subtitles
    from volary.media.rules import pictures, portraits

    return {"picture": pictures.read_picture, "portrait": portraits.read_portrait, "banner": portraits.read_banner}[
        kind
    ]


def _limit(kind: str) -> None:
    os.umask(0o077)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS_OF_VIDEOS if kind == "video" else CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_OUTPUT),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):  # a system may allow less than this already
            resource.setrlimit(what, (most, most))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # end with the server (Linux)
    with contextlib.suppress(OSError):
        os.nice(5)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
