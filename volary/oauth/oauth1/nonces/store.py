"""What every store of nonces does, and how long it must remember."""

from typing import Protocol

WINDOW = 300
"""Seconds that a timestamp may lie before or after the server's clock."""

KEPT = 2 * WINDOW
"""Seconds that a nonce is remembered after its timestamp. Twice what is needed: a clock that is set back a little opens no window."""

BUSY = "The server is busy. Please try again in a moment."
"""What a caller is told while nonces cannot be remembered: the door stays closed (security decision D5)."""


class NonceStore(Protocol):
    """Takes each nonce once."""

    async def take(self, second: int, digest: bytes) -> bool:
        """Remember a request of this second; False when it was seen before, or can no longer be told apart from one that was.

        Raises Busy when the store cannot remember now: a request that cannot be remembered must not be let in.
        """
        ...

    async def sweep(self) -> int:
        """Forget what can come in no more, in small steps; how many rows or files there were. To be run every few minutes."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...
