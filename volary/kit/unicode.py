"""Normal forms of texts that strangers sent, in time that grows no faster than the text."""

import unicodedata
from collections.abc import Callable

from volary.kit.errors import Refusal

_MOST_MARKS = 30
_JOINER = "\u034f"
_DIRECTIONS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b")


def composed(text: str) -> str:
    """The text in its composed form (NFC), whatever stands in it.

    Python sorts the marks on one letter by insertion, so 32,000 of them would hold everybody up for half a second. After thirty marks
    in a row a joiner that cannot be seen is put in, as UAX #15 says for texts that are normalised piece by piece (D4, stream-safe).
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _stream_safe(text))


def one_line(text: str) -> str:
    """A text without control and direction-changing characters, its blanks folded: it cannot rewrite the line that it is shown in."""
    folded = " ".join(composed(text).split())
    return "".join(
        character
        for character in folded
        if unicodedata.category(character) not in {"Cc", "Cs", "Co", "Cn"} and character not in _DIRECTIONS
    ).strip()


def line_within(text: str, least: int, most: int, refusal: Callable[[int], Refusal]) -> str:
    """A text on one line, of at least and at most so many characters. Raises the refusal, which is given the most."""
    kept = one_line(text)
    if not least <= len(kept) <= most:
        raise refusal(most)
    return kept


def _stream_safe(text: str) -> str:
    pieces, start, marks = [], 0, 0
    for place, character in enumerate(text):
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MOST_MARKS:
            pieces.append(text[start:place])
            start, marks = place, 1
    return _JOINER.join((*pieces, text[start:])) if pieces else text
