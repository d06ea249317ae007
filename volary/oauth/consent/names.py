"""How an App's name is shown where people decide by it whom they trust (SR-133).

New names are checked when they are saved; this keeps an older or imported one plain as well. Templates put it into `<bdi>`.
"""

import unicodedata

LONGEST = 64
_JOINERS = "\u200c\u200d"


def plain(name: str) -> str:
    """The name on one line, without characters that cannot be seen or that turn the direction of the text, clipped."""
    seen = "".join(
        " " if character.isspace() else character
        for character in name
        if character.isspace() or character in _JOINERS or unicodedata.category(character)[0] != "C"
    )
    kept = " ".join(seen.split())
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1].rstrip() + "…"
