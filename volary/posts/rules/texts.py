"""What a post's text must be, and how two texts are compared."""

import hashlib
import unicodedata

from volary.kit.unicode import composed
from volary.posts.errors import EmptyText, TextTooLong
from volary.posts.rules.entities import Span, urls_in
from volary.posts.rules.length import LIMIT, weight

_UNSEEN = {"Cf", "Zs", "Zl", "Zp"}
"""Categories of characters that show nothing."""


def checked_text(text: str) -> tuple[str, list[Span]]:
    """The text as it is kept (NFC, without surrounding blanks and without control characters) and its links.

    Raises EmptyText, TextTooLong.
    """
    kept = composed(text).strip()
    if not kept.isprintable():  # most texts are, and need no look at each character
        kept = "".join(one for one in kept if one == "\n" or unicodedata.category(one) != "Cc").strip()
    if not kept or not (kept.isascii() or any(unicodedata.category(one) not in _UNSEEN for one in kept)):
        raise EmptyText
    if len(kept) > LIMIT * 30:  # a link may have any length, so the raw bound is loose
        raise TextTooLong(LIMIT)
    links = urls_in(kept)
    if weight(kept, links) > LIMIT:
        raise TextTooLong(LIMIT)
    return kept, links


def text_key(text: str) -> str:
    """A digest by which the same text is recognised, in any case and spacing."""
    folded = " ".join(text.casefold().split())
    return hashlib.sha256(folded.encode()).hexdigest()[:24]
