"""Notices when the machine's clock is set: what expires, and whose signature is in time, is judged by it (SR-349).

The system's steady clock, which nobody can set, says how far the wall clock should have come.
"""

import logging
import time
from collections.abc import Callable

from volary.kit.clock import SECOND, Clock, SystemClock

log = logging.getLogger("volary.clock")

WATCH_SECONDS = 5.0
_STEP = SECOND
"""Milliseconds between two looks that are a step. A clock that is being corrected slowly gains or loses less than 10 in that time."""


class ClockWatch:
    """Compares the two clocks each time it is asked to look, and says each step once."""

    def __init__(self, clock: Clock | None = None, steady: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock or SystemClock()
        self._steady = steady
        self._apart = self._difference()

    async def look(self) -> None:
        """Log a warning when the clock was set since the last look: by how much, in which direction, and what that means."""
        apart = self._difference()
        step, self._apart = apart - self._apart, apart
        if step >= _STEP:
            log.warning(
                "the machine's clock went ahead by %.1f s, or the machine slept: what expires ends that much earlier",
                step / 1000,
            )
        elif step <= -_STEP:
            log.warning(
                "the machine's clock was set back by %.1f s: what expires lives that much longer, and signed requests of the time before "
                "may be refused for five minutes",
                -step / 1000,
            )

    def _difference(self) -> int:
        return self._clock.now() - round(self._steady() * 1000)
