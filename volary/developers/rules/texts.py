"""What may stand in the texts that a developer writes about an App or a Project."""

import unicodedata

import msgspec

from volary.kit.errors import Invalid
from volary.language import mark as _

APP_NAME = 32
"""The longest name of an App, in characters (X facts 8.3)."""

_JOINERS = "\u200c\u200d"
_BLANKS = "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5"
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REQUIRED = _("Please fill this in.")
_TOO_LONG = _("This is too long: at most %(limit)s characters are possible.")
_UNSEEN = _("This holds a character that cannot be seen or that turns the direction of the text. Please remove it.")


class Limits(msgspec.Struct, frozen=True):
    """How long a text may be, and whether it may have several lines."""

    most: int
    lines: bool = False
    required: bool = False


PROJECT_NAME = Limits(50, required=True)
DESCRIPTION = Limits(200, lines=True)
ORGANIZATION = Limits(64)
USE_CASE = Limits(1000, lines=True)
REASON = Limits(500, lines=True)


def text(value: str, field: str, limits: Limits) -> str:
    """A text without blanks around it. Raises Invalid for one that is too long, missing, or holds what nobody can see."""
    kept = value.replace("\r\n", "\n").strip()
    if limits.required and not kept:
        raise Invalid(_REQUIRED, field=field)
    if len(kept) > limits.most:
        raise Invalid(_TOO_LONG, field=field, limit=limits.most)
    if any(_unseen(character) and not (limits.lines and character in "\n\t") for character in kept):
        raise Invalid(_UNSEEN, field=field)
    return kept


def app_name(value: str, field: str = "name") -> str:
    """The name of an App, its blanks made single. Raises Invalid.

    Stricter than other texts, since people decide by this name whom they trust (SR-168): nothing in it may be invisible.
    """
    if any(_unseen(character) and character != "\t" for character in value.strip()):
        raise Invalid(_UNSEEN, field=field)
    kept = " ".join(value.split())
    if len(kept) > APP_NAME:
        raise Invalid(_TOO_LONG, field=field, limit=APP_NAME)
    if any(character in _BLANKS or _formats(character) for character in kept):
        raise Invalid(_UNSEEN, field=field)
    if not name_key(kept):
        raise Invalid(_REQUIRED, field=field)
    return kept


def name_key(name: str) -> str:
    """What two names share that read the same: compatibility forms, case, blanks and joiners are folded away."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    seen = "".join(character for character in folded if character not in _JOINERS and character not in _BLANKS)
    return " ".join(seen.split())


def _unseen(character: str) -> bool:
    return character in _DIRECTIONS or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}


def _formats(character: str) -> bool:
    """Whether a character only steers how others are shown; joiners are needed inside words and pictures."""
    return unicodedata.category(character) in {"Cf", "Co"} and character not in _JOINERS
