"""Icons: only pixels pass, whatever is sent (SR-170)."""

import asyncio
import base64
import io
import struct
import subprocess
import sys
import time
import zlib

import pytest
from PIL import Image, PngImagePlugin

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.developers.making import new_app
from volary.developers import queries
from volary.developers.actions import delete_app, remove_icon, set_icon
from volary.developers.rules import drawing
from volary.developers.rules.icons import SIDE, icon_path, letter_icon, redrawn, version_of
from volary.kit.errors import Busy, Invalid


def picture(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    made = Image.new("RGB", size, (200, 30, 30))
    made.paste((30, 30, 200), (0, 0, size[0] // 2, size[1]))
    return made.convert(mode)


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    written = io.BytesIO()
    image.save(written, form, **options)
    return written.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.claim("C169")
@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize("size", [(64, 48), (1, 1), (3, 900), (900, 3), (400, 400)])
def test_a_picture_becomes_a_square_png(form: str, size: tuple[int, int]) -> None:
    drawn = redrawn(saved(picture(size), form))
    opened = Image.open(io.BytesIO(drawn))
    assert (opened.format, opened.size) == ("PNG", (SIDE, SIDE))


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "CMYK", "I;16"])
def test_every_mode_is_read(mode: str) -> None:
    form = "TIFF" if mode == "never" else "JPEG" if mode == "CMYK" else "PNG"
    source = picture(mode="L").convert("I;16") if mode == "I;16" else picture(mode=mode)
    assert redrawn(saved(source, form)).startswith(b"\x89PNG")


@pytest.mark.attack("SR-170")
def test_nothing_but_pixels_is_kept() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "<script>alert(1)</script>")
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    sent = saved(picture(), "PNG", pnginfo=told, exif=exif.tobytes(), icc_profile=b"profile" * 20) + b"<script>trailing"
    drawn = redrawn(sent)
    for word in (b"script", b"secret place", b"profile", b"tEXt", b"iCCP", b"eXIf"):
        assert word not in drawn
    opened = Image.open(io.BytesIO(drawn))
    opened.load()
    assert not opened.info


def test_a_turned_photo_is_put_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down: left and right change places
    drawn = Image.open(io.BytesIO(redrawn(saved(picture((400, 400)), "PNG", exif=exif.tobytes())))).convert("RGB")
    assert drawn.getpixel((350, 200)) == (30, 30, 200)
    assert drawn.getpixel((50, 200)) == (200, 30, 30)


HEAD = b"\x89PNG\r\n\x1a\n"
BOMB = (
    HEAD + chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b""))
)
LARGE = HEAD + chunk(b"IHDR", struct.pack(">IIBBBBB", 8_000, 8_000, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b""))
TALKATIVE = (
    HEAD
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"x" * 50_000_000))
)


@pytest.mark.attack("SR-170")
@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", id="svg"),
        pytest.param(b"<!doctype html><script>alert(1)</script>", id="html"),
        pytest.param(HEAD + b"<html><script>alert(1)</script>", id="html with a png's first bytes"),
        pytest.param(b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", id="gif and script"),
        pytest.param(b"%PDF-1.7\n%%EOF", id="pdf"),
        pytest.param(saved(picture(), "BMP"), id="bmp"),
        pytest.param(saved(picture(), "TIFF"), id="tiff"),
        pytest.param(saved(picture(), "ICO"), id="ico"),
        pytest.param(saved(picture(), "EPS"), id="eps"),
        pytest.param(saved(picture(), "PPM"), id="ppm"),
        pytest.param(saved(picture(), "PNG")[:60], id="torn png"),
        pytest.param(saved(picture((400, 400)), "JPEG")[:300], id="torn jpeg"),
        pytest.param(BOMB, id="2.5 billion pixels"),
        pytest.param(LARGE, id="64 million pixels"),
        pytest.param(TALKATIVE, id="50 MB of text"),
    ],
)
def test_everything_else_is_refused(sent: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        redrawn(sent)
    assert refused.value.field == "icon"


@pytest.mark.attack("SR-266")
@pytest.mark.parametrize("mode", ["1", "P", "RGBA"])
def test_a_large_picture_takes_little_memory(mode: str) -> None:
    """Measured in a process of its own: a few kilobytes that say sixteen million pixels."""
    code = (
        "import base64, resource, sys\n"
        "from volary.developers.rules.icons import redrawn\n"
        "redrawn(base64.b64decode(sys.argv[1]))\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "redrawn(sys.stdin.buffer.read())\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    small = base64.b64encode(saved(picture(), "PNG")).decode()
    sent = saved(Image.new(mode, (4_000, 4_000)), "PNG")
    done = subprocess.run([sys.executable, "-c", code, small], input=sent, capture_output=True, check=True)
    assert len(sent) < 100_000
    assert int(done.stdout) < 100_000, "kilobytes"


@pytest.mark.attack("SR-266")
async def test_pictures_are_drawn_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once: list[int] = []
    running = 0

    def slow(sent: bytes) -> bytes:
        nonlocal running
        running += 1
        at_once.append(running)
        time.sleep(0.01)
        running -= 1
        return sent

    monkeypatch.setattr(drawing, "redrawn", slow)
    drawer = drawing.Drawing()
    made = await asyncio.gather(*(drawer.drawn(b"%d" % number) for number in range(20)), return_exceptions=True)
    assert [one for one in made if isinstance(one, bytes)] == [b"%d" % number for number in range(drawing.MOST)]
    assert {type(one) for one in made[drawing.MOST :]} == {Busy}
    assert set(at_once) == {1}
    assert await drawer.drawn(b"later") == b"later"


def test_damaged_pictures_never_do_worse_than_be_refused() -> None:
    whole = saved(picture((32, 32)), "PNG")
    for place in range(0, len(whole), 3):
        try:
            redrawn(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        except Invalid:
            continue


@pytest.mark.anyio
async def test_an_icon_is_kept_replaced_and_removed(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id)).app
    first, second = redrawn(saved(picture(), "PNG")), redrawn(saved(picture((48, 64)), "PNG"))
    for png in (first, second):
        await db.write(set_icon, cast.dev.id, app.id, png, version_of(png))
        kept = await queries.icon_of_app(db, app.id)
        assert kept is not None
        assert (kept.png, kept.version) == (png, version_of(png))
    assert await queries.icon_versions(db, [app.id, 5]) == {app.id: version_of(second)}
    await db.write(remove_icon, cast.dev.id, app.id)
    assert await queries.icon_of_app(db, app.id) is None
    await db.write(set_icon, cast.dev.id, app.id, first, version_of(first))
    await db.write(delete_app, cast.dev.id, app.id)
    assert await queries.icon_of_app(db, app.id) is None


def test_the_letter_of_a_name_is_only_a_letter() -> None:
    assert ">P<" in letter_icon(1, "<Photo>")
    assert ">?<" in letter_icon(1, "<>&")
    assert letter_icon(1, "x") != letter_icon(2, "x")
    assert icon_path(7, None) == "/app-icons/7/letter.svg"
    assert icon_path(7, "abc") == "/app-icons/7/abc.png"
