"""Finding what answers a path: a trie of segments, so that the cost does not grow with the number of operations.

A literal segment wins over a parameter (`/2/users/me` over `/2/users/{id}`). A trailing slash is ignored, as X ignores it
(contradiction 14 of the seeds: `POST /2/dm_conversations/`).
"""

from typing import Generic, TypeVar

T = TypeVar("T")


class _Node(Generic[T]):
    __slots__ = ("literal", "methods", "parameter")

    def __init__(self) -> None:
        self.literal: dict[str, _Node[T]] = {}
        self.parameter: _Node[T] | None = None
        self.methods: dict[str, T] = {}


class Router(Generic[T]):
    """Doors by method and path."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, method: str, path: str, door: T) -> None:
        """Open a door. Raises ValueError where one is open already: no path has two doors."""
        node = self._root
        for segment in path.strip("/").split("/"):
            if segment.startswith("{"):
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literal.setdefault(segment, _Node())
        if method in node.methods:
            raise ValueError(f"{method} {path} has two doors")
        node.methods[method] = door

    def find(self, path: str) -> tuple[dict[str, T], list[str]] | None:
        """The doors of a path by method, and the values of its parameters in their order; None for an unknown path."""
        node, values = self._root, []
        for segment in path.removeprefix("/").removesuffix("/").split("/"):
            found = node.literal.get(segment)
            if found is None:
                found = node.parameter
                if found is None or not segment:
                    return None
                values.append(segment)
            node = found
        return (node.methods, values) if node.methods else None
