"""Where an action's new ids come from. They stop when the worker id behind them may belong to somebody else."""

import math
import time

from volary.db.errors import busy
from volary.kit.clock import Clock
from volary.kit.ids import Snowflakes


class IdSource:
    """Makes snowflakes for as long as this process holds its worker id. It starts when the database has told its newest id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._maker: Snowflakes | None = None
        self._newest = 0
        self._until = -math.inf

    def start(self, worker: int, newest: int, until: float = math.inf) -> None:
        """Make ids as `worker`, all larger than `newest`, until a moment of the monotonic clock."""
        self._newest = max(newest, self._newest)
        self._maker = Snowflakes(self._clock, worker, self._newest)
        self._until = until

    def extend(self, until: float) -> None:
        """The worker id was leased anew."""
        self._until = until

    def next(self) -> int:
        """A new id. Raises Busy when the lease of the worker id ran out (the database was away for too long)."""
        if self._maker is None or time.monotonic() > self._until:
            raise busy("no worker id is leased")
        self._newest = self._maker.next()
        return self._newest
