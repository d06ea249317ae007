"""Uploads on v2: in one piece, in segments by paths, and in segments by commands to one path (X facts 5.6)."""

from typing import Annotated, Any

import msgspec

from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest
from volary.api.limits import limits, per_day
from volary.api.multipart import parts_of
from volary.api.operation import operation
from volary.api.query import Id, NoQuery, pairs_of, whole_id
from volary.media.api.needs import IN_PARTS, STATUS, WHOLE, WRITE
from volary.media.api.receiving import (
    BODY_LIMIT,
    append,
    begin,
    decoded,
    finish,
    own,
    refuse_owners,
    seconds_left,
    whole,
)
from volary.media.models import MediaRow
from volary.media.shapes import Initialize, uploaded

LONG = frozenset({"media", "media_data"})
"""The fields of a form that carry files."""
_DIGITS = 12


class StatusQuery(msgspec.Struct, frozen=True):
    """Which upload is asked about."""

    media_id: Id
    command: Annotated[str, msgspec.Meta(pattern="^STATUS$")] = "STATUS"


Fields = dict[str, str]
Files = dict[str, bytes]
_JSON = msgspec.json.Decoder(dict[str, Any])


@operation("POST", "/2/media/upload", need=WRITE, limits=WHOLE, body_limit=BODY_LIMIT, large=True)
async def upload(call: Call[NoQuery, None]) -> Reply:
    """Send a picture in one piece, or one step of an upload in segments where a `command` says so."""
    fields, content = sent(call)
    command = fields.get("command", "").upper()
    if command:
        return await _commanded(call, command, fields, content)
    known(fields, {"media_category", "additional_owners", "media_type", "shared"})
    refuse_owners(fields.get("additional_owners"))
    return _told(call, await whole(call, fields.get("media_category", ""), content))


@operation("POST", "/2/media/upload/initialize", need=WRITE, limits=IN_PARTS, body=Initialize)
async def initialize(call: Call[NoQuery, Initialize]) -> Reply:
    """Announce an upload in segments: how many bytes will come, and of which kind. The answer has the media's id."""
    body = call.body
    refuse_owners(body.additional_owners)
    return _told(call, await begin(call, body.media_category, body.media_type, body.total_bytes))


@operation("POST", "/2/media/upload/{id}/append", need=WRITE, limits=IN_PARTS, body_limit=BODY_LIMIT, large=True)
async def append_segment(call: Call[NoQuery, None]) -> Reply:
    """Send one segment of a file that was announced before."""
    fields, content = sent(call)
    known(fields, {"segment_index"})
    row = await append(call, call.id_in_path(), whole_number(fields, "segment_index"), content)
    return Reply({"data": {"expires_at": (row.expires_at or 0) // 1000}})


@operation("POST", "/2/media/upload/{id}/finalize", need=WRITE, limits=IN_PARTS)
async def finalize(call: Call[NoQuery, None]) -> Reply:
    """Say that all segments were sent. The file is checked; a video may be processed for a while, which STATUS tells."""
    return _told(call, await finish(call, call.id_in_path()))


@operation("GET", "/2/media/upload", need=STATUS, limits=limits(user=1000, app=(per_day(100_000),)), query=StatusQuery)
async def status(call: Call[StatusQuery, None]) -> Reply:
    """How far an upload is: whether segments are missing, or the file is still processed."""
    return _told(call, await own(call, whole_id(call.query.media_id, "media_id")))


def sent(call: Call[Any, Any], name: str = "media") -> tuple[Fields, bytes]:
    """The fields and the file of a request: multipart, JSON with base64, or a form with base64. `name` is the file's.

    Raises InvalidRequest.
    """
    kind, body = call.raw.kind, call.raw.body
    long = LONG | {name}
    if kind == b"multipart/form-data":
        parts: Files = parts_of(call.raw.header(b"content-type") or b"", body, long=long)
        fields = {key: _text(value) for key, value in parts.items() if key not in long}
        content = decoded(parts["media_data"]) if "media_data" in parts else parts.get(name, b"")
        return fields, content
    if kind == b"application/json":
        return _in_json(body)
    if kind == b"application/x-www-form-urlencoded":
        fields = dict(pairs_of(body))
        data = fields.pop("media_data", "") or fields.pop(name, "")
        return {key: text for key, text in fields.items() if not key.startswith("oauth_")}, decoded(data)
    raise InvalidRequest("Requests with files must have content-type of multipart/form-data or application/json.")


def _in_json(body: bytes) -> tuple[Fields, bytes]:
    try:
        found = _JSON.decode(body or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidRequest("The request body is not valid JSON.") from None
    content = b""
    for name in LONG & found.keys():
        value = found.pop(name)
        if not isinstance(value, str):
            raise InvalidRequest(f"$.{name}: expected base64", name)
        content = decoded(value)
    if any(not isinstance(value, str | int) or isinstance(value, bool) for value in found.values()):
        raise InvalidRequest("$: expected texts and whole numbers")
    return {name: str(value) for name, value in found.items()}, content


def known(fields: Fields, names: set[str]) -> None:
    """Refuse a field that there is not. Raises InvalidRequest."""
    for name in fields.keys() - names:
        raise InvalidRequest(f"$.{name[:100]}: there is no such property, and none may be added", name[:100])


def whole_number(fields: Fields, name: str) -> int:
    """A field that is a whole number. Raises InvalidRequest."""
    text = fields.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise InvalidRequest(f"$.{name}: expected a whole number", name, (text[:100],))
    return int(text)


async def _commanded(call: Call[Any, Any], command: str, fields: Fields, content: bytes) -> Reply:
    """One step of an upload, as older clients ask for it."""
    if command == "INIT":
        refuse_owners(fields.get("additional_owners"))
        size = whole_number(fields, "total_bytes")
        row = await begin(call, fields.get("media_category", ""), fields.get("media_type", ""), size)
        return _told(call, row)
    media_id = whole_id(fields.get("media_id", ""), "media_id")
    if command == "APPEND":
        await append(call, media_id, whole_number(fields, "segment_index"), content)
        return Reply(None, 204)
    if command == "FINALIZE":
        return _told(call, await finish(call, media_id))
    raise InvalidRequest("$.command: not one of INIT, APPEND, FINALIZE, STATUS", "command", (command,))


def _told(call: Call[Any, Any], row: MediaRow) -> Reply:
    return Reply(uploaded(row, seconds_left(row, call.db.now)))


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise InvalidRequest("A field of the multipart body is not UTF-8.") from None
