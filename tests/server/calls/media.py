"""Calls of the media room."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import msgspec

from tests.media.making import begun, made
from tests.media.samples import multipart, picture, subtitles, video
from tests.server.calls.asking import JSON, MARKER, Ask, Case, Making, at, calling
from tests.server.house import House
from volary.accounts.actions import change_picture
from volary.graph.actions.blocks import block
from volary.media.shapes import media_key

_MADE: WeakKeyDictionary[object, dict[str, Any]] = WeakKeyDictionary()
T = TypeVar("T")


async def _once(house: House, name: str, make: Callable[[], Awaitable[T]]) -> T:
    """What can be asked for again and again, made once in a house: reading a picture takes a process."""
    there = _MADE.setdefault(house.application, {})
    if name not in there:
        there[name] = await make()
    found: T = there[name]
    return found


def _file(path: str, **fields: str) -> Making:
    """A request with a small picture. `{upload}` in the path is an upload of ann's that waits for it."""

    async def ask(house: House) -> Ask:
        target = path
        if "{upload}" in path:
            target = path.replace("{upload}", str(await begun(house, house.cast.ann)))
        body, kind = multipart(fields, media=b"x" if fields.get("segment_index") else picture())
        return Ask(target, body, kind)

    return ask


async def _initialize(house: House) -> Ask:
    body = {"media_type": "image/png", "media_category": "tweet_image", "total_bytes": 1000}
    return Ask("/2/media/upload/initialize", msgspec.json.encode(body), JSON)


def _on_upload(target: str, whose: str = "ann") -> Making:
    """A request for a target in which `{upload}` stands for an upload that has come in."""

    async def ask(house: House) -> Ask:
        return Ask(target.replace("{upload}", str(await begun(house, getattr(house.cast, whose), picture()))))

    return ask


def _on_media(
    target: str, whose: str = "ann", text: str = "", *, attached: bool = True, blocks: bool = False
) -> Making:
    """A request for a target in which `{key}` stands for a media."""

    async def ask(house: House) -> Ask:
        owner = getattr(house.cast, whose)
        row = await _once(
            house, f"{whose} {text} {attached} {blocks}", lambda: made(house, owner, text=text, attached=attached)
        )
        if blocks:
            await house.db.write(block, calling(owner), house.cast.ann.id)
        return Ask(target.replace("{key}", media_key(row)))

    return ask


def _describing(path: str, name: str, whose: str = "ann") -> Making:
    async def ask(house: House) -> Ask:
        media_id = await _once(house, f"upload of {whose}", lambda: begun(house, getattr(house.cast, whose), b"x"))
        text = {"alt_text": {"text": "A slope from dark to light"}}
        body = {name: str(media_id), **(text if name == "media_id" else {"metadata": text})}
        return Ask(path, msgspec.json.encode(body), JSON)

    return ask


def _portrait(name: str, part: str) -> Making:
    async def ask(house: House) -> Ask:
        body, kind = multipart({}, **{part: picture()})
        return Ask(f"/1.1/account/{name}.json", body, kind)

    return ask


async def _banner(house: House) -> Ask:
    carol = house.cast.carol
    await house.db.write(change_picture, calling(carol), "banner", "a" * 26)
    return Ask("/1.1/users/profile_banner.json?screen_name=carol_c")


async def _clip(house: House) -> tuple[int, int]:
    """A video of ann's and a file of subtitles."""
    row = await _once(house, "a video", lambda: made(house, house.cast.ann, video(), "tweet_video", attached=True))
    words = await made(house, house.cast.ann, subtitles(), "subtitles")
    return row.id, words.id


async def _subtitles(house: House) -> Ask:
    clip, words = await _clip(house)
    said = {"id": str(words), "language_code": "EN", "display_name": "English"}
    body = {"id": str(clip), "media_category": "TweetVideo", "subtitles": said}
    return Ask("/2/media/subtitles", msgspec.json.encode(body), JSON)


