"""Paths of this server that a request may name as the place to go on to."""

import re
from urllib.parse import quote, unquote

LONGEST = 2_000
_PLAIN = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


def local_path(text: str | None, default: str = "/") -> str:
    r"""The text when it is a path of this server, with its query if it has one; else the default (SR-159).

    Browsers read `//host`, `/\host` and paths with blanks or control characters as other sites. The percent-decoded form has to pass
    too, since a proxy on the way may decode once.
    """
    if text is None or len(text) > LONGEST or not _PLAIN.fullmatch(text):
        return default
    decoded = unquote(text.partition("?")[0])
    if decoded.startswith(("//", "/\\")) or "\\" in decoded or not decoded.isprintable():
        return default
    return text


def going_on_to(path: str, then: str) -> str:
    """A path of this server that names another one as the place to go on to; without it where the two are longer than a path may be."""
    joint = "&" if "?" in path else "?"
    return local_path(f"{path}{joint}then={quote(then, safe='/')}", path)
