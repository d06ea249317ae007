"""Sending files: in one piece, in segments, over both versions of the API, and reading them again."""

import asyncio
import base64
import io
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.media.making import made
from tests.media.samples import animation, multipart, picture, video
from tests.server.contract import differences, response
from tests.server.house import Bearer, Got, House
from volary.kit.clock import DAY, HOUR
from volary.media.queries import own_media

FIELDS = "media.fields=alt_text,duration_ms,height,width,url,preview_image_url,variants,public_metrics"


async def send(house: House, who: Bearer, content: bytes, **fields: str) -> Got:
    body, kind = multipart(fields, media=content)
    return await house.send("POST", "/2/media/upload", who, body=body, kind=kind)


async def settled(house: House, who: Bearer, media_id: str) -> dict[str, object]:
    """What is told of a video's reading when it is over."""
    for _ in range(600):
        got = await house.get(f"/2/media/upload?media_id={media_id}", who)
        told: dict[str, object] = got.json["data"]["processing_info"]
        if told["state"] != "in_progress":
            return told
        await asyncio.sleep(0.1)
    raise AssertionError("a minute was not enough")


async def fetched(house: House, url: str, **more: Any) -> Got:
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return await house.send("GET", target, **more)


@pytest.mark.parametrize(
    ("kind", "content_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/jpeg")]
)
async def test_a_picture_in_one_piece(each_house: House, kind: str, content_type: str) -> None:
    who = await each_house.bearer(each_house.cast.ann)
    content = picture(kind)
    got = await send(each_house, who, content, media_category="tweet_image")
    assert got.status == 200, got.body
    told = got.json["data"]
    assert told == {
        "id": told["id"],
        "media_key": f"3_{told['id']}",
        "expires_after_secs": 86_400,
        "size": len(content),
        "image": {"image_type": content_type, "w": 320, "h": 200},
    }
    assert differences(got.json, response("POST", "/2/media/upload", 200)) == []
    read = (await each_house.get(f"/2/media/{told['media_key']}?{FIELDS}", who)).json["data"]
    assert (read["type"], read["width"], read["height"]) == ("photo", 320, 200)
    bytes_of_it = await fetched(each_house, read["url"])
    assert (bytes_of_it.status, bytes_of_it.header("content-type")) == (200, content_type)
    with Image.open(io.BytesIO(bytes_of_it.body)) as shown:
        assert shown.size == (320, 200)


async def test_a_picture_as_base64_in_json(each_house: House) -> None:
    who = await each_house.bearer(each_house.cast.ann)
    for text in (base64.b64encode(picture()), base64.urlsafe_b64encode(picture()).rstrip(b"=")):
        body = {"media": text.decode(), "media_category": "tweet_image"}
        got = await each_house.json("POST", "/2/media/upload", who, body)
        assert got.json["data"]["image"] == {"image_type": "image/png", "w": 320, "h": 200}


