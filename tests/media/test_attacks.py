"""Files that are made to hurt whoever reads, keeps or shows them."""

import asyncio
import io
import os
import struct
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image

from tests.media.making import begun, made
from tests.media.samples import animation, drawn, multipart, picture, saved, video
from tests.media.test_uploads import fetched, send, settled
from tests.server.house import HOST, Bearer, House, asked
from volary.access.caller import in_person
from volary.kit.clock import DAY
from volary.media.actions.sending import end_upload
from volary.media.jobs import STUCK, sweep
from volary.media.models import FAILED
from volary.media.queries import own_upload
from volary.media.rules.folder import Folder
from volary.media.rules.limits import MIB
from volary.media.rules.ranges import Span, span_of
from volary.media.rules.readers import Readers


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *chunks: bytes, pixels: bytes | None = None) -> bytes:
    """A grey PNG with further chunks before its pixels."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes((width + 1) * height) if pixels is None else pixels))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + body + chunk(b"IEND", b"")


BOMB = zlib.compress(bytes(200 * MIB), 9)
"""200 KB that unpack to 200 MB."""


def marked_jpeg(count: int) -> bytes:
    """A JPEG with many comments in front of its picture."""
    content = picture("JPEG")
    return content[:2] + b"\xff\xfe\x00\x03x" * count + content[2:]


BOMBS = {
    "a text": png(20, 20, chunk(b"zTXt", b"Comment\0\0" + BOMB)),
    "a colour profile": png(20, 20, chunk(b"iCCP", b"profile\0\0" + BOMB)),
    "an international text": png(20, 20, chunk(b"iTXt", b"Comment\0\1\0\0\0" + BOMB)),
    "60,000 markers": marked_jpeg(60_000),
    "pixels without end": png(60_000, 60_000, pixels=b""),
    "fifty million pixels": png(7_200, 7_200, pixels=bytes(7_201 * 7_200)),
    "one long line": png(100_000, 1),
    "more pixels than it says": png(20, 20, pixels=bytes(100 * MIB)),
}


async def upload(house: House, content: bytes, category: str = "tweet_image") -> int:
    """Send a file; the status. What was refused is left nowhere."""
    who = await house.bearer(house.cast.ann)
    got = await send(house, who, content, media_category=category)
    if got.status == 200:
        read = await house.get(f"/2/media/3_{got.json['data']['id']}?media.fields=url", who)
        shown = await fetched(house, read.json["data"]["url"])
        with Image.open(io.BytesIO(shown.body)) as image:
            assert set(image.info) <= {
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
                "progressive",
                "progression",
            }
        assert len(shown.body) < MIB
    assert not any((house.application.resources[Folder].path or Path()).glob("incoming/*")), "something was left"
    return got.status


@pytest.mark.attack("SR-268")
@pytest.mark.parametrize("name", BOMBS)
async def test_a_bomb_is_refused_or_does_not_go_off(house: House, name: str) -> None:
    others: list[int] = []

    async def look() -> None:
        others.append((await house.get("/2/users/me", await house.bearer(house.cast.carol))).status)

    status, *_ = await asyncio.gather(upload(house, BOMBS[name]), *(look() for _ in range(5)))
    assert status in {200, 400}
    assert others == [200] * 5
    if name in {"pixels without end", "fifty million pixels", "one long line"}:
        assert status == 400


FOREIGN = {
    "PSD": b"8BPS\x00\x01" + bytes(6) + struct.pack(">HIIHH", 3, 20, 20, 8, 3) + bytes(2000),
    "FITS": b"SIMPLE  =                    T".ljust(80) + b"BITPIX  =                    8".ljust(80) + bytes(6000),
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 20 20\n%%EndComments\nshowpage\n",
    "PDF": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF",
    "TIFF": saved(drawn(), "TIFF"),
    "ICO": saved(drawn(64, 64), "ICO"),
    "BMP": saved(drawn(), "BMP"),
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>',
    "MPO": saved(drawn(), "MPO", save_all=True, append_images=[drawn(shift=9)]),
    "JPEG2000": bytes.fromhex("0000000c6a5020200d0a870a") + b"\x00\x00\x00\x14ftypjp2 " + bytes(900),
    "TGA": saved(drawn(), "TGA"),
    "PPM": saved(drawn(), "PPM"),
    "AVIF": b"\x00\x00\x00\x20ftypavif\x00\x00\x00\x00avifmif1miaf" + bytes(900),
    "ZIP": b"PK\x03\x04" + bytes(900),
    "ELF": b"\x7fELF" + bytes(900),
    "nothing": bytes(1000),
    "a page": b"<!doctype html><script>alert(1)</script>",
}


@pytest.mark.attack("SR-269")
@pytest.mark.parametrize("name", FOREIGN)
async def test_no_other_format_is_ever_decoded(house: House, name: str) -> None:
    for category in ("tweet_image", "tweet_gif"):
        status = await upload(house, FOREIGN[name], category)
        # An MPO file is a JPEG with further pictures behind its end: the first one is drawn again, the others are thrown away.
        assert status == (200 if name == "MPO" else 400), (name, category)


async def test_truncated_and_torn_files_are_refused(house: House) -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        content = picture(kind, 400, 300)
        for cut in (10, 100, len(content) // 2, len(content) - 40):
            assert await upload(house, content[:cut]) == 400, (kind, cut)
    for cut in (10, 300, 2000):
        assert await upload(house, animation()[:cut], "tweet_gif") in {200, 400}
    who = await house.bearer(house.cast.ann)
    for content in (
        video()[:200],
        video()[:1500],
        video(codec="mpeg4"),
        b"\x00\x00\x00\x18ftypmp42" + bytes(500),
        picture(),
    ):
        got = await send(house, who, content, media_category="tweet_video")
        assert (await settled(house, who, got.json["data"]["id"]))["state"] == "failed"
        used = {"media": {"media_ids": [got.json["data"]["id"]]}}
        assert (await house.json("POST", "/2/tweets", who, used)).status == 400


async def test_nothing_that_tells_of_its_maker_is_kept(house: House) -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x0110], exif[0x8298] = "taken by Ann", "her camera", "her home"
    exif.get_ifd(0x8825)[2] = (52.0, 22.0, 12.0)
    for kind in ("JPEG", "PNG", "WEBP"):
        content = saved(drawn(), kind, exif=exif)
        assert b"her camera" in content
        row = await made(house, house.cast.ann, content + b"<script>her home</script>")
        for part in row.parts.split():
            kept = house.application.resources[Folder].file(row.name, part).read_bytes()
            assert not any(word in kept for word in (b"Ann", b"camera", b"home", b"Exif", b"eXIf", b"script")), (
                kind,
                part,
            )


async def test_a_picture_that_says_so_is_turned(house: House) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    row = await made(house, house.cast.ann, saved(drawn(300, 200), "JPEG", exif=exif))
    assert (row.width, row.height) == (200, 300)


# ------------------------------------------------------------------------------------------------------------- multipart


@pytest.mark.attack("SR-263")
async def test_no_name_and_no_type_of_a_sender_leads_anywhere(house: House) -> None:
    who = await house.bearer(house.cast.ann)
    folder = house.application.resources[Folder].path
    assert folder is not None
    for name in (
        *(
            "../../../etc/passwd",
            "C:\\x",
            "a\x00b",
            "x" * 4000,
            "a\r\nset-cookie: a=b",
            "/etc/passwd",
            "%2e%2e%2f",
            ".",
            "x.php",
        ),
        *('x"; name="media_category', "é.png", "a;b"),
    ):
        mark = b"--b"
        head = f'Content-Disposition: form-data; name="media"; filename="{name}"\r\nContent-Type: text/html\r\n\r\n'
        body = mark + b"\r\n" + head.encode() + picture() + b"\r\n" + mark + b"--\r\n"
        got = await house.send("POST", "/2/media/upload", who, body=body, kind="multipart/form-data; boundary=b")
        assert got.status in {200, 400}, name
        assert b"passwd" not in got.body
    kinds = ("image/png\r\nset-cookie: a=b", "text/html", "../../x", "x" * 5000, "image/svg+xml")
    for media_type in kinds:
        asked_for = {"media_type": media_type, "media_category": "tweet_image", "total_bytes": len(picture())}
        got = await house.json("POST", "/2/media/upload/initialize", who, asked_for)
        assert got.status in {200, 400}
        assert "set-cookie" not in dict(got.headers)
    files = [path for path in folder.rglob("*") if path.is_file() and "incoming" not in path.parts]
    assert files
    for path in files:
        assert path.name.partition(".")[0].isalnum()
        assert path.suffix in {".orig", ".thumb", ".small", ".medium", ".large", ".poster"}
        assert path.stat().st_mode & 0o777 & ~0o600 == 0


@pytest.mark.attack("SR-262")
async def test_multipart_bodies_are_read_strictly(house: House) -> None:
    who = await house.bearer(house.cast.ann)
    part = b'--b\r\nContent-Disposition: form-data; name="media"\r\n\r\nx\r\n'
    end = b"--b--\r\n"
    for body in (
        *(b"", b"--b", b"--b--\r\n", part, part + part + end, b"garbage" + part + end, part[:-4] + end),
        b"--b\r\n\r\nx\r\n" + end,
        b'--b\r\nContent-Disposition: form-data; name=""\r\n\r\nx\r\n' + end,
        b'--b\r\nContent-Disposition: attachment; name="media"\r\n\r\nx\r\n' + end,
        b'--b\r\nContent-Disposition: form-data; name="media_category"\r\nContent-Length: -1\r\n\r\n'
        + b"x" * 5000
        + b"\r\n"
        + end,
        b"".join(part.replace(b"media", b"m%d" % number) for number in range(17)) + end,
        b"--b\r\n" + b"X-A: b\r\n" * 5000 + b"\r\nx\r\n" + end,
        b"--b\r\nX-A: " + b"b" * 20_000 + b"\r\n\r\nx\r\n" + end,
        b'--b\r\nContent-Disposition: form-data; name="\xff\xfe"\r\n\r\nx\r\n' + end,
    ):
        got = await house.send("POST", "/2/media/upload", who, body=body, kind="multipart/form-data; boundary=b")
        assert got.status == 400, body[:80]
    for kind in (
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/mixed; boundary=b",
        "multipart/form-data; boundary=" + "b" * 400,
    ):
        got = await house.send("POST", "/2/media/upload", who, body=part + end, kind=kind)
        assert got.status == 400, kind


_PART = b'--b\r\nContent-Disposition: form-data; name="media"; filename="a.png"\r\n\r\nx\r\n'
ENDLESS = {
    "10,000 parts": b"".join(_PART.replace(b"media", b"m%d" % number) for number in range(10_000)) + b"--b--\r\n",
    "10,000 parts of one name": _PART * 10_000 + b"--b--\r\n",
    "headers of 1 MB": b"--b\r\nX-A: " + b"b" * MIB + b"\r\n" + _PART[5:] + b"--b--\r\n",
    "a MB of headers": b"--b\r\n" + b"X-A: b\r\n" * (MIB // 8) + _PART[5:] + b"--b--\r\n",
    "no last boundary": _PART[:-3] + b"x" * MIB,
    "a preamble of 1 MB": b"\r\n" * (MIB // 2) + _PART + b"--b--\r\n",
    "nearly boundaries": b"\r\n--" * (MIB // 4) + _PART + b"--b--\r\n",
}
"""Forms that a careless reader reads for minutes, or of which it keeps everything in memory."""


@pytest.mark.attack("SR-260")
@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
@pytest.mark.parametrize(
    "path", ["/2/media/upload", "/1.1/media/upload.json", "/1.1/account/update_profile_image.json"]
)
async def test_endless_forms_are_refused_with_few_words(
    house: House, path: str, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    signed = await house.signed(house.cast.ann)
    for boundary in (b"b", b"b" * 10_240):
        sent = body.replace(b"--b", b"--" + boundary)[: 2 * MIB]
        got = await house.send(
            "POST", path, signed, body=sent, kind=f"multipart/form-data; boundary={boundary.decode()}"
        )
        assert got.status in {400, 413}, got.body
    assert len(caplog.records) <= 10


@pytest.mark.attack("SR-262")
async def test_large_bodies_are_kept_only_for_who_may_send_them_and_few_at_a_time(house: House) -> None:
    ann = await house.bearer(house.cast.ann)
    huge = [("content-length", str(100 * MIB))]
    assert (
        await house.send("POST", "/2/media/upload", ann, kind="multipart/form-data; boundary=b", headers=huge)
    ).status == 413
    field, kind = multipart({"media_category": "x" * (6 * MIB)})
    assert (await house.send("POST", "/2/media/upload", ann, body=field, kind=kind)).status == 400
    field, kind = multipart({}, media=b"x" * (8 * MIB))
    assert (await house.send("POST", "/2/media/upload", ann, body=field, kind=kind)).status == 413
    form = b"media_data=" + b"A" * 300_000
    got = await house.send("POST", "/2/media/upload", ann, body=form, kind="application/x-www-form-urlencoded")
    assert got.status == 413
    read = await house.bearer(house.cast.ann, "tweet.read users.read")
    small, kind = multipart({"media_category": "tweet_image"}, media=picture())
    for who, status in ((Bearer("nobody"), 401), (read, 403)):
        assert (await house.send("POST", "/2/media/upload", who, body=small, kind=kind)).status == status
    # Four of one account's bodies come in slowly; the fifth must wait, other people's need not.
    waiting, release = asyncio.Event(), asyncio.Event()
    slow = [asyncio.create_task(_slowly(house, ann, kind, waiting, release)) for _ in range(4)]
    await asyncio.wait_for(waiting.wait(), 30)
    fifth = await house.send("POST", "/2/media/upload", ann, body=small, kind=kind)
    assert (fifth.status, fifth.header("retry-after")) == (503, "2")
    carol = await house.bearer(house.cast.carol)
    assert (await house.send("POST", "/2/media/upload", carol, body=small, kind=kind)).status == 200
    release.set()
    await asyncio.gather(*slow)
    assert (await house.send("POST", "/2/media/upload", ann, body=small, kind=kind)).status == 200


async def _slowly(house: House, who: Bearer, kind: str, waiting: asyncio.Event, release: asyncio.Event) -> None:
    """A body whose end does not come before it may."""
    calls = 0

    async def receive() -> dict[str, object]:
        nonlocal calls
        calls += 1
        if calls == 1:
            return {"type": "http.request", "body": b"--", "more_body": True}
        if calls == 2:
            waiting.set()
            await release.wait()
        return {"type": "http.disconnect"}

    async def told(message: object) -> None:
        pass

    headers = [(name.encode(), text.encode()) for name, text in who.headers("POST", "", b"", "", 0)]
    scope = {
        "type": "http", "method": "POST", "path": "/2/media/upload", "raw_path": b"/2/media/upload", "query_string": b"",
        "headers": [(b"host", HOST.encode()), (b"content-type", kind.encode()), *headers], "client": ("192.0.2.1", 1),
    }  # fmt: skip
    await house.application(scope, receive, told)


# --------------------------------------------------------------------------------------------------------------- serving


@pytest.mark.attack("SR-258")
async def test_more_than_one_range_is_not_served(house: House) -> None:
    row = await made(house, house.cast.ann, picture("JPEG", 1500, 1000), attached=True)
    path = f"/media/{row.name}.jpg"
    whole = (await fetched(house, path)).body
    many = ",".join(f"{number}-{number + 1}" for number in range(10_000))
    began = time.perf_counter()
    for asked_for in (
        "bytes=" + many[:20_000],
        "bytes=0-0,1-1",
        "bytes=",
        "bytes=5-4",
        f"bytes={len(whole)}-",
        "bytes=x-",
        "bytes=-0",
    ):
        got = await fetched(house, path, headers=[("range", asked_for)])
        assert (got.status, got.header("content-range"), got.body) == (416, f"bytes */{len(whole)}", b""), asked_for[
            :20
        ]
    assert time.perf_counter() - began < 10
    for asked_for, span in (
        ("bytes=0-0", whole[:1]),
        ("bytes=-5", whole[-5:]),
        ("bytes=10-", whole[10:]),
        ("lines=1-2", whole),
    ):
        got = await fetched(house, path, headers=[("range", asked_for)])
        assert (got.status, got.body) == (200 if span == whole else 206, span)
        assert got.header("content-length") == str(len(span))
    assert span_of("bytes=0-" + "9" * 30, 10) is None
    assert span_of(f"bytes=2-{'9' * 18}", 10) == Span(2, 10)
    head = await house.send("HEAD", path)
    assert (head.status, head.body, head.header("content-length")) == (200, b"", str(len(whole)))


@pytest.mark.attack("SR-272")
async def test_what_is_served_never_runs(house: House) -> None:
    polyglots = {
        "png": picture() + b"<!doctype html><script>alert(1)</script>",
        "jpg": picture("JPEG")[:2] + b"\xff\xfe\x00\x22*/=1;/*<script>alert(1)</script>  " + picture("JPEG")[2:],
        "gif": animation()[:6] + animation()[6:] + b"<script>alert(1)</script>",
    }
    for ending, content in polyglots.items():
        row = await made(
            house, house.cast.ann, content, "tweet_gif" if ending == "gif" else "tweet_image", attached=True
        )
        got = await fetched(house, f"/media/{row.name}.{ending}")
        assert got.status == 200
        assert b"script" not in got.body
        kinds = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}
        assert got.header("content-type") == kinds[ending]
        assert got.header("x-content-type-options") == "nosniff"
        assert got.header("content-security-policy") == "default-src 'none'; sandbox; frame-ancestors 'none'"
        assert got.header("content-disposition") == f'inline; filename="{row.id}.{ending}"'
        assert got.header("set-cookie") is None
        for other in ("html", "svg", "js", "php", "png.html", "", "orig", "PNG"):
            assert (await fetched(house, f"/media/{row.name}.{other}")).status == 404
    for name in ("..", "../../etc/passwd", "a" * 26, "x", "%2e%2e", "é"):
        assert (await asked(house.application, "GET", f"/media/{name}.png", [("host", HOST)])).status in {400, 404}


# --------------------------------------------------------------------------------------------------------------- crashes


def readers() -> list[int]:
    """The reading processes that this process has started."""
    found = []
    for one in Path("/proc").iterdir():
        try:
            if one.name.isdigit() and b"volary.media.rules.worker" in (one / "cmdline").read_bytes():
                parent = int((one / "stat").read_text().rpartition(")")[2].split()[1])
                found += [int(one.name)] if parent == os.getpid() else []
        except (OSError, ValueError):
            continue
    return found


@pytest.mark.attack("SR-348")
async def test_a_reading_process_that_is_killed_takes_nobody_along(house: House) -> None:
    who = await house.bearer(house.cast.ann)
    large = saved(drawn(4000, 3000), "PNG", compress_level=1)
    sending = asyncio.create_task(send(house, who, large, media_category="tweet_image"))
    while not (there := readers()):
        assert not sending.done()
        await asyncio.sleep(0.005)
    for one in there:
        assert b"VOLARY" not in Path(f"/proc/{one}/environ").read_bytes()
        os.kill(one, 9)  # as the kernel does when memory is short
    me = await house.get("/2/users/me", who)
    got = await sending
    assert (me.status, got.status) == (200, 400)
    assert got.json["detail"]
    assert readers() == []
    again = await send(house, who, large, media_category="tweet_image")
    assert again.status == 200


@pytest.mark.attack("SR-328")
async def test_a_server_that_dies_between_the_files_and_the_row_leaves_no_stray(each_house: House) -> None:
    """The files have taken their places, the database has not heard of it: the upload is given up, and then nothing is left of it."""
    house, ann = each_house, each_house.cast.ann
    folder = house.application.resources[Folder]
    whole, media_id = await made(house, ann, attached=True), await begun(house, ann, picture())
    row, segments = await house.db.write(end_upload, in_person(ann.id, ann.username), media_id)
    source, place = folder.joined(media_id, [one.size for one in segments]), folder.drawing(media_id)
    read = await house.application.resources[Readers].read("picture", source, place)
    folder.keep(place, row.name, read.parts)
    there = [folder.file(row.name, part) for part in read.parts]
    assert there
    assert all(one.exists() for one in there)
    house.clock.advance(STUCK + 1)
    await sweep(house.db, folder)
    assert (await own_upload(house.db, ann.id, media_id) or row).state == FAILED
    assert folder.file(whole.name, "orig").exists()
    house.clock.advance(2 * DAY)
    await sweep(house.db, folder)
    assert not any(one.exists() for one in there)
    assert media_id not in folder.incoming()
    assert await own_upload(house.db, ann.id, media_id) is None


async def test_a_process_has_too_little_memory_for_what_is_too_large(house: House) -> None:
    limits = Path("/proc/self/limits").read_text()
    assert "Max address space" in limits
    who = await house.bearer(house.cast.ann)
    sending = asyncio.create_task(send(house, who, saved(drawn(4000, 3000), "PNG", compress_level=1)))
    seen = ""
    while not sending.done():
        for one in readers():
            try:
                line = next(x for x in Path(f"/proc/{one}/limits").read_text().splitlines() if "address space" in x)
            except (OSError, StopIteration):
                continue
            seen = line if "unlimited" not in line else seen
        await asyncio.sleep(0.005)
    assert str(1536 * MIB) in seen
    assert (await sending).status == 200


async def test_nobody_else_of_the_machine_can_look_into_the_folder(house: House) -> None:
    await made(house, house.cast.ann)
    folder = house.application.resources[Folder].path
    assert folder is not None
    for place in (folder, *(one for one in folder.rglob("*") if one.is_dir())):
        assert place.stat().st_mode & 0o777 == 0o700, place
