"""The words by which people are found: of their usernames and names, in the one spelling that X's search can ask for.

X's query holds letters without accents, digits, underscores, apostrophes and blanks alone (X facts 6, users/search).
"""

import re
import unicodedata

_WORDS = re.compile(r"[a-z0-9_]+")
_PARTS = re.compile(r"[a-z0-9]+")
_QUERY = re.compile(r"[A-Za-z0-9_' ]{1,50}")
LONGEST = 50


def words_of(username: str, name: str) -> frozenset[str]:
    """The words of an account, each at most fifty characters: whole, and the parts between underscores. `Carol_C` is found by both."""
    found: set[str] = set()
    for text in (username, name):
        folded = _folded(text)
        found.update(_WORDS.findall(folded))
        found.update(_PARTS.findall(folded))
    return frozenset(word[:LONGEST] for word in found if word.strip("_"))


def asked_words(query: str) -> tuple[str, ...] | None:
    """The words that a query asks for, the longest first: it says most about whom it means. None for a text that X takes no query for."""
    if not _QUERY.fullmatch(query):
        return None
    found = dict.fromkeys(word for word in _WORDS.findall(query.lower()) if word.strip("_"))
    return tuple(sorted(found, key=len, reverse=True))


def _folded(text: str) -> str:
    """Without accents and in lower case: `José Müller` reads `jose muller`."""
    if text.isascii():
        return text.lower()
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one)).lower()
