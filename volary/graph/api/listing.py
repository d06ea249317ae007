"""What the lists of accounts have in common: their parameters, and a page of them."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec

from volary.api.call import Call, Reply
from volary.api.pagination import Token, at_token, meta_of
from volary.db.paging import Bounds
from volary.graph.models import PlacedRow


class ListQuery(msgspec.Struct, frozen=True):
    """The parameters of every list of accounts."""

    max_results: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100
    pagination_token: Token | None = None


async def listed(
    call: Call[ListQuery, None], name: str, read: Callable[[Bounds, int], Awaitable[list[PlacedRow]]]
) -> Reply:
    """One page of the list of this name, newest first. `read` is given the page and how many rows to read: one more than are shown.

    The token is good for this list and caller alone; what has happened since it was given counts, so a list that has been closed to
    the caller meanwhile is empty (SR-201).
    """
    bound = (name, str(call.caller.account_id or 0))
    page = at_token(call.db.keys, call.query.pagination_token, Bounds(), *bound)
    count = call.query.max_results
    rows = await read(page, count + 1)
    more = len(rows) > count
    rows = rows[-count:] if page.up else rows[:count]
    places = [row.place for row in rows]
    first = call.query.pagination_token is None
    meta = meta_of(call.db.keys, places, page, *bound, more=more, first=first, edges=False)
    return await call.many("user", rows, meta=meta)