async def _no_subtitles(house: House) -> Ask:
    clip, _ = await _clip(house)
    body = {"id": str(clip), "media_category": "TweetVideo", "language_code": "EN"}
    return Ask("/2/media/subtitles", msgspec.json.encode(body), JSON)


def _segment_of_carol() -> Making:
    async def ask(house: House) -> Ask:
        body, kind = multipart({"segment_index": "0"}, media=b"x")
        return Ask(f"/2/media/upload/{await begun(house, house.cast.carol)}/append", body, kind)

    return ask


ASK: dict[str, Making] = {
    "POST /2/media/upload": _file("/2/media/upload", media_category="tweet_image"),
    "POST /2/media/upload/initialize": _initialize,
    "POST /2/media/upload/{id}/append": _file("/2/media/upload/{upload}/append", segment_index="0"),
    "POST /2/media/upload/{id}/finalize": _on_upload("/2/media/upload/{upload}/finalize"),
    "GET /2/media/upload": _on_upload("/2/media/upload?command=STATUS&media_id={upload}"),
    "GET /2/media": _on_media("/2/media?media_keys={key}"),
    "GET /2/media/{media_key}": _on_media("/2/media/{key}"),
    "POST /2/media/metadata": _describing("/2/media/metadata", "id"),
    "POST /1.1/media/upload.json": _file("/1.1/media/upload.json"),
    "GET /1.1/media/upload.json": _on_upload("/1.1/media/upload.json?command=STATUS&media_id={upload}"),
    "GET /2/media/analytics": _on_media(
        "/2/media/analytics?media_keys={key}&start_time=2020-01-01T00:00:00Z&end_time=2040-01-01T00:00:00Z"
    ),
    "POST /2/media/subtitles": _subtitles,
    "DELETE /2/media/subtitles": _no_subtitles,
    "POST /1.1/account/update_profile_image.json": _portrait("update_profile_image", "image"),
    "POST /1.1/account/update_profile_banner.json": _portrait("update_profile_banner", "banner"),
    "POST /1.1/account/remove_profile_banner.json": at("/1.1/account/remove_profile_banner.json"),
    "GET /1.1/users/profile_banner.json": _banner,
    "POST /1.1/media/metadata/create.json": _describing("/1.1/media/metadata/create.json", "media_id"),
}

REFUSED: dict[str, tuple[Case, ...]] = {
    "GET /2/media": (
        Case("wrong owner", _on_media("/2/media?media_keys={key}", "carol", MARKER, attached=False), 200),
        Case("protected", _on_media("/2/media?media_keys={key}", "bob", MARKER), 200),
        Case("blocked", _on_media("/2/media?media_keys={key}", "carol", MARKER, blocks=True), 200),
    ),
    "GET /2/media/{media_key}": (
        Case("wrong owner", _on_media("/2/media/{key}", "carol", MARKER, attached=False), 200),
        Case("protected", _on_media("/2/media/{key}", "bob", MARKER), 200),
        Case("blocked", _on_media("/2/media/{key}", "carol", MARKER, blocks=True), 200),
    ),
    "GET /2/media/analytics": (
        Case(
            "wrong owner",
            _on_media(
                "/2/media/analytics?media_keys={key}&start_time=2020-01-01T00:00:00Z&end_time=2040-01-01T00:00:00Z",
                "carol",
                MARKER,
            ),
            200,
        ),
    ),
    "GET /2/media/upload": (Case("wrong owner", _on_upload("/2/media/upload?media_id={upload}", "carol"), 404),),
    "POST /2/media/upload/{id}/append": (Case("wrong owner", _segment_of_carol(), 404),),
    "POST /2/media/upload/{id}/finalize": (
        Case("wrong owner", _on_upload("/2/media/upload/{upload}/finalize", "carol"), 404),
    ),
    "POST /2/media/metadata": (Case("wrong owner", _describing("/2/media/metadata", "id", "carol"), 404),),
}
