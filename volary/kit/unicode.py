"""Normal forms of texts that strangers sent, in time that grows no faster than the text."""

import unicodedata

_MOST_MARKS = 30
_JOINER = "\u034f"


def composed(text: str) -> str:
    """The text in its composed form (NFC), whatever stands in it.

    Python sorts the marks on one letter by insertion, so 32,000 of them would hold everybody up for half a second. After thirty marks
    in a row a joiner that cannot be seen is put in, as UAX #15 says for texts that are normalised piece by piece (D4, stream-safe).
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _stream_safe(text))


def _stream_safe(text: str) -> str:
    pieces, start, marks = [], 0, 0
    for place, character in enumerate(text):
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MOST_MARKS:
            pieces.append(text[start:place])
            start, marks = place, 1
    return _JOINER.join((*pieces, text[start:])) if pieces else text
