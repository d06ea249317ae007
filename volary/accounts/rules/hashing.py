"""Argon2id off the event loop, in a few threads with a bounded queue (SR-352, decision 0021).

OWASP's smaller setting: 19 MiB, two passes, one lane; 22 ms for one, 35 a second for two threads on two cores. The threads are the
permits: a client that goes away frees its place in the queue, but never starts another hash beside the one that still runs.
"""

import asyncio
import base64
import contextlib
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import argon2

from volary.accounts.errors import Refused
from volary.accounts.rules.passwords import LONG, MAX_BYTES, prepared
from volary.kit.errors import Busy
from volary.language import mark as _

T = TypeVar("T")

MEMORY, PASSES = 19_456, 2
"""KiB and passes of one hash."""

RETRY_AFTER = 2
"""Seconds after which a full queue has surely moved."""


class PasswordHasher:
    """Hashes and verifies passwords, `slots` at a time; `queue` more may wait, the next one is told to come back.

    `sender` is the network that asks. It never has more than three quarters of the places: whoever signs in to an own account without
    end, which no count of wrong passwords sees, leaves room for everybody else.
    """

    def __init__(self, slots: int = 2, queue: int = 32, *, memory: int = MEMORY, passes: int = PASSES) -> None:
        self._argon2 = argon2.PasswordHasher(time_cost=passes, memory_cost=memory, parallelism=1)
        self._threads = ThreadPoolExecutor(slots, thread_name_prefix="password", initializer=_give_way)
        self._places = slots + queue
        self._share = max(1, self._places * 3 // 4)
        self._taken: Counter[str] = Counter()
        self._nobodys = _hash_of_nobody(memory, passes)
        self._counting = threading.Lock()
        self.computed = 0
        """How many hashes were computed, for metrics and for tests that compare work instead of time (SR-153)."""

    async def hash(self, password: str, sender: str = "") -> str:
        """A password as it is kept. Raises Refused for one above 1,024 bytes, Busy when the queue is full."""
        plain = prepared(password)
        if plain is None:
            raise Refused(LONG, field="password", limit=MAX_BYTES)
        return await self._off_the_loop(lambda: self._argon2.hash(plain), sender)

    async def verify(self, kept: str | None, password: str, sender: str = "") -> bool:
        """Whether this is the password. Without a hash as much work is done for nobody (SR-153). Raises Busy when the queue is full."""
        plain = prepared(password)
        if plain is None:
            return False
        return await self._off_the_loop(lambda: self._matches(kept, plain), sender)

    def refuse_if_full(self, sender: str = "") -> None:
        """Raise Busy when the queue is full now: asked first, it spares a wave of sign-ins all other work (SR-352)."""
        if self._places <= 0 or (sender and self._taken[sender] >= self._share):
            why = "the queue for password hashes is full"
            raise Busy(_("The server is busy. Please try again in a moment."), retry_after=RETRY_AFTER, why=why)

    def outdated(self, kept: str) -> bool:
        """Whether a hash was made with other parameters, so that it should be made again while the password is at hand."""
        return self._argon2.check_needs_rehash(kept)

    def close(self) -> None:
        """Let the running hashes finish and drop those that wait."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, kept: str | None, plain: bytes) -> bool:
        try:
            self._argon2.verify(kept or self._nobodys, plain)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
        return bool(kept)

    async def _off_the_loop(self, work: Callable[[], T], sender: str) -> T:
        self.refuse_if_full(sender)
        future = self._threads.submit(self._counted, work)
        with self._counting:
            self._places -= 1
            self._taken[sender] += 1
        # The place is given back when the thread is done with it, not when its client stops waiting.
        future.add_done_callback(lambda _done: self._give_place_back(sender))
        return await asyncio.wrap_future(future)

    def _give_place_back(self, sender: str) -> None:
        with self._counting:
            self._places += 1
            self._taken[sender] -= 1
            if not self._taken[sender]:
                del self._taken[sender]

    def _counted(self, work: Callable[[], T]) -> T:
        with self._counting:
            self.computed += 1
        return work()


def _hash_of_nobody(memory: int, passes: int) -> str:
    """A well-formed hash of no password at all: verifying it costs what verifying a real one costs."""
    salt, tag = (base64.b64encode(os.urandom(length)).rstrip(b"=").decode() for length in (16, 32))
    return f"$argon2id$v=19$m={memory},t={passes},p=1${salt}${tag}"


def _give_way() -> None:
    """Run this thread behind the event loop where the system lets one thread do so, so that a wave of sign-ins slows nobody else."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
