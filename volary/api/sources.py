"""Where posts came from: the name and website of apps, which belong to a room that content must not know.

The server's registry puts a `Sources` into the resources and makes the provider of v2's `source` field out of it.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

from volary.api.kinds import Row, View
from volary.db import Reader

Lookup = Callable[[Reader, Collection[int]], Awaitable[dict[int, tuple[str, str]]]]


class Sources:
    """Name and website of apps by their ids, by way of the room that owns them."""

    def __init__(self, lookup: Lookup, own_name: str, own_address: str) -> None:
        self._lookup = lookup
        self._own = (own_name, own_address)
        self.base = own_address
        """This server's public address, under which v1.1's objects name their pictures."""

    async def of(self, reader: Reader, app_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Sources by app id; 0 stands for the platform's own pages."""
        found = await self._lookup(reader, sorted({one for one in app_ids if one}))
        return {**found, 0: self._own}

    async def provided(self, reader: Reader, rows: Sequence[Row], view: View) -> Mapping[int, object]:
        """The `source` field of posts: the app's plain name, as v2 gives it (C174)."""
        sources = await self.of(reader, [row.source_app_id or 0 for row in rows])
        return {row.id: sources[key][0] for row in rows if (key := row.source_app_id or 0) in sources}
