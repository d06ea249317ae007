"""The acts of an upload: it begins, segments come in, it is read, it can be used or it cannot."""

from sqlalchemy import bindparam, insert, update

from volary.access.caller import Caller
from volary.db import Tx, statement, upsert
from volary.kit.clock import DAY
from volary.media.errors import MediaNotFound, TooLargeToKeep, TooMuchWaiting, WrongSegments
from volary.media.models import FAILED, OPEN, READING, READY, MediaRow, SegmentRow, media, media_segments
from volary.media.queries import own_upload, segments_of, waiting_of
from volary.media.rules.folder import new_name
from volary.media.rules.found import Read
from volary.media.rules.limits import LARGEST, MOST_UNUSED, MOST_WAITING

EXPIRES_AFTER = DAY
"""How long media wait for their first use (X facts 5.6: 86,400 seconds)."""

_NEW = (
    "id",
    "owner_id",
    "name",
    "kind",
    "state",
    "category",
    "size",
    "source_app_id",
    "created_at",
    "changed_at",
    "expires_at",
)
_BEGIN = statement(insert(media).values({name: bindparam(name) for name in _NEW}))
_SEGMENT = statement(
    upsert(media_segments, values=["media_id", "place", "size"], key=["media_id", "place"], update=["size"])
)
_TAKE = statement(
    update(media)
    .where(
        media.c.id == bindparam("media_id"),
        media.c.owner_id == bindparam("account"),
        media.c.state == OPEN,
        media.c.expires_at > bindparam("now"),
    )
    .values(state=READING, changed_at=bindparam("now"))
)
_FOUND = ("kind", "format", "width", "height", "duration_ms", "bit_rate", "parts")
_READY = statement(
    update(media)
    .where(media.c.id == bindparam("media_id"), media.c.state == READING)
    .values(state=READY, changed_at=bindparam("now"), **{name: bindparam(f"new_{name}") for name in _FOUND})
)
_FAIL = statement(
    update(media)
    .where(media.c.id == bindparam("media_id"), media.c.state == READING)
    .values(state=FAILED, changed_at=bindparam("now"))
)


async def begin_upload(tx: Tx, caller: Caller, category: str, kind: str, size: int) -> int:
    """Announce a file of a category and a size; the id of the media that it becomes. Raises TooLargeToKeep, TooMuchWaiting."""
    if size > LARGEST[category]:
        raise TooLargeToKeep(LARGEST[category])
    waiting = await waiting_of(tx, caller.me)
    if waiting.count >= MOST_UNUSED or waiting.size + size > MOST_WAITING:
        raise TooMuchWaiting
    media_id = tx.new_id()
    await tx.run(
        _BEGIN,
        id=media_id,
        owner_id=caller.me,
        name=new_name(),
        kind=kind,
        state=OPEN,
        category=category,
        size=size,
        source_app_id=caller.app_id,
        created_at=tx.now,
        changed_at=tx.now,
        expires_at=tx.now + EXPIRES_AFTER,
    )
    return media_id


async def add_segment(tx: Tx, caller: Caller, media_id: int, place: int, size: int) -> MediaRow:
    """Note that a segment comes in; one that was sent before is replaced. Raises MediaNotFound, WrongSegments."""
    row = await own_upload(tx, caller.me, media_id)
    if row is None or row.state != OPEN:
        raise MediaNotFound
    there = sum(one.size for one in await segments_of(tx, media_id) if one.place != place)
    if there + size > row.size:
        raise WrongSegments(f"{there} and {size} bytes are more than {row.size}")
    await tx.run(_SEGMENT, media_id=media_id, place=place, size=size)
    return row


async def end_upload(tx: Tx, caller: Caller, media_id: int) -> tuple[MediaRow, list[SegmentRow]]:
    """Close an upload so that it can be read; only one caller can (it is taken). Raises MediaNotFound, WrongSegments."""
    row = await own_upload(tx, caller.me, media_id)
    if row is None or row.state != OPEN:
        raise MediaNotFound
    segments = await segments_of(tx, media_id)
    if [one.place for one in segments] != list(range(len(segments))) or sum(one.size for one in segments) != row.size:
        raise WrongSegments(f"{len(segments)} segments, {sum(one.size for one in segments)} of {row.size} bytes")
    if not await tx.run(_TAKE, media_id=media_id, account=caller.me, now=tx.now):
        raise MediaNotFound
    return row, segments


async def make_ready(tx: Tx, media_id: int, found: Read) -> bool:
    """Its files are in their places: it can be used. False where it was given up meanwhile."""
    return bool(
        await tx.run(
            _READY,
            media_id=media_id,
            now=tx.now,
            new_kind=found.kind,
            new_format=found.format,
            new_width=found.width,
            new_height=found.height,
            new_duration_ms=found.duration_ms,
            new_bit_rate=found.bit_rate,
            new_parts=" ".join(found.parts),
        )
    )


async def give_up(tx: Tx, media_id: int) -> None:
    """It could not be read."""
    await tx.run(_FAIL, media_id=media_id, now=tx.now)
