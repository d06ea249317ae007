"""What may stand in the texts that a developer writes about an App or a Project."""

import re
import unicodedata

import msgspec

from volary.developers.rules.lookalikes import reading, shape
from volary.kit.errors import Invalid
from volary.language import mark as _

APP_NAME = 32
"""The longest name of an App, in characters (X facts 8.3)."""

_JOINERS = "\u200c\u200d"
_BLANKS = "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5"
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_WORDS = re.compile(r"[\W_]+")
_OWN = "volary official admin administrator moderator staff system security support team"
_BESIDE = "the app api help service verified account accounts"
_OWN_NAME = _("This name would pass for the platform itself. Please choose another one.")
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
WHY = Limits(500, lines=True, required=True)
SWITCH_REASON = Limits(200, required=True)
APPEAL = Limits(4000, lines=True, required=True)
USE_CASE_TOLD = 100
"""How many characters a use case needs at least where an operator judges it."""


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
    """What two names share that people read the same: case, blanks, joiners, compatibility forms and look-alikes are folded away."""
    return _seen(reading(name))


def name_shape(name: str) -> str:
    """What two names share that are drawn the same (`lookalikes`)."""
    return _seen(shape(name))


def ensure_nobodys_own(name: str, site_name: str) -> None:
    """Refuse a name that passes for the platform itself: its own, or *official*, *support* and the like with nothing else (SR-168).

    Raises Invalid.
    """
    for key in (name_key, name_shape):
        own = {word for text in (site_name, _OWN) for word in key(text).split()}
        words = set(key(_WORDS.sub(" ", name)).split())
        if (words & own and words <= own | set(_BESIDE.split())) or _run(key(name)) == _run(key(site_name)):
            raise Invalid(_OWN_NAME, field="name")


def _run(key: str) -> str:
    return _WORDS.sub("", key)


def _seen(folded: str) -> str:
    seen = "".join(character for character in folded if character not in _JOINERS and character not in _BLANKS)
    return " ".join(seen.split())


def _unseen(character: str) -> bool:
    return character in _DIRECTIONS or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}


def _formats(character: str) -> bool:
    """Whether a character only steers how others are shown; joiners are needed inside words and pictures."""
    return unicodedata.category(character) in {"Cf", "Co"} and character not in _JOINERS
