"""Rate windows that several processes share, in Valkey or Redis.

While Valkey is away each process counts for itself, as if every other one had used just as much: open, but bounded (security
decision D5). A breaker keeps a Valkey that hangs from holding up every request.
"""

import logging

from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

from volary.api.limits import OwnCounters
from volary.kit.clock import SECOND, Clock

log = logging.getLogger("volary.limits")

PAUSE = 2 * SECOND
"""How long to leave Valkey alone after it failed."""


class SharedCounters:
    """Counts in Valkey. `processes` is how many share it, for the time in which it is away."""

    def __init__(self, client: Valkey, clock: Clock, processes: int) -> None:
        self._client = client
        self._clock = clock
        self._processes = max(1, processes)
        self._own = OwnCounters()
        self._away_until = 0

    async def hit(self, key: str, seconds: int, window: int) -> int:
        if self._clock.now() >= self._away_until:
            try:
                name = f"volary:limit:{seconds}:{window}:{key}"
                async with self._client.pipeline(transaction=False) as pipe:
                    pipe.incr(name)
                    pipe.expire(name, seconds + 60)
                    count, _ = await pipe.execute()
            except (ValkeyError, OSError, TimeoutError) as error:
                self._away_until = self._clock.now() + PAUSE
                log.warning("limits are counted in this process only: %s", error)
            else:
                return int(count)
        return await self._own.hit(key, seconds, window) * self._processes
