"""Permissions beyond levels and scopes, which only the platform's operator gives to an app (C193).

Which of them are kept back at all is a setting; the others everybody has. The room that owns the apps says what one was given. An
operation that is marked so asks as its first act, so that the calls of all others pay nothing for it.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from volary.access.errors import FurtherPermissionMissing
from volary.api.call import Call
from volary.db import Reader

Lookup = Callable[[Reader, int], Awaitable[frozenset[str]]]


class Further:
    """What is kept back here, and what an app was given of it."""

    def __init__(self, lookup: Lookup, kept: frozenset[str]) -> None:
        self._lookup = lookup
        self._kept = kept

    async def ensure(self, reader: Reader, app_id: int | None, permission: str) -> None:
        """Raises FurtherPermissionMissing. What people do themselves on our pages is no app's."""
        if app_id is None or permission not in self._kept:
            return
        if permission not in await self._lookup(reader, app_id):
            raise FurtherPermissionMissing(app_id, permission)


async def ensure_further(call: Call[Any, Any], permission: str) -> None:
    """Let the caller's app pass, or refuse it. Raises FurtherPermissionMissing."""
    await call.resources[Further].ensure(call.db, call.caller.app_id, permission)
