"""Slowing down those who guess (SR-083, SR-116), and those who ask for no end of consent pages (SR-367).

No secret rests on it: what is guessed has 256 random bits.
"""

from volary.api.limits import Counters
from volary.kit.errors import TooMany
from volary.language import mark as _
from volary.sessions.rules.guesses import network_of

WINDOW = 900
FAILURES = 300
"""Refused calls in a window of fifteen minutes from one network; then 429."""
ASKED = 3000
"""Consent pages in a window for one network. Each keeps a request for a while, and nobody has to be signed in to see one."""


class Throttle:
    """Counts in the windows that the API's limits use. `scale` is the setting that multiplies them; 0 switches this off too."""

    def __init__(self, counters: Counters, scale: float) -> None:
        self._counters = counters
        self._scale = scale

    async def failed(self, address: str, now: int) -> None:
        """Note that a call from this address was refused. Raises TooMany above the limit."""
        await self.count(f"oauth refused {network_of(address)}", FAILURES, now)

    async def asked(self, address: str, now: int) -> None:
        """Note that a consent page is shown to this address. Raises TooMany above the limit."""
        await self.count(f"oauth asked {network_of(address)}", ASKED, now)

    async def count(self, key: str, allowed: int, now: int) -> None:
        """Count one more of something. Raises TooMany above the limit."""
        if not self._scale:
            return
        window = now // (WINDOW * 1000)
        if await self._counters.hit(key, WINDOW, window) > max(1, int(allowed * self._scale)):
            raise TooMany(_("Too many requests."), retry_after=(window + 1) * WINDOW - now // 1000)
