"""The door where programs read what this API can do (X facts 6, `GET /2/openapi.json`). It needs no credentials, as at X."""

from collections.abc import Callable
from typing import Any

import msgspec

from volary.api.answer import JSON, Answer
from volary.api.machine import RawCall, machine


class Description:
    """The description of the API, written when somebody first asks for it."""

    def __init__(self, make: Callable[[], dict[str, Any]]) -> None:
        self._make = make
        self._written = b""

    def text(self) -> bytes:
        """The OpenAPI document as JSON."""
        if not self._written:
            self._written = msgspec.json.encode(self._make())
        return self._written


@machine("GET", "/2/openapi.json")
async def described(call: RawCall) -> Answer:
    """What this API can do."""
    return Answer(200, call.resources[Description].text(), [(b"cache-control", b"public, max-age=300")], JSON)
