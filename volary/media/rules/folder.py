"""The folder in which media lie: what is whole under random names, what comes in beside it (decision 0038).

    <folder>/<two characters>/<name>.<part>     what can be served: `orig`, `large`, `poster` …
    <folder>/incoming/<id>/                      the segments of an upload, and what a reading process makes of them

Names are ours, never a sender's; no file can be run; only the server's user can read them. A file takes its place whole, flushed to the
disk, before the database knows of it. Several machines share one folder. All of it blocks: call it off the event loop.
"""

import contextlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from volary.kit.secrets import mint_alphanumeric
from volary.media.errors import NoFolder, WrongSegments

_NAME = re.compile(r"[A-Za-z0-9]{26}")
_PART = re.compile(r"[a-z0-9_]{1,16}")
_PIECE = 1024 * 1024


def new_name() -> str:
    """A random name of 154 bits."""
    return mint_alphanumeric(26)


def is_name(text: str) -> bool:
    """Whether a text can be a name: anything else leads nowhere (SR-263)."""
    return _NAME.fullmatch(text) is not None


class Folder:
    """The media's folder of one installation; made when it is first needed."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    # ------------------------------------------------------------------------------------------------------ what is kept

    def file(self, name: str, part: str) -> Path:
        """Where a part of a media lies."""
        if not (_NAME.fullmatch(name) and _PART.fullmatch(part)):
            raise ValueError("no name of a file of ours")
        return self._root() / name[:2] / f"{name}.{part}"

    def keep(self, drawn: Path, name: str, parts: Iterable[str]) -> None:
        """Let files of a folder (named after their parts) take their places, and the disk hold them."""
        place = self._made(name[:2])
        for part in parts:
            _flush(drawn / part)
            (drawn / part).rename(self.file(name, part))
        _flush(place)

    def remove(self, name: str) -> None:
        """Delete a media's files: every one of its name, also what took its place before a process died that had not said so yet."""
        if not is_name(name):
            raise ValueError("no name of ours")
        for part in (self._root() / name[:2]).glob(f"{name}.*"):
            part.unlink(missing_ok=True)

    # ----------------------------------------------------------------------------------------------------- what comes in

    def begin(self, media_id: int) -> Path:
        """The folder of an upload, made where it is not there."""
        return self._made("incoming", str(media_id))

    def segment(self, media_id: int, place: int, content: bytes) -> None:
        """Keep a segment of an upload; one that is there already is replaced."""
        folder = self.begin(media_id)
        draft = folder / f"{place}.{new_name()}"
        draft.write_bytes(content)
        draft.chmod(0o600)
        draft.rename(folder / str(place))

    def joined(self, media_id: int, sizes: list[int]) -> Path:
        """One file of an upload's segments, which must have these sizes. Raises WrongSegments."""
        folder = self.begin(media_id)
        whole = folder / "whole"
        with whole.open("wb") as into:
            for place, size in enumerate(sizes):
                with _there(folder / str(place)) as segment:
                    shutil.copyfileobj(segment, into, _PIECE)
                    if segment.tell() != size:
                        raise WrongSegments(f"segment {place} has {segment.tell()} bytes instead of {size}")
        return whole

    def drawing(self, media_id: int) -> Path:
        """An empty folder for a reading process to write into."""
        place = self.begin(media_id) / "drawn"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700)
        return place

    def forget(self, media_id: int) -> None:
        """Delete what came in of an upload."""
        shutil.rmtree(self._root() / "incoming" / str(media_id), ignore_errors=True)

    def incoming(self) -> list[int]:
        """The uploads of which something came in."""
        with contextlib.suppress(FileNotFoundError):
            return [int(one.name) for one in (self._root() / "incoming").iterdir() if one.name.isdigit()]
        return []

    def _made(self, *names: str) -> Path:
        """A folder within, made where it is not there, as every one above it: into none of them can others look."""
        place = self._root()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in names:
            place /= name
            place.mkdir(mode=0o700, exist_ok=True)
        return place

    def _root(self) -> Path:
        if self.path is None:
            raise NoFolder
        return self.path


@contextlib.contextmanager
def _there(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as opened:
            yield opened
    except FileNotFoundError:
        raise WrongSegments(f"segment {path.name} is not there") from None


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
