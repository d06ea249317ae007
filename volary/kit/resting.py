"""Work beside the requests that leaves them their time."""

import asyncio
import time
from types import TracebackType
from typing import Self

SHARE = 3
"""How many times as long as it worked a task rests: it takes a quarter of the time at the most."""

_LONGEST = 1.0


class Resting:
    """A stretch of work, and the rest behind it. On a busy server both take longer, and the requests go first."""

    async def __aenter__(self) -> Self:
        self._began = time.perf_counter()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.sleep(min(_LONGEST, SHARE * (time.perf_counter() - self._began)))
