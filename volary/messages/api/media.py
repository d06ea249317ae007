"""Downloading what was sent with a message: for who holds a copy of it, and nobody else (SR-189, SR-191)."""

from volary.api.answer import Answer
from volary.api.call import Call
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.query import NoQuery, whole_id
from volary.kit.errors import NotFound
from volary.kit.ids import first_id_at
from volary.media.models import MediaRow
from volary.media.queries import media_by_ids
from volary.media.rules.folder import Folder
from volary.media.rules.parts import TYPES, part_of
from volary.media.rules.sending import HARMLESS, opened
from volary.messages.api.needs import DOWNLOAD, note_reading
from volary.messages.queries.reading import message_by_id
from volary.messages.rules import HISTORY


@operation(
    "GET",
    "/2/dm_conversations/media/{dm_id}/{media_id}/{resource_id}",
    need=DOWNLOAD,
    limits=limits(user=900),
)
async def download(call: Call[NoQuery, None]) -> Answer:
    """The bytes of a picture or video in a message of the last thirty days of which the caller holds a copy.

    `resource_id` is the file in the media's address, such as `<name>.png`. A range can be asked for.
    """
    name, _, ending = call.path["resource_id"].partition(".")
    row = await _attached(call, call.id_in_path("dm_id"), _media_id(call))
    part = part_of(row.kind, row.format, row.parts, ending or row.format) if row and row.name == name else None
    if row is None or part is None:
        raise _nothing()
    try:
        path = call.resources[Folder].file(row.name, part)
        status, about, pieces = await opened(path, _text(call.raw.header(b"range")))
    except FileNotFoundError as error:
        raise _nothing(f"{row.name}.{part} is not in the folder") from error
    note_reading(call)
    kind = TYPES["jpg" if part == "poster" else row.format]
    about |= HARMLESS | {"content-disposition": f'inline; filename="{row.id}.{ending or row.format}"'}
    headers = [(name.encode(), value.encode()) for name, value in about.items()]
    return Answer(status, headers=headers, content_type=kind.encode(), pieces=pieces)


async def _attached(call: Call[NoQuery, None], event_id: int, media_id: int) -> MediaRow | None:
    """The media of a message, if the caller holds a copy and may see it."""
    event = await message_by_id(call.db, call.me, event_id, first_id_at(call.db.now - HISTORY))
    if event is None or event.media_id != media_id:
        return None
    return next(iter(await media_by_ids(call.db, call.me, [media_id])), None)


def _media_id(call: Call[NoQuery, None]) -> int:
    """The media as its id or its key, which is what v2 names it by. Raises InvalidRequest."""
    return whole_id(call.path["media_id"].rpartition("_")[2], "media_id")


def _text(header: bytes | None) -> str | None:
    return None if header is None else header.decode("latin-1")


def _nothing(why: str = "") -> NotFound:
    return NotFound("Could not find the media.", why=why)
