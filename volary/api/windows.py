"""What is left to a caller of every operation's window, in the words of v1.1's `application/rate_limit_status` (X facts 6.1)."""

import re
from collections.abc import Collection, Iterable

from volary.access.caller import Caller
from volary.api.limits import Left, Limiter
from volary.api.operation import Operation

_PLACE = re.compile(r"\{(\w+)\}")


class Windows:
    """Every operation under X's family and name for it, and how much of its limit is left."""

    def __init__(self, operations: Iterable[Operation], limiter: Limiter) -> None:
        self._operations = {one.name: one for one in operations}
        self._limiter = limiter

    async def left(self, caller: Caller, families: Collection[str], now: int) -> dict[str, dict[str, Left]]:
        """By family and name; of all families where none is named. Nothing is counted by asking."""
        asked = {name: one.limits for name, one in self._operations.items() if not families or _family(one) in families}
        found: dict[str, dict[str, Left]] = {}
        for name, left in (await self._limiter.left(asked, caller, now)).items():
            one = self._operations[name]
            found.setdefault(_family(one), {})[_named(one)] = left
        return found


def _family(one: Operation) -> str:
    return one.path.split("/")[2]


def _named(one: Operation) -> str:
    """The path without its version, such as `/statuses/show/:id`; on v2 with the method behind it."""
    version, _, rest = one.path[1:].partition("/")
    path = "/" + _PLACE.sub(r":\1", rest).removesuffix(".json")
    return path if version == "1.1" and one.method == "GET" else f"{path}&{one.method}"
