"""Bodies that carry files: as many at once as the process has room for, each in its own time (SR-249, SR-252, SR-262).

An ordinary body is small, and read before anybody is known. One of several megabytes is kept only for a caller who may call, while fewer
than `MOST` are being kept, and not more than `MOST_OF_ONE` of them for one account: nobody's slow uploads keep everybody else out.
"""

import asyncio

from volary.api.bodies import Receive, TooLarge, read_body
from volary.kit.errors import Busy, Refusal

FORM_LIMIT = 262_144
"""The most bytes of an urlencoded form at a door that takes files. Its signature covers each of them, which costs time for each."""

MOST, MOST_OF_ONE = 16, 4
"""Bodies that are kept at once, and those of one account among them."""

DEADLINE, DRAIN_DEADLINE = 120.0, 15.0
"""Seconds in which a body with a file must arrive, and in which one that is dropped must end."""

RETRY_AFTER = 2


class LargeBodies:
    """The places that one process has for them."""

    def __init__(self) -> None:
        self._taken: dict[int | None, int] = {}

    def body(self, receive: Receive, limit: int) -> "LargeBody":
        """A body that nobody has read yet."""
        return LargeBody(self, receive, limit)

    def take(self, account_id: int | None) -> None:
        """Take a place. Raises Busy when there is none."""
        if sum(self._taken.values()) >= MOST or self._taken.get(account_id, 0) >= MOST_OF_ONE:
            raise Busy("Too many files are being sent at this moment. Please try again.", retry_after=RETRY_AFTER)
        self._taken[account_id] = self._taken.get(account_id, 0) + 1

    def give_back(self, account_id: int | None) -> None:
        """Give a place back."""
        self._taken[account_id] -= 1
        if not self._taken[account_id]:
            del self._taken[account_id]


class LargeBody:
    """One of them: read for a caller, or dropped."""

    def __init__(self, places: LargeBodies, receive: Receive, limit: int) -> None:
        self._places, self._receive, self._limit = places, receive, limit
        self._holder: int | None = None
        self._held = self._begun = self._ended = False

    async def read(self, account_id: int | None) -> bytes:
        """The whole body, in a place that is the caller's until `release`. Raises Busy, TooLarge, TooSlow."""
        self._places.take(account_id)
        self._holder, self._held, self._begun = account_id, True, True
        body = await read_body(self._receive, self._limit, DEADLINE)
        self._ended = True
        return body

    def release(self) -> None:
        """Give the place back."""
        if self._held:
            self._held = False
            self._places.give_back(self._holder)

    async def drained(self) -> bool:
        """Let a body that nobody read come in and go; whether the connection can be used again."""
        if not self._begun:
            self._begun = True
            try:
                await self._drop()
            except (Refusal, TimeoutError):
                return False
            self._ended = True
        return self._ended

    async def _drop(self) -> None:
        size, more = 0, True
        async with asyncio.timeout(DRAIN_DEADLINE):
            while more:
                message = await self._receive()
                size += len(message.get("body", b""))
                more = message["type"] == "http.request" and bool(message.get("more_body"))
                if size > self._limit:
                    raise TooLarge("The rest of the body is not waited for.")
