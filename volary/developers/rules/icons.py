"""App icons: a picture that somebody sent is read, drawn again as a PNG of our own, and the original thrown away (SR-170)."""

import hashlib
import io
from html import escape
from typing import TYPE_CHECKING

from volary.kit.errors import Invalid
from volary.language import mark as _

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

LARGEST_FILE = 2_000_000
"""How many bytes an icon may have when it is sent."""

SIDE = 400
"""An icon's width and height in pixels, as it is kept."""

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_MOST_PIXELS = 16_000_000
_UNREADABLE = _("This file is not a picture that can be used. Choose a PNG, JPEG, GIF or WebP file.")
_TOO_LARGE = _("This picture has too many pixels. Choose a smaller one.")
_SHADES = ("#1d6f5c", "#7a4b12", "#2b5c99", "#8a2f4d", "#5b4a9e", "#3c6622", "#86401f", "#1f6674")


def redrawn(sent: bytes) -> bytes:
    """A square PNG of a picture's middle. Nothing but the pixels is taken over: no metadata, no frames, no trailing bytes.

    Raises Invalid for what is no picture of the four formats, is broken, or has more pixels than an icon has any use for. It computes
    for a while: call it off the event loop.
    """
    from PIL import Image, ImageOps  # a start has no use for it: 50 ms and 5 MB

    try:
        with Image.open(io.BytesIO(sent), formats=_FORMATS) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise Invalid(_TOO_LARGE, field="icon")
            upright = ImageOps.exif_transpose(_middle(picture)).convert("RGBA")
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid(_TOO_LARGE, field="icon", why=str(error)) from error
    except Exception as error:  # a broken picture makes decoders raise nearly anything
        raise Invalid(_UNREADABLE, field="icon", why=repr(error)) from error
    fitted = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
    clean = Image.new("RGBA", fitted.size)
    clean.paste(fitted)
    drawn = io.BytesIO()
    clean.save(drawn, "PNG", optimize=True)
    return drawn.getvalue()


def _middle(picture: "Picture") -> "Picture":
    """The square in a picture's middle, taken before anything else is done to it: each further step would need its memory once more.

    Of a large one it takes every so many pixels, which is enough for what is drawn from it.
    """
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    square = (left, top, left + side, top + side)
    if side > 4 * SIDE:
        from PIL.Image import Resampling

        return picture.resize((4 * SIDE, 4 * SIDE), Resampling.NEAREST, square)
    return picture.crop(square)


def version_of(png: bytes) -> str:
    """What an icon is called in its address: another picture has another one, so that browsers may keep each for good."""
    return hashlib.sha256(png).hexdigest()[:16]


def icon_path(app_id: int, version: str | None) -> str:
    """The local path of an App's icon; without a version, of the one that is made from its name."""
    return f"/app-icons/{app_id}/{version}.png" if version else f"/app-icons/{app_id}/letter.svg"


def letter_icon(app_id: int, name: str) -> str:
    """An SVG with the first letter of an App's name on a ground that its number chooses."""
    letter = escape(next((character for character in name if character.isalnum()), "?").upper())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}" height="{SIDE}" viewBox="0 0 40 40">'
        f'<rect width="40" height="40" fill="{_SHADES[app_id % len(_SHADES)]}"/>'
        '<text x="20" y="28" font-family="sans-serif" font-size="22" font-weight="600" text-anchor="middle" '
        f'fill="#fff">{letter}</text></svg>'
    )
