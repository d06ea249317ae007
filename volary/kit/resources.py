"""Long-lived things that a process owns (a hashing pool, a limit store), found by their type.

A room below cannot name the types of a room above, yet both the API's and the pages' rings must hand such things to handlers: this
bag is how. The server fills it at start, on one screen.
"""

from typing import TypeVar, cast

T = TypeVar("T")


class Resources:
    """One value for each type."""

    def __init__(self) -> None:
        self._values: dict[type, object] = {}

    def put(self, kind: type[T], value: T) -> T:
        """Keep a value under a type (its own class, or the protocol that it fulfils)."""
        self._values[kind] = value
        return value

    def get(self, kind: type[T]) -> T | None:
        """The value of a type, or None where the process owns none."""
        return cast("T | None", self._values.get(kind))

    def __getitem__(self, kind: type[T]) -> T:
        return cast(T, self._values[kind])
