"""Days as calls are counted by them."""

from volary.kit.clock import DAY


def today(now: int) -> int:
    """The day of a moment, counted from 1970 in UTC."""
    return now // DAY
