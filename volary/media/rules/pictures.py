"""Reading pictures and drawing them again. Runs in the process that `worker` is the start of, never in the server's (SR-268, SR-269).

Nothing but the pixels is taken over: no metadata, no colour profile, no trailing bytes. Pictures that say how they are to be turned are.
"""

from pathlib import Path

from PIL import (
    GifImagePlugin,
    Image,
    ImageFile,
    ImageOps,
    ImageSequence,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from volary.media.errors import Unreadable
from volary.media.rules.found import Read
from volary.media.rules.limits import (
    LONGEST_SIDE,
    MOST_FRAMES,
    MOST_PIXELS,
    MOST_PIXELS_OF_ALL_FRAMES,
    ORIGINAL_SIDE,
    SIZES,
    THUMB,
)

_PLUGINS = (JpegImagePlugin, PngImagePlugin, GifImagePlugin, WebPImagePlugin)
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
"""The only decoders that are ever tried, whatever the first bytes say."""

_TOO_LARGE = "This picture has too many pixels."
_QUALITY = 87


def read_picture(source: Path, folder: Path) -> Read:
    """Read a picture or an animated GIF, and write it anew into a folder, in its sizes. Raises Unreadable."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(source, formats=FORMATS) as picture:
            _check(picture)
            if picture.format == "GIF" and getattr(picture, "n_frames", 1) > 1:
                return _animation(picture, folder)
            return _photo(picture, folder)
    except Unreadable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable(str(error), _TOO_LARGE) from error
    except Exception as error:  # a broken picture makes decoders raise nearly anything
        raise Unreadable(repr(error)[:300]) from error


def opened(source: Path, most_side: int) -> Image.Image:
    """A picture of one of the formats, upright, its first frame alone, in colours with or without transparency. Raises Unreadable."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(source, formats=FORMATS) as picture:
            _check(picture)
            if picture.format == "JPEG":
                picture.draft("RGB", (most_side, most_side))
            picture.load()
            see_through = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
            return ImageOps.exif_transpose(picture).convert("RGBA" if see_through else "RGB")
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(repr(error)[:300]) from error


def _check(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise Unreadable(f"{width} × {height}", _TOO_LARGE)


def _photo(picture: Image.Image, folder: Path) -> Read:
    jpeg = picture.format == "JPEG"
    if jpeg:  # the decoder itself makes a huge one smaller, in less memory
        picture.draft("RGB", (ORIGINAL_SIDE, ORIGINAL_SIDE))
    picture.load()
    see_through = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    jpeg = jpeg or (picture.format == "WEBP" and not see_through)
    drawn = ImageOps.exif_transpose(picture).convert("RGBA" if see_through else "RGB")
    drawn = _within(drawn, ORIGINAL_SIDE)
    parts = _sizes(drawn, folder, "JPEG" if jpeg else "PNG")
    return Read("photo", "jpg" if jpeg else "png", *drawn.size, parts)


def _sizes(drawn: Image.Image, folder: Path, kind: str) -> list[str]:
    parts = ["orig"]
    write(drawn, folder / "orig", kind)
    for name, side in SIZES.items():
        if max(drawn.size) > side:
            write(_within(drawn, side), folder / name, kind)
            parts.append(name)
    if min(drawn.size) > THUMB:
        write(ImageOps.fit(drawn, (THUMB, THUMB), Image.Resampling.LANCZOS), folder / "thumb", kind)
        parts.append("thumb")
    return parts


def _within(picture: Image.Image, side: int) -> Image.Image:
    if max(picture.size) <= side:
        return picture
    return ImageOps.contain(picture, (side, side), Image.Resampling.LANCZOS)


def write(picture: Image.Image, path: Path, kind: str) -> None:
    """Write a picture as a JPEG or PNG of its pixels alone."""
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)  # a new picture knows nothing but its pixels
    if kind == "JPEG":
        clean.convert("RGB").save(path, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    else:
        clean.save(path, "PNG", compress_level=6)


def _animation(picture: Image.Image, folder: Path) -> Read:
    frames: list[Image.Image] = []
    times: list[int] = []
    for frame in ImageSequence.Iterator(picture):
        _check(frame)
        if len(frames) >= MOST_FRAMES or (len(frames) + 1) * frame.width * frame.height > MOST_PIXELS_OF_ALL_FRAMES:
            raise Unreadable(f"{len(frames)} frames", "This GIF has too many frames or pixels.")
        times.append(max(20, int(frame.info.get("duration", 100))))
        frames.append(frame.convert("RGBA").quantize(256, Image.Quantize.FASTOCTREE))
    first = frames[0].convert("RGB")
    frames[0].save(
        folder / "orig", "GIF", save_all=True, append_images=frames[1:], duration=times, loop=0, disposal=2, comment=b""
    )
    write(first, folder / "poster", "JPEG")
    return Read("animated_gif", "gif", *picture.size, ["orig", "poster"], duration_ms=sum(times))
