"""Lists by pages whose rows carry the place by which they are ordered: who follows, what one likes, what one keeps."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Protocol, TypeVar

import msgspec

from volary.api.call import Call, Reply
from volary.api.pagination import Token, at_token, meta_of
from volary.db.paging import Bounds


class PageQuery(msgspec.Struct, frozen=True):
    """The parameters of most lists."""

    max_results: Annotated[int, msgspec.Meta(ge=1, le=100)] = 100
    pagination_token: Token | None = None


class Paged(Protocol):
    """What a list's parameters have, whatever their bounds are."""

    @property
    def max_results(self) -> int: ...
    @property
    def pagination_token(self) -> str | None: ...


class Placed(Protocol):
    """A row with its place in a list."""

    @property
    def place(self) -> int: ...


Q = TypeVar("Q", bound=Paged)
P = TypeVar("P", bound=Placed)
Read = Callable[[Bounds, int], Awaitable[list[P]]]
"""Reads a page, newest first, given its bounds and how many rows to read."""
_EVERYTHING = Bounds()


async def page_of(
    call: Call[Q, None], name: str, read: Read[P], within: Bounds = _EVERYTHING
) -> tuple[Sequence[P], dict[str, object]]:
    """The rows of one page of the list of this name, and its `meta`. `read` is asked for one row more than is shown. The list goes no
    further than `within`; its name says what else filters it.

    The token is good for this list and caller alone; what has happened since it was given counts, so a list that has been closed to
    the caller meanwhile is empty (SR-201).
    """
    bound = (name, str(call.caller.account_id or 0))
    page = at_token(call.db.keys, call.query.pagination_token, within, *bound)
    count = call.query.max_results
    rows = await read(page, count + 1)
    more = len(rows) > count
    rows = rows[-count:] if page.up else rows[:count]
    places = [row.place for row in rows]
    first = call.query.pagination_token is None
    return rows, {**meta_of(call.db.keys, places, page, *bound, more=more, first=first, edges=False)}


async def listed(call: Call[Q, None], kind: str, name: str, read: Read[P], within: Bounds = _EVERYTHING) -> Reply:
    """One page of a list of objects of a kind."""
    rows, meta = await page_of(call, name, read, within)
    return await call.many(kind, rows, meta=meta)