async def test_segments_by_paths(each_house: House) -> None:
    who = await each_house.bearer(each_house.cast.ann)
    content = picture("JPEG", 900, 700)
    half = len(content) // 2
    asked = {"media_type": "image/jpeg", "media_category": "tweet_image", "total_bytes": len(content)}
    begun = (await each_house.json("POST", "/2/media/upload/initialize", who, asked)).json["data"]
    assert begun == {"id": begun["id"], "media_key": f"3_{begun['id']}", "expires_after_secs": 86_400}
    path = f"/2/media/upload/{begun['id']}"
    early = await each_house.send("POST", f"{path}/finalize", who)
    assert (early.status, early.json["detail"]) == (400, "Segments do not add up to provided total file size.")
    body, kind = multipart({"segment_index": "1"}, media=content[half:])
    got = await each_house.send("POST", f"{path}/append", who, body=body, kind=kind)
    assert got.json == {"data": {"expires_at": (each_house.clock.now() + DAY) // 1000}}
    first = {"media": base64.b64encode(b"x" * half).decode(), "segment_index": 0}
    for _ in range(2):  # one that was sent wrongly is sent again
        assert (await each_house.json("POST", f"{path}/append", who, first)).status == 200
        first["media"] = base64.b64encode(content[:half]).decode()
    again = await each_house.json("POST", f"{path}/append", who, first | {"segment_index": 2})
    assert again.status == 400
    done = await each_house.send("POST", f"{path}/finalize", who)
    assert done.json["data"]["image"] == {"image_type": "image/jpeg", "w": 900, "h": 700}
    assert (await each_house.send("POST", f"{path}/finalize", who)).status == 404  # it was taken
    status = await each_house.get(f"/2/media/upload?media_id={begun['id']}&command=STATUS", who)
    assert status.json["data"]["size"] == len(content)


async def test_segments_by_commands(each_house: House) -> None:
    who = await each_house.signed(each_house.cast.ann)
    content = animation()
    form = f"command=INIT&media_type=image%2Fgif&total_bytes={len(content)}&media_category=tweet_gif".encode()
    kind = "application/x-www-form-urlencoded"
    for path, statuses in (("/2/media/upload", (200, 204, 200)), ("/1.1/media/upload.json", (202, 204, 201))):
        begun = await each_house.send("POST", path, who, body=form, kind=kind)
        assert begun.status == statuses[0], begun.body
        media_id = begun.json["data"]["id"] if path.startswith("/2") else begun.json["media_id_string"]
        body, parts = multipart({"command": "APPEND", "media_id": media_id, "segment_index": "0"}, media=content)
        got = await each_house.send("POST", path, who, body=body, kind=parts)
        assert got.status == statuses[1]
        ending = f"command=FINALIZE&media_id={media_id}".encode()
        done = await each_house.send("POST", path, who, body=ending, kind=kind)
        assert done.status == statuses[2]
        read = (await each_house.get(f"/2/media/16_{media_id}?{FIELDS}", who)).json["data"]
        assert (read["type"], read["variants"][0]["content_type"]) == ("animated_gif", "image/gif")
        for url, content_type in ((read["variants"][0]["url"], "image/gif"), (read["preview_image_url"], "image/jpeg")):
            shown = await fetched(each_house, url)
            assert (shown.status, shown.header("content-type")) == (200, content_type)


async def test_a_video_is_read_after_the_answer_and_keeps_no_place(each_house: House) -> None:
    who = await each_house.bearer(each_house.cast.ann)
    content = video(place="+52.3702+4.8952/")
    assert b"+52.3702" in content
    got = await send(each_house, who, content, media_category="tweet_video")
    told = got.json["data"]
    assert told["processing_info"] == {"state": "in_progress", "check_after_secs": 1}
    status = await settled(each_house, who, told["id"])
    assert status == {"state": "succeeded", "progress_percent": 100}
    read = (await each_house.get(f"/2/media/7_{told['id']}?{FIELDS}", who)).json["data"]
    assert (read["type"], read["duration_ms"], read["width"]) == ("video", 1000, 160)
    shown = await fetched(each_house, read["variants"][0]["url"])
    assert (shown.status, shown.header("content-type")) == (200, "video/mp4")
    assert b"+52.3702" not in shown.body
    part = await fetched(each_house, read["variants"][0]["url"], headers=[("range", "bytes=4-7")])
    assert (part.status, part.body, part.header("content-range")) == (206, b"ftyp", f"bytes 4-7/{len(shown.body)}")


async def test_what_is_said_about_a_picture_is_read_again(each_house: House) -> None:
    ann, who = each_house.cast.ann, await each_house.bearer(each_house.cast.ann)
    row = await made(each_house, ann)
    said = {"id": str(row.id), "metadata": {"alt_text": {"text": "A slope"}}}
    got = await each_house.json("POST", "/2/media/metadata", who, said)
    assert got.json == {"data": {"id": str(row.id), "associated_metadata": {"alt_text": {"text": "A slope"}}}}
    read = await each_house.get(f"/2/media?media_keys=3_{row.id}&media.fields=alt_text", who)
    assert read.json["data"] == [{"media_key": f"3_{row.id}", "type": "photo", "alt_text": "A slope"}]
    warning = {"id": str(row.id), "metadata": {"sensitive_media_warning": {"adult_content": True}}}
    assert (await each_house.json("POST", "/2/media/metadata", who, warning)).status == 200
    assert (await each_house.json("POST", "/2/media/metadata", who, said)).status == 200
    (kept,) = await own_media(each_house.db, ann.id, [row.id])
    assert (kept.alt_text, kept.sensitive) == ("A slope", 1)
    signed = await each_house.signed(ann)
    for body in ({"media_id": str(row.id)}, {"media_id": str(row.id), "alt_text": {"text": "Slopes"}}):
        assert (await each_house.json("POST", "/1.1/media/metadata/create.json", signed, body)).status == 200
    (kept,) = await own_media(each_house.db, ann.id, [row.id])
    assert (kept.alt_text, kept.sensitive) == ("Slopes", 1)
    said["metadata"] = {"alt_text": {"text": ""}, "sensitive_media_warning": {"adult_content": False}}
    assert (await each_house.json("POST", "/2/media/metadata", who, said)).status == 200
    (kept,) = await own_media(each_house.db, ann.id, [row.id])
    assert (kept.alt_text, kept.sensitive) == ("", 0)
    long = said | {"metadata": {"alt_text": {"text": "x" * 1001}}}
    assert (await each_house.json("POST", "/2/media/metadata", who, long)).status == 400


async def test_an_upload_that_nobody_used_is_gone_after_a_day(house: House) -> None:
    who = await house.bearer(house.cast.carol)
    row = await made(house, house.cast.carol)
    house.clock.advance(DAY - HOUR)
    got = await house.get(f"/2/media/upload?media_id={row.id}", who := await house.bearer(house.cast.carol))
    assert got.json["data"]["expires_after_secs"] == 3600
    house.clock.advance(HOUR)
    who = await house.bearer(house.cast.carol)
    assert (await house.get(f"/2/media/upload?media_id={row.id}", who)).status == 404
