"""Snowflake ids: 41 bits of milliseconds, 10 bits of worker, 12 bits of sequence, as X lays them out (X facts 5.1).

The ids of one worker grow strictly, also when the machine's clock stands still or steps back: the maker keeps a logical clock that
never runs backwards (SR-350).
"""

import re

from volary.kit.clock import Clock

EPOCH = 1_288_834_974_657
"""The millisecond that ids count from: X's, so that clients which read a time out of an id read the right one."""

LARGEST_ID = (1 << 63) - 1
"""The largest number that an id's column holds."""

MAX_WORKER = 1023
_SEQUENCE = 4096
_DIGITS = re.compile(r"[0-9]{1,19}")


class Snowflakes:
    """Makes the ids of one process. `worker` must be held by no other process that writes to the same database.

    `after` is the largest id that this worker is known to have made before; a restart on a clock that was set back continues there.
    """

    def __init__(self, clock: Clock, worker: int = 0, after: int = 0) -> None:
        if not 0 <= worker <= MAX_WORKER:
            raise ValueError(f"a worker id lies between 0 and {MAX_WORKER}")
        self._clock = clock
        self._worker = worker << 12
        self._millisecond = after >> 22
        self._sequence = _SEQUENCE - 1 if after else -1

    def next(self) -> int:
        """A new id, larger than every id that this maker gave before."""
        now = self._clock.now() - EPOCH
        if now > self._millisecond:
            self._millisecond, self._sequence = now, 0
        else:
            self._sequence += 1
            if self._sequence >= _SEQUENCE:
                self._millisecond, self._sequence = self._millisecond + 1, 0
        return (self._millisecond << 22) | self._worker | self._sequence


def id_in(text: str) -> int | None:
    """The id that a text sent by somebody writes in ASCII digits; None for what is none and for what no column holds."""
    return int(text) if _DIGITS.fullmatch(text) and int(text) <= LARGEST_ID else None


def moment_of(snowflake: int) -> int:
    """When an id was made, in milliseconds since 1970."""
    return (snowflake >> 22) + EPOCH


def first_id_at(moment: int) -> int:
    """The smallest id that could be made at a moment (milliseconds since 1970): turns a time filter into an id filter."""
    return max(0, moment - EPOCH) << 22
