"""Uploads on v1.1, as tweepy makes them: thin views of the same acts (X facts 5.6, 7.1)."""

from typing import Any

import msgspec

from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest, Numbered
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.query import NoQuery
from volary.kit.ids import id_in
from volary.media.actions.describing import describe
from volary.media.api.needs import STATUS_V1, WRITE_V1
from volary.media.api.receiving import BODY_LIMIT, append, begin, finish, own, refuse_owners, seconds_left, whole
from volary.media.api.upload import sent, whole_number
from volary.media.errors import MediaNotFound, TooLargeToKeep, TooMuchWaiting, Unreadable, WrongSegments
from volary.media.models import MediaRow
from volary.media.rules.limits import LONGEST_ALT_TEXT
from volary.media.shapes import DescribeV1, uploaded_v1

_LIMITS = limits(user=1875)


class StatusQuery(msgspec.Struct, frozen=True):
    """Which upload is asked about."""

    media_id: str = ""
    command: str = ""


class UploadQuery(msgspec.Struct, frozen=True):
    """What some clients say in the query instead of in the body."""

    command: str = ""
    media_id: str = ""
    media_type: str = ""
    media_category: str = ""
    total_bytes: str = ""
    segment_index: str = ""
    additional_owners: str = ""
    shared: str = ""


@operation(
    "POST",
    "/1.1/media/upload.json",
    need=WRITE_V1,
    limits=_LIMITS,
    query=UploadQuery,
    body_limit=BODY_LIMIT,
    large=True,
)
async def upload(call: Call[UploadQuery, None]) -> Reply:
    """Send a file in one piece, or take one step of an upload in segments."""
    try:
        return await _upload(call)
    except MediaNotFound:
        raise Numbered(400, 324, "The validation of media ids failed.") from None
    except (Unreadable, WrongSegments, TooMuchWaiting) as refusal:
        raise Numbered(400, 324, str(refusal), refusal.why) from None
    except TooLargeToKeep as refusal:
        raise Numbered(400, 324, str(refusal)) from None
    except InvalidRequest as refusal:
        raise Numbered(400, 38, str(refusal)) from None


async def _upload(call: Call[UploadQuery, None]) -> Reply:
    fields, content = sent(call) if call.raw.body else ({}, b"")
    said = {name: text for name, text in msgspec.structs.asdict(call.query).items() if text}
    fields = said | fields
    refuse_owners(fields.get("additional_owners"))
    command = fields.get("command", "").upper()
    if not command:
        return _told(call, await whole(call, fields.get("media_category", ""), content))
    if command == "INIT":
        size = whole_number(fields, "total_bytes")
        row = await begin(call, fields.get("media_category", ""), fields.get("media_type", ""), size)
        return _told(call, row, 202)
    media_id = _id(fields.get("media_id", ""))
    if command == "APPEND":
        await append(call, media_id, whole_number(fields, "segment_index"), content)
        return Reply(None, 204)
    if command == "FINALIZE":
        return _told(call, await finish(call, media_id), 201)
    raise InvalidRequest("command parameter is invalid")


@operation("GET", "/1.1/media/upload.json", need=STATUS_V1, limits=_LIMITS, query=StatusQuery)
async def status(call: Call[StatusQuery, None]) -> Reply:
    """How far an upload is: whether segments are missing, or the file is still processed."""
    if call.query.command.upper() != "STATUS":
        raise Numbered(400, 38, "command parameter is missing.")
    try:
        return _told(call, await own(call, _id(call.query.media_id)))
    except MediaNotFound:
        raise Numbered(404, 34, "Sorry, that page does not exist.") from None


@operation("POST", "/1.1/media/metadata/create.json", need=WRITE_V1, limits=_LIMITS)
async def create_metadata(call: Call[NoQuery, None]) -> Reply:
    """Say what a media of one's own shows. The body is JSON, whatever its Content-Type says: clients differ."""
    try:
        body = msgspec.json.decode(call.raw.body or b"{}", type=DescribeV1)
        text = body.alt_text.text if body.alt_text else None
        warned = None if body.sensitive_media_warning is None else bool(body.sensitive_media_warning)
        await call.db.write(describe, call.caller, _id(str(body.media_id)), text, sensitive=warned)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        message = f"media_id is required, and alt_text.text has at most {LONGEST_ALT_TEXT} characters."
        raise Numbered(400, 38, message) from None
    except MediaNotFound:
        raise Numbered(400, 324, "The validation of media ids failed.") from None
    return Reply({})


def _id(text: str) -> int:
    found = id_in(text)
    if found is None:
        raise MediaNotFound
    return found


def _told(call: Call[Any, Any], row: MediaRow, status: int = 0) -> Reply:
    return Reply(uploaded_v1(row, seconds_left(row, call.db.now)), status)
