"""What happened to a post, added up by hours, days or weeks."""

from collections.abc import Iterable
from typing import Literal, Protocol

from volary.kit.clock import HOUR
from volary.posts.rules.counts import hour_of

Granularity = Literal["hourly", "weekly", "daily", "total"]

_HOURS: dict[Granularity, int] = {"hourly": 1, "daily": 24, "weekly": 168}
_COUNTS = ("impressions", "likes", "unlikes", "replies", "reposts", "quotes", "bookmarks")
_ACTS = ("likes", "replies", "reposts", "quotes", "bookmarks")


class Hour(Protocol):
    """What happened in one hour."""

    @property
    def hour(self) -> int: ...
    @property
    def impressions(self) -> int: ...
    @property
    def replies(self) -> int: ...
    @property
    def quotes(self) -> int: ...
    @property
    def reposts(self) -> int: ...
    @property
    def likes(self) -> int: ...
    @property
    def unlikes(self) -> int: ...
    @property
    def bookmarks(self) -> int: ...


def hours_between(start: int, end: int) -> tuple[int, int]:
    """The hours that a time touches: the first one, and the one after the last."""
    return hour_of(start), hour_of(end + HOUR - 1)


def series(hours: Iterable[Hour], first: int, granularity: Granularity) -> list[tuple[int, dict[str, int]]]:
    """The sums of each stretch of time in which anything happened, the oldest first, with the moment at which it begins.

    Days begin at midnight UTC; weeks, and all of the time together, with the first hour that was asked for.
    """
    sums: dict[int, dict[str, int]] = {}
    for one in hours:
        sum_ = sums.setdefault(_beginning(one.hour, first, granularity), dict.fromkeys(_COUNTS, 0))
        for name in _COUNTS:
            sum_[name] += getattr(one, name)
    return [(begun * HOUR, {**sum_, "engagements": _acts(sum_)}) for begun, sum_ in sorted(sums.items())]


def nothing() -> dict[str, int]:
    """The sums of a time in which nothing happened."""
    return dict.fromkeys((*_COUNTS, "engagements"), 0)


def _beginning(hour: int, first: int, granularity: Granularity) -> int:
    if granularity == "total":
        return first
    length = _HOURS[granularity]
    start = first if granularity == "weekly" else 0
    return start + (hour - start) // length * length


def _acts(sums: dict[str, int]) -> int:
    return sum(sums[name] for name in _ACTS)
