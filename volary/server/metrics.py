"""Counters of requests, and /metrics for Prometheus. Labels come from declared doors only, so their number is bounded (SR-367).

A scrape reaches one worker, but is about all of them: each writes its counts into a folder of the server's every few seconds, and whoever
is asked adds them up. What a worker counted that was replaced stays there, so the sums never fall while the server runs.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

FOLDER = "VOLARY_COUNTS_FOLDER"
"""The environment variable by which the server tells its workers of the folder. No setting: it lives as long as the server."""

SECONDS = 5

Kept = list[tuple[str, int, float, float]]
"""Door, status, how many answers, and the seconds that they took together."""

_DROPPED = ("calls dropped", 0)


class Counts(Collector):
    """How many requests each door answered with which status, and how long they took together."""

    def __init__(self, folder: Path | None = None) -> None:
        self._requests: dict[tuple[str, int], list[float]] = {}
        self.dropped: Callable[[], int] = lambda: 0
        """How many calls of Apps were dropped instead of being noted."""
        self._folder = folder
        self._file = folder / f"{os.getpid()}.json" if folder else None
        self.registry = CollectorRegistry(auto_describe=False)
        self.registry.register(self)

    def count(self, door: str, status: int, seconds: float) -> None:
        """One more answer. `door` is a declared door's name, `page`, or empty for what no door answered."""
        kept = self._requests.get((door, status))
        if kept is None:
            kept = self._requests[(door, status)] = [0.0, 0.0]
        kept[0] += 1.0
        kept[1] += seconds

    async def share(self) -> None:
        """Let the other workers know what this one counted."""
        if self._file is not None:
            draft = self._file.with_suffix(".new")
            draft.write_bytes(msgspec.json.encode(self._own()))
            draft.replace(self._file)

    def collect(self) -> Iterator[Metric]:
        requests = CounterMetricFamily("volary_requests", "Answers by door and status.", labels=["door", "status"])
        seconds = CounterMetricFamily("volary_request_seconds", "Time spent on answers.", labels=["door", "status"])
        dropped = CounterMetricFamily("volary_calls_dropped", "Calls of Apps that are in no count and no log.")
        everyones = self._everyones()
        dropped.add_metric([], everyones.pop(_DROPPED, [0.0])[0])
        for (door, status), (count, spent) in everyones.items():
            requests.add_metric([door or "none", str(status)], count)
            seconds.add_metric([door or "none", str(status)], spent)
        yield requests
        yield seconds
        yield dropped

    def exposed(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)

    def _own(self) -> Kept:
        told = [(door, status, count, spent) for (door, status), (count, spent) in self._requests.items()]
        return [*told, (*_DROPPED, float(self.dropped()), 0.0)]

    def _everyones(self) -> dict[tuple[str, int], list[float]]:
        found: dict[tuple[str, int], list[float]] = {}
        for door, status, count, spent in (*self._own(), *self._others()):
            kept = found.setdefault((door, status), [0.0, 0.0])
            kept[0] += count
            kept[1] += spent
        return found

    def _others(self) -> Iterator[tuple[str, int, float, float]]:
        if self._folder is None:
            return
        for file in self._folder.glob("*.json"):
            if file != self._file:
                yield from msgspec.json.decode(file.read_bytes(), type=Kept)
