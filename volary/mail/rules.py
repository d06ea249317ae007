"""What may stand in the head of a letter, whatever somebody put into a name or an address (RFC 5322 §2.2)."""

import re

_ADDRESS = re.compile(r"[^\s@<>()\[\],:;\"\\\x00-\x1f\x7f-\x9f]{1,64}@[^\s@<>()\[\],:;\"\\\x00-\x1f\x7f-\x9f]{1,255}")
_LONGEST_SUBJECT = 150


def is_address(text: str) -> bool:
    """Whether a text is a plain address that can stand in an envelope: no quotes, no brackets, no line end (RFC 5321 §4.1.2)."""
    return _ADDRESS.fullmatch(text) is not None


def subject_of(text: str) -> str:
    """A subject as one line of printable characters, not too long; nothing in it can begin a header of its own."""
    words = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return words if len(words) <= _LONGEST_SUBJECT else words[: _LONGEST_SUBJECT - 1] + "…"
