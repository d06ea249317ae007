"""Charts as numbers: what the template only has to write down."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

WIDTH, HEIGHT = 600.0, 160.0
"""The inner measures of a chart; the page stretches it."""

KINDS = ("answered", "refused", "limited", "failed")
"""The parts of a day's bar, from the ground up."""


class Day(Protocol):
    """What came of a day's requests."""

    @property
    def requests(self) -> int: ...
    @property
    def refused(self) -> int: ...
    @property
    def limited(self) -> int: ...
    @property
    def failed(self) -> int: ...


class Bar(msgspec.Struct, frozen=True):
    """A part of a day's bar, in the chart's measures."""

    kind: str
    x: float
    y: float
    width: float
    height: float


def answered(row: Day) -> int:
    """How many calls were neither refused nor failed."""
    return row.requests - row.refused - row.limited - row.failed


def chart(days: Sequence[Day]) -> list[Bar]:
    """Stacked bars, a day beside the other, the highest as high as the chart; what is there is at least a pixel high."""
    most = max((row.requests for row in days), default=0) or 1
    step = WIDTH / max(1, len(days))
    bars = []
    for place, row in enumerate(days):
        top = HEIGHT
        for kind in KINDS:
            count = answered(row) if kind == "answered" else getattr(row, kind)
            if count:
                height = min(top, max(1.5, count / most * HEIGHT))
                top -= height
                bars.append(Bar(kind, round(place * step, 2), round(top, 2), round(step * 0.8, 2), round(height, 2)))
    return bars
