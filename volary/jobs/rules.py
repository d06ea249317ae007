"""How long a failed job waits for its next try."""

from volary.kit.clock import HOUR, MINUTE

FIRST_WAIT = MINUTE
LONGEST_WAIT = 4 * HOUR
SPREAD = 0.2
"""Each wait is up to so much shorter or longer, so that what failed together does not come back together."""


def wait_after(tries: int, dice: float) -> int:
    """Milliseconds between a try that failed, the `tries`th, and the next: a minute, doubled each time, four hours at the most.

    `dice` is a random number from 0 to 1.
    """
    wait: int = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(tries - 1, 20))
    return int(wait * (1 - SPREAD + 2 * SPREAD * dice))
