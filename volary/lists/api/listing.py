"""What the pages of this room have in common: their parameters, a page of anything, and why a List is not shown."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

import msgspec

from volary.api.call import Call, Reply
from volary.api.pagination import Token, at_token, meta_of
from volary.api.problems import not_found
from volary.db.paging import Bounds
from volary.lists.models import ListRow
from volary.lists.queries.reading import list_by_id


class PageQuery(msgspec.Struct, frozen=True):
    """The parameters of every page here."""

    max_results: Annotated[int, msgspec.Meta(ge=1, le=100)] = 100
    pagination_token: Token | None = None


Read = Callable[[Bounds, int], Awaitable[Sequence[Any]]]
Place = Callable[[Any], int]


async def listed(call: Call[PageQuery, None], kind: str, name: str, read: Read, place: Place) -> Reply:
    """One page of the objects of a kind, newest first. `read` is given the page and how many rows to read: one more than are shown.

    The token is good for what `name` names and for this caller alone; what has happened since it was given counts (SR-201).
    """
    bound = (name, str(call.caller.account_id or 0))
    page = at_token(call.db.keys, call.query.pagination_token, Bounds(), *bound)
    count = call.query.max_results
    rows = await read(page, count + 1)
    more = len(rows) > count
    rows = rows[-count:] if page.up else rows[:count]
    first = call.query.pagination_token is None
    meta = meta_of(call.db.keys, [place(row) for row in rows], page, *bound, more=more, first=first, edges=False)
    return await call.many(kind, rows, meta=meta)


def by_place(row: Any) -> int:
    """Where a row stands that is ordered by the act that put it there."""
    return int(row.place)


async def found_list(call: Call[Any, None]) -> ListRow | None:
    """The List that the path names, if the caller may see it."""
    return await list_by_id(call.db, call.caller.account_id or 0, call.id_in_path())


async def missing(call: Call[Any, None]) -> Reply:
    """The answer about a List that is not there, or not for this caller: one and the same (SR-204)."""
    return await call.one("list", None, [not_found("list", "id", call.path["id"])])
