"""Nonces in Valkey, for processes that share one: a key for each, set only where there is none, gone by itself.

While Valkey is away, signed requests are refused with 503. There is no second place to fall back to: a nonce that was taken in one place
could be taken again in the other (security decision D5: closed). A Valkey that comes back empty lets requests of the last five minutes
in a second time; docs/runbooks say so.
"""

import asyncio
import time
from typing import Any, Protocol

from valkey.exceptions import ValkeyError

from volary.kit.errors import Busy
from volary.oauth.oauth1.nonces.store import BUSY, KEPT

_PATIENCE = 0.25
"""Seconds to wait for an answer."""
_PAUSE = 1.0
"""Seconds in which nobody asks again after an answer failed to come, so that a stalled Valkey holds nobody up (SR-343)."""


class Client(Protocol):
    """The part of `valkey.asyncio.Valkey`, or of its cluster's client, that is used here."""

    def set(self, name: bytes, value: bytes, *, ex: int, nx: bool) -> Any: ...


class SharedNonces:
    """Nonces of all processes that use one Valkey. The client belongs to whoever opened it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._paused_until = 0.0

    async def take(self, second: int, digest: bytes) -> bool:
        if time.monotonic() < self._paused_until:
            raise Busy(BUSY, retry_after=1, why="nonces: Valkey did not answer a moment ago")
        name = b"volary:nonce:%d:%b" % (second, digest.hex().encode())
        try:
            async with asyncio.timeout(_PATIENCE):
                return bool(await self._client.set(name, b"", ex=KEPT, nx=True))
        except (ValkeyError, OSError, TimeoutError) as error:
            self._paused_until = time.monotonic() + _PAUSE
            raise Busy(BUSY, retry_after=1, why=f"nonces: {error!r}") from error

    async def sweep(self) -> int:
        return 0

    async def close(self) -> None:
        pass
