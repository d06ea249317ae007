"""Which file of a media is meant by an ending and a size, and what it is."""

import re

from volary.media.rules.keys import PHOTO

TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "mp4": "video/mp4"}
"""What files are, by their endings: as they were read, never as their sender called them."""

SUBTITLES_TYPE = "text/vtt; charset=utf-8"
_OF_SUBTITLES = re.compile(r"([a-z]{2})\.vtt")

_BIGGER = {
    "thumb": ("thumb", "small", "medium", "large", "orig"),
    "small": ("small", "medium", "large", "orig"),
    "medium": ("medium", "large", "orig"),
    "large": ("large", "orig"),
    "orig": ("orig",),
    "4096x4096": ("orig",),
}
"""A size, and what stands for it where a picture is smaller than that."""


def part_of(kind: str, made: str, parts: str, ending: str, size: str = "") -> str | None:
    """The part that an ending and a size mean, of a media of a kind that was `made` in a format; None where it has no such part."""
    there = parts.split()
    if kind == PHOTO:
        found = next((one for one in _BIGGER.get(size or "orig", ()) if one in there), None)
        return found if ending == made else None
    if ending == made:
        return "orig"
    return "poster" if ending == "jpg" and "poster" in there else None


def language_in(ending: str) -> str | None:
    """The language that an ending of a video's address names, as it is kept (`en.vtt` → EN); None where it names none."""
    found = _OF_SUBTITLES.fullmatch(ending)
    return found[1].upper() if found is not None else None
