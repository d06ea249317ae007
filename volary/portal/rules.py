"""Charts as numbers: what the template only has to write down."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

WIDTH, HEIGHT = 600.0, 160.0
"""The inner measures of a chart; the page stretches it."""

_LEAST = 1.5
"""How high the smallest part of a bar is."""


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
        for kind, height in _heights(row, most):
            top -= height
            bars.append(Bar(kind, round(place * step, 2), round(top, 2), round(step * 0.8, 2), round(height, 2)))
    return bars


def _heights(row: Day, most: int) -> list[tuple[str, float]]:
    """How high each part of a day's bar is. What is hardly anything takes its pixel from what was answered."""
    counts = {"answered": answered(row), "refused": row.refused, "limited": row.limited, "failed": row.failed}
    found = {kind: max(_LEAST, count / most * HEIGHT) for kind, count in counts.items() if count}
    above = sum(found.values()) - HEIGHT
    if above > 0:
        largest = max(found, key=lambda kind: found[kind])
        found[largest] -= above
    return list(found.items())
