"""Which doors a path leads to: exact paths by one look-up, paths with open parts by their number of segments."""

from collections.abc import Iterable

from volary.web.page import Door

Found = tuple[dict[str, Door], dict[str, str]]


class Routes:
    """The doors of all pages. Raises ValueError when two stand in one place."""

    def __init__(self, doors: Iterable[Door]) -> None:
        self._exact: dict[str, dict[str, Door]] = {}
        self._open: dict[int, list[tuple[list[str], dict[str, Door]]]] = {}
        for door in doors:
            there = self._place(door.path)
            if there.setdefault(door.method, door) is not door:
                raise ValueError(f"two pages answer {door.method} {door.path}")

    def find(self, path: str) -> Found:
        """The doors at a path by method, and the values of its open parts; nothing when no page is there."""
        if (exact := self._exact.get(path)) is not None:
            return exact, {}
        parts = path.split("/")
        for pattern, doors in self._open.get(len(parts), ()):
            values = _values(pattern, parts)
            if values is not None:
                return doors, values
        return {}, {}

    def named(self, path: str) -> dict[str, Door]:
        """The doors at a path that begins with a name of ours. What begins with anybody's (`/ann/likes`) is not among them: such a path
        is no page of its own, and gives way to whatever is.
        """
        if (exact := self._exact.get(path)) is not None:
            return exact
        parts = path.split("/")
        for pattern, doors in self._open.get(len(parts), ()):
            if pattern[1][:1] != "{" and _values(pattern, parts) is not None:
                return doors
        return {}

    def _place(self, path: str) -> dict[str, Door]:
        if "{" not in path:
            return self._exact.setdefault(path, {})
        pattern = path.split("/")
        known = self._open.setdefault(len(pattern), [])
        for other, doors in known:
            if other == pattern:
                return doors
        known.append((pattern, {}))
        return known[-1][1]


def _values(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    values = {}
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted.startswith("{"):
            if not part.isprintable() or not part:
                return None
            values[wanted[1:-1]] = part
        elif wanted != part:
            return None
    return values
