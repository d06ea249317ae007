"""What a text is found by: its words, the same for what is posted and for what is asked.

Case and diacritics do not count. Scripts without blanks between words (Chinese, Japanese, Thai, Khmer …) give one token for each letter,
so that any part of a text is found as a phrase. An emoji is a word. A token holds letters, digits, marks and underscores alone, which
both engines keep as they are.
"""

import re
import unicodedata

_ASCII_WORD = re.compile(r"[a-z0-9_]+")
_ACCENT = re.compile("[\u0300-\u036f]")
_UNSEGMENTED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\U00020000-\U0003ffff]"
)
_LONGEST = 64


def words(text: str) -> list[str]:
    """The tokens of a text, in their order."""
    if text.isascii():
        return [word[:_LONGEST] for word in _ASCII_WORD.findall(text.lower())]
    found: list[str] = []
    word = ""
    for one in folded(text):
        kind = unicodedata.category(one)
        if one != "_" and kind[0] not in "LN":
            if kind[0] == "M" and word:
                word += one
            if kind[0] == "M" or kind == "Cf":
                continue  # a mark belongs to its letter, and a joiner shows nothing
        elif not _UNSEGMENTED.match(one):
            word += one
            continue
        if word:
            found.append(word[:_LONGEST])
            word = ""
        if kind == "So" or kind[0] in "LN":
            found.append(one)
    return [*found, word[:_LONGEST]] if word else found


def folded(text: str) -> str:
    """A text without differences of case, width and accents."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    bare = _ACCENT.sub("", unicodedata.normalize("NFD", plain))
    return unicodedata.normalize("NFC", bare)


def tag(name: str) -> str:
    """A hashtag's or cashtag's name as one token. It may be empty."""
    if name.isascii() and name.isalnum():
        return name.lower()[:_LONGEST]
    kept = (one for one in folded(name) if one == "_" or unicodedata.category(one)[0] in "LNM")
    return "".join(kept)[:_LONGEST]
