"""Stretches of time that counts are given for: whole minutes, hours or days, cut off where the request begins and ends."""

from collections.abc import Mapping

import msgspec

MOST = 10_080
"""Stretches on one page: a week of minutes."""


class Span(msgspec.Struct, frozen=True):
    """A page's stretch of time, in milliseconds."""

    start: int
    end: int

    @classmethod
    def of(cls, start: int, end: int, size: int) -> "Span":
        """The latest part of a time that fits on one page. It begins at the start of a stretch, or where the time begins."""
        if end <= start:
            return cls(start, start)
        last = (end - 1) // size
        return cls(max(start, (last - MOST + 1) * size), end)

    def since(self, moment: int, size: int) -> "Span":
        """What is left of it after a moment: whole stretches, or a part of the last one where that alone is too much."""
        begin = (moment // size + 1) * size
        return Span(begin if begin < self.end else max(self.start, min(moment + 1, self.end - 1)), self.end)


def stretches(span: Span, size: int, found: Mapping[int, int]) -> list[tuple[int, int, int]]:
    """From when to when and how many, for every stretch of the span, the earliest first."""
    if span.end <= span.start:
        return []
    numbers = range(span.start // size, (span.end - 1) // size + 1)
    return [(max(span.start, one * size), min(span.end, (one + 1) * size), found.get(one, 0)) for one in numbers]
