"""Media on X's wire: the v2 object, and what uploads answer on v2 and v1.1 (X facts 5.2, 5.6)."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec

from volary.access.caller import Caller, Scheme
from volary.api.errors import InvalidRequest
from volary.api.kinds import Kind, View, field
from volary.api.query import Id
from volary.db import Reader
from volary.kit.ids import LARGEST_ID
from volary.kit.secrets import Keyring
from volary.media.models import FAILED, OPEN, READING, READY, MediaRow
from volary.media.queries import media_by_ids
from volary.media.rules.addresses import address, signed_for
from volary.media.rules.keys import GIF, PHOTO, SUBTITLES, VIDEO, key_of

_CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "mp4": "video/mp4"}


def media_key(row: MediaRow) -> str:
    """X's key of a media."""
    return key_of(row.kind, row.category, row.id)


def id_in_key(text: str, parameter: str) -> int:
    """The id in a media key. Raises InvalidRequest."""
    kind, _, number = text.partition("_")
    if not (text.isascii() and kind.isdigit() and number.isdigit() and len(number) <= 19):
        message = f"The `{parameter}` query parameter value [{text[:100]}] does not match ^([0-9]+)_([0-9]+)$"
        raise InvalidRequest(message, parameter, (text[:100],))
    return min(int(number), LARGEST_ID)


async def media_for(reader: Reader, caller: Caller, ids: Sequence[int]) -> list[MediaRow]:
    """Those of the media that a caller may see; what was only sent with messages is for those who may read messages (SR-187). Files
    of subtitles belong to their videos and are no media of their own.
    """
    messages = caller.scheme is Scheme.SESSION or "dm.read" in caller.scopes
    rows = await media_by_ids(reader, caller.account_id or 0, ids, messages=messages)
    return [row for row in rows if row.kind != SUBTITLES]


def _duration(row: MediaRow, view: View) -> int | None:
    return row.duration_ms if row.kind == VIDEO else None


def _public_metrics(row: MediaRow, view: View) -> dict[str, int] | None:
    return {"view_count": row.view_count} if row.kind == VIDEO else None


MEDIA = Kind(
    name="media",
    bucket=("media", "media"),
    fields=(
        field("media_key", lambda row, view: media_key(row)),
        field("type", lambda row, view: row.kind),
        field("alt_text", lambda row, view: row.alt_text or None),
        field("duration_ms", _duration),
        field("height", lambda row, view: row.height),
        field("width", lambda row, view: row.width),
        field("public_metrics", _public_metrics),
    ),
    default=frozenset({"media_key", "type"}),
    load=media_for,
)
"""How media are shaped. Addresses come from the providers below: those of what not everybody may see are signed for the viewer."""


def _address(reader: Reader, row: MediaRow, view: View, ending: str) -> str:
    signature = {} if row.open else signed_for(reader.keys, row.name, view.caller.account_id or 0, reader.now)
    return address(view.base, row.name, ending, signature)


async def url(reader: Reader, rows: Sequence[MediaRow], view: View) -> Mapping[int, object]:
    """Where pictures are found. GIFs and videos have variants instead."""
    return {row.id: _address(reader, row, view, row.format) for row in rows if row.kind == PHOTO}


async def preview_image_url(reader: Reader, rows: Sequence[MediaRow], view: View) -> Mapping[int, object]:
    """Where the still pictures of GIFs and videos are found."""
    return {row.id: _address(reader, row, view, "jpg") for row in rows if row.kind in {GIF, VIDEO}}


async def variants(reader: Reader, rows: Sequence[MediaRow], view: View) -> Mapping[int, object]:
    """The files of GIFs and videos."""
    return {row.id: [_variant(reader, row, view)] for row in rows if row.kind in {GIF, VIDEO}}


def _variant(reader: Reader, row: MediaRow, view: View) -> dict[str, object]:
    return {
        "bit_rate": row.bit_rate,
        "content_type": _CONTENT_TYPES[row.format],
        "url": _address(reader, row, view, row.format),
    }


_SIZES = {"thumb": (150, "crop"), "small": (680, "fit"), "medium": (1200, "fit"), "large": (2048, "fit")}


def media_v1(
    row: MediaRow, post: tuple[int, str], viewer: int, base: str, keys: Keyring, now: int
) -> dict[str, object]:
    """A media as v1.1's statuses show it (X facts 7.4). `post` is the post's id and its author's username."""
    signature = {} if row.open else signed_for(keys, row.name, viewer, now)
    ending = row.format if row.kind == PHOTO else "jpg"
    found = address(base, row.name, ending, signature)
    shown = f"{base}/{post[1]}/status/{post[0]}/{'photo' if row.kind == PHOTO else 'video'}/1"
    shape: dict[str, object] = {
        "id": row.id,
        "id_str": str(row.id),
        "media_url": found,
        "media_url_https": found,
        "url": shown,
        "display_url": shown.split("://", 1)[-1],
        "expanded_url": shown,
        "type": row.kind,
        "indices": [0, 0],
        "sizes": {name: _size(row, side, how) for name, (side, how) in _SIZES.items()},
        "ext_alt_text": row.alt_text or None,
    }
    if row.kind != PHOTO:
        variant = {
            "bitrate": row.bit_rate,
            "content_type": _CONTENT_TYPES[row.format],
            "url": address(base, row.name, row.format, signature),
        }
        length = {"duration_millis": row.duration_ms} if row.kind == VIDEO else {}
        shape["video_info"] = {"aspect_ratio": [row.width, row.height], "variants": [variant], **length}
    return shape


