"""Slowing down those who guess (SR-083, SR-116). Nothing rests on it: what is guessed has 256 random bits."""

import ipaddress

from volary.api.limits import Counters
from volary.kit.errors import TooMany

WINDOW = 900
FAILURES = 300
"""Refused calls in a window of fifteen minutes from one address; then 429."""


class Throttle:
    """Counts in the windows that the API's limits use. `scale` is the setting that multiplies them; 0 switches this off too."""

    def __init__(self, counters: Counters, scale: float) -> None:
        self._counters = counters
        self._scale = scale

    async def failed(self, address: str, now: int) -> None:
        """Note that a call from this address was refused. Raises TooMany above the limit."""
        await self.count(f"oauth refused {network(address)}", FAILURES, now)

    async def count(self, key: str, allowed: int, now: int) -> None:
        """Count one more of something. Raises TooMany above the limit."""
        if not self._scale:
            return
        window = now // (WINDOW * 1000)
        if await self._counters.hit(key, WINDOW, window) > max(1, int(allowed * self._scale)):
            raise TooMany("Too many requests.", retry_after=(window + 1) * WINDOW - now // 1000)


def network(address: str) -> str:
    """What counts as one caller: an IPv4 address, or the /64 of an IPv6 address, all of which one machine may have (SR-152)."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if known.version == 4 else str(ipaddress.ip_network(f"{known}/64", strict=False))
