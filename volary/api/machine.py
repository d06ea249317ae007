"""Doors that machines use and that are not operations of the resource API: tokens, metadata, health.

They get the request as it came (raw bytes, so that signatures can be checked) and answer bytes in their own format.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec

from volary.api.answer import Answer
from volary.db import Database
from volary.kit.resources import Resources
from volary.settings import Settings


class RawCall(msgspec.Struct, frozen=True):
    """A request as it arrived. `raw_path` and `query_string` are untouched bytes, `path` is decoded, `address` the client's."""

    method: str
    path: str
    raw_path: bytes
    query_string: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes
    address: str
    request_id: str
    db: Database
    settings: Settings
    resources: Resources

    def header(self, name: bytes) -> bytes | None:
        """The first header of that name (lower case), or None."""
        for key, value in self.headers:
            if key == name:
                return value
        return None

    @property
    def form(self) -> bytes:
        """The body, where its Content-Type says that it is a form, else nothing.

        Signatures and operations both read forms here: what one of them took for a form and the other did not would be a parameter
        that nobody signed (SR-043).
        """
        return self.body if self.body and self.kind == b"application/x-www-form-urlencoded" else b""

    @property
    def kind(self) -> bytes:
        """What the body is said to be: the Content-Type without its parameters, in lower case."""
        return (self.header(b"content-type") or b"").partition(b";")[0].strip().lower()

    def headers_of(self, name: bytes) -> list[bytes]:
        """Every header of that name: more than one of a kind is often a reason to refuse."""
        return [value for key, value in self.headers if key == name]


MachineHandler = Callable[[RawCall], Awaitable[Answer]]


class Machine(msgspec.Struct, frozen=True):
    """A declared door: method, path without parameters, the most bytes that its body may have, and the function behind it."""

    method: str
    path: str
    body_limit: int
    handler: MachineHandler


_F = TypeVar("_F", bound=MachineHandler)
_DECLARED: dict[str, list[Machine]] = {}


def machine(method: str, path: str, *, body_limit: int = 16_384) -> Callable[[_F], _F]:
    """Declare a door. It opens when the server collects its module with `machines_of`."""

    def declare(handler: _F) -> _F:
        _DECLARED.setdefault(handler.__module__, []).append(Machine(method, path, body_limit, handler))
        return handler

    return declare


def machines_of(module: str) -> list[Machine]:
    """The doors that a module declared."""
    return list(_DECLARED.get(module, ()))
