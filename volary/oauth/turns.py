"""Whoever brings the same secret at the same moment stands in line.

The database alone decides who takes a code or a refresh token. But fifty who try at once on PostgreSQL would make forty-nine of them fail
and try again together, until some give up with 503 (SR-310, SR-311). In line, each sees what the one before it did.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from volary.kit.secrets import digest


class Turns:
    """The lines of one process. A line that nobody stands in is forgotten."""

    def __init__(self) -> None:
        self._lines: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, secret: str) -> AsyncIterator[None]:
        """Wait until everybody in this process who came before with the same secret is done."""
        key = digest(secret)
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = asyncio.Lock()
        async with line:
            yield
