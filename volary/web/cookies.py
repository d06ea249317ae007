"""Cookies: `__Host-` names on https, plain names on http, and always HttpOnly, SameSite=Lax and Path=/ (SR-145).

Handlers use the short name; which spelling stands on the wire depends on the origin under which the visitor reached us. On https a
cookie without the prefix is never read, so that a neighbouring site under the same domain cannot plant one.
"""

import re
from collections.abc import Mapping

from starlette.requests import cookie_parser

PREFIX = "__Host-"
_NAME = re.compile(r"[a-z_]+")
_VALUE = re.compile(r"[A-Za-z0-9._~=-]*")


def read(header: str, *, secure: bool) -> dict[str, str]:
    """The cookies of a request under their short names."""
    sent = cookie_parser(header)
    if secure:
        return {name.removeprefix(PREFIX): value for name, value in sent.items() if name.startswith(PREFIX)}
    return {name: value for name, value in sent.items() if not name.startswith("__")}


def written(name: str, value: str, *, secure: bool, max_age: int | None = None) -> str:
    """The text of a Set-Cookie header. `max_age` in seconds; None lasts until the browser is closed, 0 deletes.

    Raises ValueError for a name or value that would need quoting: encode it first.
    """
    if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
        raise ValueError(f"the cookie {name!r} cannot be written as it is")
    parts = [f"{PREFIX if secure else ''}{name}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
    if secure:
        parts.append("Secure")
    if max_age is not None:
        parts.append(f"Max-Age={max_age}")
    return "; ".join(parts)


def joined(headers: Mapping[str, str]) -> str:
    """The Cookie header, empty when there is none."""
    return headers.get("cookie", "")
