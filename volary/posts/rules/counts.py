"""What is counted of a post by the hour, for how long, and what its author may read of it (X facts 5.2, private metrics)."""

from volary.kit.clock import DAY, HOUR
from volary.kit.ids import first_id_at, moment_of

YOUNG = 30 * DAY
"""How long a post is counted by the hour, and its author may read its private metrics: so a post has at most 721 such hours."""

KEPT = 90 * DAY
"""How old a post is when its hours are deleted."""


def hour_of(moment: int) -> int:
    """The hour of a moment, counted from 1970."""
    return moment // HOUR


def young(post_id: int, now: int) -> bool:
    """Whether a post is counted by the hour."""
    return now - moment_of(post_id) < YOUNG


def last_forgotten(now: int) -> int:
    """The posts with smaller ids are so old that their hours go."""
    return first_id_at(now - KEPT)
