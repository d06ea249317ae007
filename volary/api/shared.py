"""Rate windows that several processes share, in Valkey or Redis.

While Valkey is away each process counts for itself, as if every other one had used just as much: open, but bounded (security
decision D5). A Valkey that hangs holds up one request every two seconds for a tenth of a second, and nobody else (SR-343).
"""

import logging
import time
from collections.abc import Sequence

from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

from volary.api.limits import OwnCounters

log = logging.getLogger("volary.limits")

PAUSE = 2.0
"""Seconds to leave Valkey alone after it failed; then one request tries it again."""


class SharedCounters:
    """Counts in Valkey. `processes` is how many share it, for the time in which it is away.

    The client's own timeouts say how long an answer may take: a command that is cancelled from outside could leave its answer to the next.
    """

    def __init__(self, client: Valkey, processes: int) -> None:
        self._client = client
        self._processes = max(1, processes)
        self._own = OwnCounters()
        self._away = False
        self._try_again_at = 0.0

    async def hit(self, key: str, seconds: int, window: int) -> int:
        if not self._away or self._may_try():
            try:
                count = await self._in_valkey(_name(key, seconds, window), seconds)
            except (ValkeyError, OSError, TimeoutError) as error:
                self._failed(error)
            else:
                self._answered()
                return count
        return await self._own.hit(key, seconds, window) * self._processes

    async def counted(self, asked: Sequence[tuple[str, int, int]]) -> list[int]:
        if asked and (not self._away or self._may_try()):
            try:
                found = await self._client.mget([_name(*one) for one in asked])
            except (ValkeyError, OSError, TimeoutError) as error:
                self._failed(error)
            else:
                self._answered()
                return [int(count or 0) for count in found]
        return [count * self._processes for count in await self._own.counted(asked)]

    async def _in_valkey(self, name: str, seconds: int) -> int:
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.incr(name)
            pipe.expire(name, seconds + 60)
            count, _ = await pipe.execute()
        return int(count)

    def _may_try(self) -> bool:
        """Whether this request is the one that tries again; whoever comes meanwhile counts here."""
        now = time.monotonic()
        if now < self._try_again_at:
            return False
        self._try_again_at = now + PAUSE
        return True

    def _failed(self, error: Exception) -> None:
        if not self._away:
            log.warning("Valkey does not answer, limits are counted in each process: %s", error)
        self._away = True
        self._try_again_at = time.monotonic() + PAUSE

    def _answered(self) -> None:
        if self._away:
            log.info("Valkey answers again")
        self._away = False


def _name(key: str, seconds: int, window: int) -> str:
    return f"volary:limit:{seconds}:{window}:{key}"
