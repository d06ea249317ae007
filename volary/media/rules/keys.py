"""X's keys of media: a number for the kind, `_` and the id (X facts 5.1)."""

PHOTO, GIF, VIDEO, SUBTITLES = "photo", "animated_gif", "video", "subtitles"
"""The kinds of media; the first three by X's words for `type`, which people know from many places."""

_NUMBERS = {PHOTO: "3", GIF: "16", VIDEO: "7"}
_AMPLIFIED = "13"
_KINDS = {number: kind for kind, number in _NUMBERS.items()} | {_AMPLIFIED: VIDEO}


def key_of(kind: str, category: str, media_id: int) -> str:
    """The key of a media."""
    number = _AMPLIFIED if category == "amplify_video" else _NUMBERS.get(kind, "3")
    return f"{number}_{media_id}"


def kind_in_key(key: str) -> str:
    """The kind that a key of ours names."""
    return _KINDS[key.partition("_")[0]]
