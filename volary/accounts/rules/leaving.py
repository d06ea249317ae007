"""How long somebody who went away can come back."""

from volary.kit.clock import DAY

RETURN_WITHIN = 30 * DAY
"""From the moment at which an account was deactivated; after that it is erased."""


def gone_at(deactivated_at: int) -> int:
    """From when on a deactivated account is erased and cannot come back."""
    return deactivated_at + RETURN_WITHIN
