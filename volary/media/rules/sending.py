"""Sending a file of the folder, or the range of it that was asked for, in a way that it can only be shown (SR-258, SR-272)."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

from volary.media.rules.ranges import span_of

HARMLESS = {
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "cross-origin",
    "accept-ranges": "bytes",
}
"""A picture may stand in any site's page; opened alone it is a picture and nothing else."""
_PIECE = 256 * 1024


class FilePieces:
    """The wanted bytes of a file, a piece at a time, each read in a thread. Closed when it was read, or by hand."""

    def __init__(self, file: IO[bytes], start: int, end: int) -> None:
        self._file = file
        self.start, self.end = start, end

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with self._file:
            self._file.seek(self.start)
            left = self.end - self.start
            while left and (piece := await asyncio.to_thread(self._file.read, min(_PIECE, left))):
                left -= len(piece)
                yield piece

    def close(self) -> None:
        """Read no more."""
        self._file.close()


async def opened(path: Path, asked: str | None) -> tuple[int, dict[str, str], FilePieces | None]:
    """The status, the headers about length and range, and the bytes of a file, given the request's Range header.

    Nothing can be given of a range outside of the file (416). Raises FileNotFoundError.
    """
    file = await asyncio.to_thread(path.open, "rb")
    size = os.fstat(file.fileno()).st_size
    span = span_of(asked, size)
    if span is None:
        file.close()
        return 416, {"content-range": f"bytes */{size}", "content-length": "0"}, None
    headers = {"content-length": str(span.end - span.start)}
    whole = (span.start, span.end) == (0, size)
    if not whole:
        headers["content-range"] = f"bytes {span.start}-{span.end - 1}/{size}"
    return 200 if whole else 206, headers, FilePieces(file, span.start, span.end)
