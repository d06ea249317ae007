"""Work beside the requests: small recurring tasks of one process, each on its own, each told when to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import msgspec

from volary.kit.whence import ACTOR, SYSTEM

log = logging.getLogger("volary.background")

Task = Callable[[], Awaitable[object]]


class Recurring(msgspec.Struct, frozen=True):
    """A task, how often it runs, and whether it runs a last time when the process stops (to write down what it holds)."""

    name: str
    seconds: float
    task: Task
    at_end: bool = False


class Background:
    """Runs recurring tasks until it is stopped. A task that fails is logged and runs again at its next time."""

    def __init__(self, tasks: list[Recurring]) -> None:
        self._tasks = tasks
        self._stop = asyncio.Event()
        self._running: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin; must be called in the event loop."""
        self._running = [asyncio.create_task(self._recur(one), name=one.name) for one in self._tasks]

    async def stop(self) -> None:
        """Let what runs now finish, then run the last round of those that want one."""
        self._stop.set()
        await asyncio.gather(*self._running)
        for one in self._tasks:
            if one.at_end:
                await _run(one)

    async def _recur(self, one: Recurring) -> None:
        ACTOR.set(SYSTEM)
        while not self._stop.is_set():
            try:
                await asyncio.wait_for(self._stop.wait(), one.seconds)
            except TimeoutError:
                await _run(one)


async def _run(one: Recurring) -> None:
    try:
        await one.task()
    except Exception:
        log.exception("%s failed; it runs again in %g seconds", one.name, one.seconds)
