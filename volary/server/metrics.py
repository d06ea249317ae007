"""Counters of requests, and /metrics for Prometheus. Labels come from declared doors only, so their number is bounded (SR-367)."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector


class Counts(Collector):
    """How many requests each door answered with which status, and how long they took together."""

    def __init__(self) -> None:
        self._requests: dict[tuple[str, int], list[float]] = {}
        self.registry = CollectorRegistry(auto_describe=False)
        self.registry.register(self)

    def count(self, door: str, status: int, seconds: float) -> None:
        """One more answer. `door` is a declared door's name, `page`, or empty for what no door answered."""
        kept = self._requests.get((door, status))
        if kept is None:
            kept = self._requests[(door, status)] = [0.0, 0.0]
        kept[0] += 1.0
        kept[1] += seconds

    def collect(self) -> Iterator[Metric]:
        requests = CounterMetricFamily("volary_requests", "Answers by door and status.", labels=["door", "status"])
        seconds = CounterMetricFamily("volary_request_seconds", "Time spent on answers.", labels=["door", "status"])
        for (door, status), (count, spent) in self._requests.items():
            requests.add_metric([door or "none", str(status)], count)
            seconds.add_metric([door or "none", str(status)], spent)
        yield requests
        yield seconds

    def exposed(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)