def _size(row: MediaRow, side: int, how: str) -> dict[str, object]:
    if how == "crop":
        return {"w": min(side, row.width), "h": min(side, row.height), "resize": how}
    part = min(1.0, side / max(row.width, row.height, 1))
    return {"w": round(row.width * part), "h": round(row.height * part), "resize": how}


# ----------------------------------------------------------------------------------------------------------------- uploads

_PROCESSING = {READING: "in_progress", READY: "succeeded", FAILED: "failed"}


class Initialize(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /2/media/upload/initialize`."""

    total_bytes: Annotated[int, msgspec.Meta(ge=0, le=17_179_869_184)]
    media_type: Annotated[str, msgspec.Meta(max_length=100)]
    media_category: Annotated[str, msgspec.Meta(max_length=50)] = ""
    additional_owners: Annotated[list[Id], msgspec.Meta(max_length=100)] = []
    shared: bool = False


def uploaded(row: MediaRow, left: int) -> dict[str, object]:
    """What v2 tells of an upload. `left` is how many seconds it waits for its first use."""
    told: dict[str, object] = {"id": str(row.id), "media_key": media_key(row), "expires_after_secs": left}
    if row.state != OPEN:
        told["size"] = row.size
    if row.kind == PHOTO and row.state == READY:
        told["image"] = {"image_type": _CONTENT_TYPES[row.format], "w": row.width, "h": row.height}
    told.update(_told_of_video(row))
    return {"data": told}


def uploaded_v1(row: MediaRow, left: int) -> dict[str, object]:
    """What v1.1 tells of an upload."""
    told: dict[str, object] = {
        "media_id": row.id,
        "media_id_string": str(row.id),
        "media_key": media_key(row),
        "expires_after_secs": left,
    }
    if row.state != OPEN:
        told["size"] = row.size
    if row.kind in {PHOTO, GIF} and row.state == READY:
        told["image"] = {"image_type": _CONTENT_TYPES[row.format], "w": row.width, "h": row.height}
    told.update(_told_of_video(row))
    return told


def _told_of_video(row: MediaRow) -> dict[str, object]:
    """Videos are read after the answer: clients ask for the status until they are."""
    if row.kind != VIDEO or row.state == OPEN:
        return {}
    state: dict[str, object] = {"state": _PROCESSING[row.state]}
    if row.state == READING:
        state["check_after_secs"] = 1
    if row.state == READY:
        state["progress_percent"] = 100
    return {"video": {"video_type": "video/mp4"}, "processing_info": state}


# ------------------------------------------------------------------------------------------------------------- description


class AltText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a media shows."""

    text: Annotated[str, msgspec.Meta(max_length=1000)]


class Metadata(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be said about a media. The others are not served, and refused when sent."""

    alt_text: AltText | None = None
    sensitive_media_warning: dict[str, bool] | None = None
    allow_download_status: Any = None
    audience_policy: Any = None
    content_expiration: Any = None
    domain_restrictions: Any = None
    found_media_origin: Any = None
    geo_restrictions: Any = None
    management_info: Any = None
    preview_image: Any = None
    shared_info: Any = None
    sticker_info: Any = None
    upload_source: Any = None


NOT_SERVED = tuple(name for name in Metadata.__struct_fields__ if name not in {"alt_text", "sensitive_media_warning"})


class Describe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /2/media/metadata`."""

    id: Id
    metadata: Metadata = Metadata()


class NewSubtitles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Subtitles in one language: the file that was uploaded."""

    id: Id
    language_code: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]
    display_name: Annotated[str, msgspec.Meta(max_length=100)] = ""


Category = Literal["AmplifyVideo", "TweetVideo"]


class AddSubtitles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /2/media/subtitles`."""

    id: Id
    media_category: Category
    subtitles: NewSubtitles


class RemoveSubtitles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `DELETE /2/media/subtitles`."""

    id: Id
    media_category: Category
    language_code: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]


class DescribeV1(msgspec.Struct, frozen=True):
    """The body of `media/metadata/create`; other members are passed over, as v1.1 does."""

    media_id: str | int
    alt_text: AltText | None = None
    sensitive_media_warning: list[str] | None = None
