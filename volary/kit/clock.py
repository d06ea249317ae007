"""The wall clock, passed by argument so that tests can hold it still."""

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time as integer milliseconds since 1970-01-01 UTC."""

    def now(self) -> int: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        return time.time_ns() // 1_000_000


class HeldClock:
    """A clock that moves only when it is told to: for tests, and for the twin's time travel."""

    def __init__(self, milliseconds: int = 1_790_000_000_000) -> None:
        self._now = milliseconds

    def now(self) -> int:
        return self._now

    def advance(self, milliseconds: int) -> None:
        """Move the clock; a negative value steps it back, as a badly set machine would."""
        self._now += milliseconds


SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
