"""Pure rules of Spaces: their ids on the wire, their titles, the words that they are found by, and when they may begin."""

import re

from volary.kit.clock import DAY
from volary.kit.ids import LARGEST_ID
from volary.kit.unicode import composed, line_within
from volary.spaces.errors import StartOutOfRange, TitleNeeded

LONGEST_TITLE = 200
FARTHEST_START = 30
"""How many days ahead a Space can be announced."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LENGTH = 12
_FIRST = "1"
_WIRE = re.compile(r"1[0-9a-zA-Z]{12}")
_WORD = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W_\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
"""A run of letters and digits; of scripts that are written without blanks, each sign."""


def wire_id(number: int) -> str:
    """A Space's id as X writes ids of Spaces: thirteen letters and digits, the first a 1 (X facts 5.1)."""
    found = ""
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(_DIGITS))
        found = _DIGITS[rest] + found
    return _FIRST + found


def id_of(text: str) -> int | None:
    """The number of an id on the wire; None for what is none."""
    if not _WIRE.fullmatch(text):
        return None
    number = 0
    for sign in text[1:]:
        number = number * len(_DIGITS) + _DIGITS.index(sign)
    return number if number <= LARGEST_ID else None


def checked_title(text: str) -> str:
    """A title as it is kept, on one line. Raises TitleNeeded."""
    return line_within(text, 1, LONGEST_TITLE, TitleNeeded)


def checked_start(at: int, now: int) -> int:
    """A start in milliseconds since 1970. Raises StartOutOfRange."""
    if not now < at <= now + FARTHEST_START * DAY:
        raise StartOutOfRange(FARTHEST_START)
    return at


def words_of(text: str) -> list[str]:
    """The words by which a text is found, in any case, each once."""
    return list(dict.fromkeys(one.casefold() for one in _WORD.findall(composed(text))))
