"""Subtitles of videos on v2: a file that was uploaded, attached to a video in a language."""

from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest
from volary.api.limits import limits, per_day
from volary.api.operation import operation
from volary.api.query import NoQuery, whole_id
from volary.media.actions.subtitling import add_subtitles, remove_subtitles
from volary.media.api.needs import WRITE
from volary.media.errors import NotReady, TooManyLanguages
from volary.media.shapes import AddSubtitles, RemoveSubtitles

_LIMITS = limits(user=100, app=(per_day(10_000),))


@operation("POST", "/2/media/subtitles", need=WRITE, limits=_LIMITS, body=AddSubtitles)
async def add(call: Call[NoQuery, AddSubtitles]) -> Reply:
    """Give a video of one's own subtitles in a language."""
    body, said = call.body, call.body.subtitles
    try:
        await call.db.write(
            add_subtitles,
            call.caller,
            whole_id(body.id, "id"),
            said.language_code,
            whole_id(said.id, "subtitles.id"),
            said.display_name,
        )
    except NotReady:
        raise _wrong_kind() from None
    except TooManyLanguages as refusal:
        raise InvalidRequest(str(refusal), "subtitles") from None
    shown = {"id": said.id, "language_code": said.language_code, "display_name": said.display_name}
    data = {"id": body.id, "media_category": body.media_category, "associated_subtitles": shown}
    return Reply({"data": data})


@operation("DELETE", "/2/media/subtitles", need=WRITE, limits=_LIMITS, body=RemoveSubtitles)
async def remove(call: Call[NoQuery, RemoveSubtitles]) -> Reply:
    """Take a language's subtitles off a video."""
    body = call.body
    try:
        gone = await call.db.write(remove_subtitles, call.caller, whole_id(body.id, "id"), body.language_code)
    except NotReady:
        raise _wrong_kind() from None
    return Reply({"data": {"deleted": gone}})


def _wrong_kind() -> InvalidRequest:
    return InvalidRequest("Subtitles are a file of subtitles that was read, for a video.", "id")
