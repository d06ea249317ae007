"""What the lists of accounts have in common: their parameters, and a page of them."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec

from volary.api.call import Call, Reply
from volary.api.listing import listed as listed_of
from volary.api.pagination import Token
from volary.db.paging import Bounds
from volary.graph.models import PlacedRow


class ListQuery(msgspec.Struct, frozen=True):
    """The parameters of every list of accounts."""

    max_results: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100
    pagination_token: Token | None = None


async def listed(
    call: Call[ListQuery, None], name: str, read: Callable[[Bounds, int], Awaitable[list[PlacedRow]]]
) -> Reply:
    """One page of the list of this name, newest first. `read` is given the page and how many rows to read."""
    return await listed_of(call, "user", name, read)
