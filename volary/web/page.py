"""Doors: which handler answers which method and path, declared above the handler."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

import msgspec
from starlette.responses import Response

if TYPE_CHECKING:
    from volary.web.visit import Visit

Handler = Callable[["Visit"], Awaitable[Response]]

_H = TypeVar("_H", bound=Handler)

FORM_LIMIT = 16 * 1024
"""How many bytes a form may have, files apart."""


class Door(msgspec.Struct, frozen=True):
    """One method and path, the handler behind it, and who may enter."""

    method: str
    path: str
    handler: Handler
    signed_in: bool
    form_limit: int
    files: Mapping[str, int]
    stale: Handler | None = None
    always: bool = False


def page(
    method: str,
    path: str,
    *,
    signed_in: bool = False,
    form_limit: int = FORM_LIMIT,
    files: Mapping[str, int] | None = None,
    stale: Handler | None = None,
    always: bool = False,
) -> Callable[[_H], _H]:
    """Declare that an async function answers a method (GET or POST) and a path; `{name}` in it takes one segment.

    `signed_in` sends everybody else to the sign-in page and back. `files` names the file fields of a multipart form, each with its
    largest size in bytes; without it, forms are urlencoded. A POST has its CSRF token checked before the handler runs. `stale` answers
    a POST of our own site whose token belongs to another session, in place of the page that refuses it: it must change nothing.
    `always`: the form is taken while the installation is read-only too, as signing in and all that ends access are.
    """
    if method not in {"GET", "POST"} or not path.startswith("/"):
        raise ValueError(f"{method} {path} cannot be the door of a page")

    def declare(handler: _H) -> _H:
        door = Door(method, path, handler, signed_in, form_limit, dict(files or {}), stale, always)
        handler.__dict__.setdefault("doors", []).append(door)
        return handler

    return declare


def doors_of(module: ModuleType) -> list[Door]:
    """The doors that a module declares; of a package, those of its modules too."""
    doors = [
        door
        for value in vars(module).values()
        if getattr(value, "__module__", None) == module.__name__
        for door in getattr(value, "doors", ())
    ]
    for found in pkgutil.iter_modules(getattr(module, "__path__", ())):
        doors += doors_of(importlib.import_module(f"{module.__name__}.{found.name}"))
    return doors
