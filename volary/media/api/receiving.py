"""Taking files in: what every door for uploads does, from the bytes of a request to a media that can be used."""

import asyncio
import binascii
import logging
from asyncio import to_thread
from base64 import b64decode
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from volary.api.call import Call
from volary.api.errors import InvalidRequest, NotBuilt
from volary.db import Database
from volary.kit.errors import Busy
from volary.kit.resources import Resources
from volary.media.actions.sending import EXPIRES_AFTER, add_segment, begin_upload, end_upload, give_up, make_ready
from volary.media.errors import MediaNotFound, TooLargeToKeep, Unreadable
from volary.media.models import MediaRow, SegmentRow
from volary.media.queries import own_upload
from volary.media.rules.folder import Folder
from volary.media.rules.keys import GIF, PHOTO, SUBTITLES, VIDEO
from volary.media.rules.limits import LARGEST, LARGEST_SEGMENT, MOST_SEGMENTS, category_of
from volary.media.rules.readers import Readers

log = logging.getLogger("volary.media")

BODY_LIMIT = 7_200_000
"""The most bytes of a request that carries a file or a segment: 5 MiB as base64, and what is around it."""

_HOW = {VIDEO: "video", SUBTITLES: "subtitles"}
_KINDS = {"image": PHOTO, "gif": GIF, "video": VIDEO}


class Background:
    """What is read after its answer: videos. Ends with the process; what it had not finished is given up by the sweep."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End what runs."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def begin(call: Call[Any, Any], category: str, media_type: str, size: int) -> MediaRow:
    """Announce an upload. Raises InvalidRequest, TooLargeToKeep, TooMuchWaiting."""
    category = category_of(category, media_type)
    if category not in LARGEST:
        raise InvalidRequest(f"$.media_category: not one of {', '.join(LARGEST)}", "media_category", (category,))
    if size < 1:
        raise InvalidRequest("$.total_bytes: a file has at least one byte", "total_bytes", (str(size),))
    kind = kind_of(category)
    media_id = await call.db.write(begin_upload, call.caller, category, kind, size)
    return await own(call, media_id)


def kind_of(category: str) -> str:
    """What a file of X's category is to be. The bytes decide whether it is."""
    return SUBTITLES if category == "subtitles" else _KINDS[category.rpartition("_")[2]]


async def own(call: Call[Any, Any], media_id: int) -> MediaRow:
    """An upload of the caller's, in whatever state. Raises MediaNotFound."""
    row = await own_upload(call.db, call.me, media_id)
    if row is None:
        raise MediaNotFound
    return row


async def append(call: Call[Any, Any], media_id: int, place: int, content: bytes) -> MediaRow:
    """Take a segment. Raises InvalidRequest, TooLargeToKeep, MediaNotFound, WrongSegments."""
    if not 0 <= place < MOST_SEGMENTS:
        raise InvalidRequest("$.segment_index: between 0 and 999", "segment_index", (str(place),))
    if len(content) > LARGEST_SEGMENT:
        raise TooLargeToKeep(LARGEST_SEGMENT)
    if not content:
        raise InvalidRequest("$.media: a segment has at least one byte", "media")
    row = await call.db.write(add_segment, call.caller, media_id, place, len(content))
    await to_thread(call.resources[Folder].segment, media_id, place, content)
    return row


async def finish(call: Call[Any, Any], media_id: int) -> MediaRow:
    """Have an upload read: pictures at once, videos after the answer. Raises MediaNotFound, WrongSegments, Unreadable, Busy."""
    row, segments = await call.db.write(end_upload, call.caller, media_id)
    work = read_upload(call.db, call.resources, row, segments)
    if row.kind == VIDEO:
        call.resources[Background].start(_later(work, media_id))
    else:
        await work
    return await own(call, media_id)


async def whole(call: Call[Any, Any], category: str, content: bytes) -> MediaRow:
    """Take a file in one piece. Raises InvalidRequest, TooLargeToKeep, TooMuchWaiting, Unreadable, Busy."""
    if not content:
        raise InvalidRequest("$.media: a file has at least one byte", "media")
    row = await begin(call, category or _seen_category(content), "", len(content))
    await call.db.write(add_segment, call.caller, row.id, 0, len(content))
    await to_thread(call.resources[Folder].segment, row.id, 0, content)
    return await finish(call, row.id)


def decoded(text: bytes | str) -> bytes:
    """Bytes that were sent as base64, of either alphabet. Raises InvalidRequest."""
    raw = text.encode("ascii", "replace") if isinstance(text, str) else text
    raw = raw.translate(bytes.maketrans(b"-_", b"+/"), b" \r\n\t")
    try:
        return b64decode(raw + b"=" * (-len(raw) % 4), validate=True)
    except binascii.Error:
        raise InvalidRequest("$.media: not base64", "media") from None


def seconds_left(row: MediaRow, now: int) -> int:
    """How long an upload waits for its first use; what is used waits no more, and is told as a whole day."""
    return EXPIRES_AFTER // 1000 if row.expires_at is None else max(0, (row.expires_at - now) // 1000)


def refuse_owners(named: object) -> None:
    """Media belong to one account here. Raises NotBuilt where others are to have them too."""
    if named:
        raise NotBuilt("`additional_owners` of a media")


def _seen_category(content: bytes) -> str:
    """The category of a file for which none was said: by its first bytes, which the library looks at again."""
    if content[4:8] == b"ftyp":
        return "tweet_video"
    return "tweet_gif" if content[:4] == b"GIF8" else "tweet_image"


async def read_upload(db: Database, resources: Resources, row: MediaRow, segments: list[SegmentRow]) -> None:
    """Read what came in, and put what is kept of it in its place. Whatever goes wrong, nothing is left and it is given up."""
    folder = resources[Folder]
    try:
        source = await to_thread(folder.joined, row.id, [one.size for one in segments])
        drawn = await to_thread(folder.drawing, row.id)
        found = await resources[Readers].read(_HOW.get(row.kind, "picture"), source, drawn)
        if row.kind == PHOTO and found.kind == GIF and row.size > LARGEST["tweet_gif"]:
            raise TooLargeToKeep(LARGEST["tweet_gif"])
        await _keep(db, folder, drawn, row, found)
    except BaseException:
        await asyncio.shield(db.write(give_up, row.id))
        raise
    finally:
        await to_thread(folder.forget, row.id)


async def _keep(db: Database, folder: Folder, drawn: Path, row: MediaRow, found: Any) -> None:
    await to_thread(folder.keep, drawn, row.name, found.parts)
    if not await db.write(make_ready, row.id, found):
        await to_thread(folder.remove, row.name)
        raise MediaNotFound


async def _later(work: Coroutine[Any, Any, None], media_id: int) -> None:
    try:
        await work
    except (Unreadable, Busy, MediaNotFound) as refusal:
        log.info("media %d could not be read: %s", media_id, refusal.why)
    except Exception:
        log.exception("reading media %d failed", media_id)
