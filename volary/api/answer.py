"""What a door of the API sends back: a status, headers and bytes."""

from collections.abc import AsyncIterator
from typing import Protocol

import msgspec

from volary.access.caller import Caller
from volary.kit.errors import Refusal

JSON = b"application/json; charset=utf-8"
PROBLEM = b"application/problem+json; charset=utf-8"
FORM = b"text/html; charset=utf-8"
"""X answers OAuth 1.0a's form-encoded bodies as HTML text (X facts 1.2)."""

Headers = list[tuple[bytes, bytes]]

NO_STORE: Headers = [(b"cache-control", b"no-store"), (b"pragma", b"no-cache")]
"""For every answer that holds a token or speaks about one (RFC 6749 §5.1, SR-110)."""

_encode = msgspec.json.Encoder().encode


class Pieces(Protocol):
    """A body that is too large to hold. Whoever does not read it closes it."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    def close(self) -> None:
        """Read no more."""
        ...


class Answer(msgspec.Struct):
    """A finished answer. `headers` come on top of content type and length; names in lower case.

    One with `pieces` has them for its body, and says its length itself.
    """

    status: int
    body: bytes = b""
    headers: Headers = []
    content_type: bytes = JSON
    client_id: str = ""
    """The OAuth 2.0 client that the request named, where the door reads one: decides which site's scripts may read the answer."""
    pieces: Pieces | None = None
    caller: Caller | None = None
    """Who called, where the door knows one."""
    app_id: int = 0
    """The App that proved itself at a door that makes no Caller."""
    refusal: Refusal | None = None
    """Why it was refused: for the record of the App, never for the answer."""


def json_answer(status: int, value: object, headers: Headers | None = None, content_type: bytes = JSON) -> Answer:
    """An answer whose body is the value as JSON."""
    return Answer(status, _encode(value), headers if headers is not None else [], content_type)
