"""Bells: what an action rings is heard in its own process once the action is committed, and never when it failed.

Nothing may depend on hearing one: another process hears nothing, and a process that ends hears nothing either. It saves a wait.
"""

from collections.abc import Callable, Iterable


class Bells:
    """Who listens to which bell. One for an engine."""

    def __init__(self) -> None:
        self._listening: dict[str, list[Callable[[], None]]] = {}

    def listen(self, name: str, call: Callable[[], None]) -> None:
        """Call something, in the event loop, after each commit whose actions rang this bell. It must be quick and must not fail."""
        self._listening.setdefault(name, []).append(call)

    def ring(self, names: Iterable[str]) -> None:
        """Tell whoever listens to these bells; the engine does, after the commit."""
        for name in dict.fromkeys(names):
            for call in self._listening.get(name, ()):
                call()
