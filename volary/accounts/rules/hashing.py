"""Argon2id off the event loop, by a few threads with a bounded queue (SR-352, decision 0021).

OWASP's smaller setting: 19 MiB, two passes, one lane; 20 ms for one. The threads are the permits: a client that goes away frees its
place in the queue, but never starts another hash beside the one that still runs. In a server each thread has the computing done by a
process of its own and waits for it.
"""

import asyncio
import base64
import contextlib
import os
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

import argon2

from volary.accounts.errors import Refused
from volary.accounts.rules import argon2id
from volary.accounts.rules.breached import Breached
from volary.accounts.rules.hashing_process import HashingProcess
from volary.accounts.rules.passwords import BREACHED, LONG, MAX_BYTES, prepared
from volary.kit.errors import Busy
from volary.language import mark as _

T = TypeVar("T")

MEMORY, PASSES = 19_456, 2
"""KiB and passes of one hash."""

RETRY_AFTER = 2
"""Seconds after which a full queue has surely moved."""


class _Hashing(Protocol):
    """The module `argon2id`, or a process that does the same."""

    def hashed(self, plain: bytes, memory: int, passes: int) -> bytes: ...

    def matches(self, kept: bytes, plain: bytes) -> bool: ...


class PasswordHasher:
    """Hashes and verifies passwords, `slots` at a time; `queue` more may wait, the next one is told to come back.

    `sender` is the network that asks. It never has more than three quarters of the places: whoever signs in to an own account without
    end, which no count of wrong passwords sees, leaves room for everybody else.

    With `apart` the hashes are computed in processes of their own, which is for a server: no other request notices them. They cost
    50 ms at the first hash, which a command that makes one or two would wait for in vain. `breached` is the operator's list of passwords
    that nobody may choose any more.
    """

    def __init__(
        self,
        slots: int = 2,
        queue: int = 32,
        *,
        memory: int = MEMORY,
        passes: int = PASSES,
        apart: bool = False,
        breached: Breached | None = None,
    ) -> None:
        self._breached = breached
        self._memory, self._passes = memory, passes
        self._kind = argon2.PasswordHasher(time_cost=passes, memory_cost=memory, parallelism=1)
        self._threads = ThreadPoolExecutor(slots, thread_name_prefix="password")
        self._processes = [HashingProcess() for _ in range(slots)] if apart else []
        self._idle: list[_Hashing] = list(self._processes) or [argon2id] * slots
        self._places = slots + queue
        self._share = max(1, self._places * 3 // 4)
        self._taken: Counter[str] = Counter()
        self._nobodys = _hash_of_nobody(memory, passes)
        self._counting = threading.Lock()
        self.computed = 0
        """How many hashes were computed, for metrics and for tests that compare work instead of time (SR-153)."""

    async def hash(self, password: str, sender: str = "", *, new: bool = True) -> str:
        """A password as it is kept. Raises Refused for one above 1,024 bytes, Busy when the queue is full.

        A `new` one is looked up in the operator's list of breached passwords, on the thread that would compute: every door at which a
        password is chosen comes by here. Raises Refused for one that stands there.
        """
        plain = prepared(password)
        if plain is None:
            raise Refused(LONG, field="password", limit=MAX_BYTES)
        return (await self._off_the_loop(lambda it: self._kept(it, plain, new), sender)).decode()

    def _kept(self, hashing: _Hashing, plain: bytes, new: bool) -> bytes:
        # A list that is being replaced just now keeps nobody from changing a password.
        with contextlib.suppress(OSError):
            if new and self._breached is not None and self._breached.has(plain):
                raise Refused(BREACHED, field="password")
        return hashing.hashed(plain, self._memory, self._passes)

    async def verify(self, kept: str | None, password: str, sender: str = "") -> bool:
        """Whether this is the password. Without a hash as much work is done for nobody (SR-153). Raises Busy when the queue is full."""
        plain = prepared(password)
        if plain is None:
            return False
        compared = (kept or self._nobodys).encode()
        matches = await self._off_the_loop(lambda it: it.matches(compared, plain), sender)
        return matches and bool(kept)

    def refuse_if_full(self, sender: str = "") -> None:
        """Raise Busy when the queue is full now: asked first, it spares a wave of sign-ins all other work (SR-352)."""
        if self._places <= 0 or (sender and self._taken[sender] >= self._share):
            why = "the queue for password hashes is full"
            raise Busy(_("The server is busy. Please try again in a moment."), retry_after=RETRY_AFTER, why=why)

    def outdated(self, kept: str) -> bool:
        """Whether a hash was made with other parameters, so that it should be made again while the password is at hand."""
        return self._kind.check_needs_rehash(kept)

    def close(self) -> None:
        """Wait for the running hashes and drop those that wait."""
        self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            process.close()

    async def _off_the_loop(self, work: Callable[[_Hashing], T], sender: str) -> T:
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

    def _counted(self, work: Callable[[_Hashing], T]) -> T:
        with self._counting:
            self.computed += 1
        hashing = self._idle.pop()  # there is one for each thread
        try:
            return work(hashing)
        finally:
            self._idle.append(hashing)


def _hash_of_nobody(memory: int, passes: int) -> str:
    """A well-formed hash of no password at all: verifying it costs what verifying a real one costs."""
    salt, tag = (base64.b64encode(os.urandom(length)).rstrip(b"=").decode() for length in (16, 32))
    return f"$argon2id$v=19$m={memory},t={passes},p=1${salt}${tag}"
