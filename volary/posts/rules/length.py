"""How long a post is: weighted characters, as X counts them (X facts 5.5).

Latin letters, digits and common punctuation weigh one, everything else two; an emoji weighs two however many code points it has; a
URL weighs 23. The text is counted in its NFC form.
"""

import re
from collections.abc import Sequence

from volary.posts.rules.entities import Span

LIMIT = 280
URL_WEIGHT = 23

_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9-\u21aa\u231a-\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa"
    "\u24c2\u25aa-\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934-\u2935\u2b05-\u2b07\u2b1b-\u2b1c\u2b50\u2b55\u3030"
    "\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_TONE = "[\U0001f3fb-\U0001f3ff]"
_ONE = f"(?:{_PICTURE}\ufe0f?{_TONE}?(?:[\U000e0020-\U000e007f]+)?)"
_EMOJI = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2})"  # a flag is two regional letters
    "|(?:[0-9#*]\ufe0f?\u20e3)"  # a keycap
    f"|(?:{_ONE}(?:\u200d{_ONE})*)"  # a picture, or several joined into one
)
_PLAIN_PICTURES = frozenset("\u00a9\u00ae\u203c\u2049\u2122\u2139")


def weight(text: str, links: Sequence[Span]) -> int:
    """The weighted length of a text in its NFC form, in which `urls_in` found these links."""
    total, place = 0, 0
    for start, end, _ in links:
        total += _weigh(text[place:start]) + URL_WEIGHT
        place = end
    return total + _weigh(text[place:])


def _weigh(text: str) -> int:
    if text.isascii():
        return len(text)
    total, place = 0, 0
    for emoji in _EMOJI.finditer(text):
        if emoji.group() in _PLAIN_PICTURES:
            continue  # a letter-like sign without the emoji mark counts as the character that it is
        total += _characters(text[place : emoji.start()]) + 2
        place = emoji.end()
    return total + _characters(text[place:])


def _characters(text: str) -> int:
    return sum(1 if any(first <= ord(one) <= last for first, last in _LIGHT) else 2 for one in text)
