"""Pictures and banners of profiles: cut to their shapes, in the sizes that clients ask for. Runs in the process of `worker`."""

import io
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from volary.media.rules.found import Read
from volary.media.rules.pictures import opened, write
from volary.media.rules.profile_sizes import BANNERS, PORTRAITS


def read_portrait(source: Path, folder: Path) -> Read:
    """A square picture of somebody, in its sizes. Raises Unreadable."""
    picture = opened(source, 1600)
    jpeg = picture.mode == "RGB"
    for part, side in PORTRAITS.items():
        write(ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS), folder / part, "JPEG" if jpeg else "PNG")
    return Read("photo", "jpg" if jpeg else "png", 400, 400, list(PORTRAITS))


def read_banner(source: Path, folder: Path) -> Read:
    """A banner, in its sizes. Raises Unreadable."""
    picture = opened(source, 3000).convert("RGB")
    for part, size in BANNERS.items():
        write(ImageOps.fit(picture, size, Image.Resampling.LANCZOS), folder / part, "JPEG")
    return Read("photo", "jpg", *BANNERS["1500x500"], list(BANNERS))


@cache
def nobodys_portrait(side: int) -> bytes:
    """The picture of who has none: head and shoulders, drawn here, as a PNG."""
    drawn = Image.new("RGB", (400, 400), "#d5dde2")
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((135, 80, 265, 210), "#8599a6")
    pen.ellipse((70, 240, 330, 560), "#8599a6")
    kept = io.BytesIO()
    drawn.resize((side, side), Image.Resampling.LANCZOS).save(kept, "PNG")
    return kept.getvalue()
