"""The private reasons of refusals, in the log: what a developer looks for when a signature does not fit (SR-302: no secret is in them).

At most so many a second, then their number alone: nobody can fill the disk, or keep the process busy, by being refused.
"""

import logging
import time

from volary.kit.errors import Refusal

log = logging.getLogger("volary.api")

MOST = 20
"""Reasons that are told in a second."""


class Reasons:
    """Tells them for one process."""

    def __init__(self) -> None:
        self._second = 0
        self._told = 0

    def tell(self, refusal: Refusal, request_id: str, second: int | None = None) -> None:
        """Log why a request was refused, where there is a reason beyond what the caller is told."""
        if not refusal.why:
            return
        second = int(time.monotonic()) if second is None else second
        if second != self._second:
            if self._told > MOST:
                log.info("%d more requests were refused", self._told - MOST)
            self._second, self._told = second, 0
        self._told += 1
        if self._told <= MOST:
            log.info("refused", extra={"request_id": request_id, "status": refusal.status, "why": refusal.why})


reasons = Reasons()
"""The process's own."""
