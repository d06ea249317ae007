"""In which language a post is, as far as its text tells without a detector, and how X writes languages (X facts 5.2, `lang`).

X has codes of its own for texts without words: of names, hashtags, cashtags or links alone, of media alone, and very short ones.
"""

import re
import unicodedata

from volary.posts.rules.entities import Entities

UNDETERMINED = "und"

_ONLY = (("mentions", "qam"), ("hashtags", "qht"), ("cashtags", "qct"), ("urls", "qme"))
_NOTHING, _SHORT = "zxx", "qst"
_FEWEST_LETTERS = 3
_SCRIPTS = (
    (re.compile("[\u3040-\u30ff\uff66-\uff9f]"), "ja"),
    (re.compile("[\uac00-\ud7af\u1100-\u11ff\u3130-\u318f]"), "ko"),
    (re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"), "zh"),
)
_WIRE = {"he": "iw", "ms": "in", "tl": "tl"}
"""X keeps the older codes of Hebrew and Indonesian; Malay and Indonesian are told apart by nobody in so few words."""

_SURE, _APART = 0.8, 0.15
"""How high a score is, and how far above the next one, that is believed although the detector calls it uncertain."""


def words_of(text: str, entities: Entities) -> str:
    """A text without the links, names and tags in it, which are no words of any language."""
    found = (entities.urls, entities.mentions, entities.hashtags, entities.cashtags)
    parts, place = [], 0
    for start, end in sorted([(one[0], one[1]) for some in found for one in some]):
        parts.append(text[place:start])
        place = max(place, end)
    return " ".join(" ".join([*parts, text[place:]]).split())


def told_by_itself(words: str, entities: Entities) -> str | None:
    """The code of a text that needs no detector: one without words, with hardly any, or in a script that has one language here."""
    if not words.isascii():
        for script, language in _SCRIPTS:
            if script.search(words):
                return language
    letters = _letters_in(words)
    if letters == 0:
        return _without_words(words, entities)
    return _SHORT if letters < _FEWEST_LETTERS else None


def believed(language: str, reliable: bool, best: float, second: float) -> str:
    """What a detector found, as X writes it; undetermined where it is not sure enough."""
    if not reliable and (best < _SURE or best - second < _APART):
        return UNDETERMINED
    return _WIRE.get(language, language)


def _letters_in(words: str) -> int:
    """How many letters there are, as far as that matters: most texts tell after a few."""
    letters = 0
    for one in words:
        letters += unicodedata.category(one)[0] in "LM"
        if letters == _FEWEST_LETTERS:
            break
    return letters


def _without_words(rest: str, entities: Entities) -> str:
    kinds = [code for name, code in _ONLY if getattr(entities, name)]
    if not kinds:
        return UNDETERMINED if rest else _NOTHING  # digits and signs are of no language, but something
    return kinds[0] if len(kinds) == 1 else UNDETERMINED
