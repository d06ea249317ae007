"""Declaring who does which job."""

from collections.abc import Awaitable, Callable, Iterable
from types import ModuleType
from typing import TypeVar

import msgspec

from volary.db import Database, Tx
from volary.kit.resources import Resources

Payload = dict[str, str | int]


class Work(msgspec.Struct, frozen=True):
    """What a handler is given besides the payload."""

    db: Database
    resources: Resources
    job_id: int
    tries: int
    """Which try this is, from 1 on."""


class GivenUp(Exception):
    """A handler says that trying again is of no use; the text, which operators read, says why."""


Handler = Callable[[Work, Payload], Awaitable[None]]
Farewell = Callable[[Tx, Payload, str], Awaitable[None]]
_H = TypeVar("_H", bound=Handler)


class Job(msgspec.Struct, frozen=True):
    """A kind of job: who does it, how often it is tried, how many seconds a try may take, and what is done when it is given up."""

    name: str
    handler: Handler
    tries: int
    seconds: float
    farewell: Farewell | None


def job(name: str, *, tries: int = 20, seconds: float = 60, farewell: Farewell | None = None) -> Callable[[_H], _H]:
    """Declare that an async function does the jobs of a name. It may be called twice for one job, and bears that.

    What it raises lets the job be tried again: twenty tries take two days (`rules.wait_after`). GivenUp ends it at once. `farewell` is an
    action of the transaction in which a job is given up; it is told the payload and the reason.
    """

    def declare(handler: _H) -> _H:
        handler.__dict__.setdefault("jobs", []).append(Job(name, handler, tries, seconds, farewell))
        return handler

    return declare


def jobs_of(modules: Iterable[ModuleType]) -> dict[str, Job]:
    """The jobs that modules declare, by name. Raises ValueError when two bear one name."""
    found: dict[str, Job] = {}
    for module in modules:
        for value in vars(module).values():
            for one in getattr(value, "jobs", ()) if getattr(value, "__module__", None) == module.__name__ else ():
                if one.name in found:
                    raise ValueError(f"two handlers are declared for {one.name}")
                found[one.name] = one
    return found
