"""Finding posts: those of the last seven days, and all that there are."""

from typing import Annotated, Literal

import msgspec

from volary.access.further import FULL_ARCHIVE
from volary.access.levels import Level
from volary.access.needs import Need
from volary.api.call import Call, Reply
from volary.api.further import ensure_further
from volary.api.limits import ONCE_A_SECOND, Quota, limits
from volary.api.operation import operation
from volary.db.paging import Bounds, page_token, place_in
from volary.kit.errors import Invalid
from volary.kit.ids import first_id_at
from volary.posts.models import PostRow
from volary.search.api.asking import SearchFilters, bounds_in, invalid_token, window
from volary.search.queries.searching import looked_up, most_relevant_found, newest_found
from volary.search.rules.parsing import ALL, RECENT, parsed

_SCOPES = frozenset({"tweet.read", "users.read"})
READ = Need(oauth1=Level.READ, scopes=_SCOPES, app_only=True)
READ_ALL = Need(app_only=True)


class RecentQuery(SearchFilters, frozen=True, kw_only=True):
    """The parameters of searching the last days."""

    max_results: Annotated[int, msgspec.Meta(ge=10, le=100)] = 10
    sort_order: Literal["recency", "relevancy"] = "recency"


class AllQuery(SearchFilters, frozen=True, kw_only=True):
    """The parameters of searching everything."""

    max_results: Annotated[int, msgspec.Meta(ge=10, le=500)] = 10
    sort_order: Literal["recency", "relevancy"] = "recency"


@operation(
    "GET", "/2/tweets/search/recent", need=READ, limits=limits(app=450, user=300), query=RecentQuery, returns="post"
)
async def search_recent(call: Call[RecentQuery, None]) -> Reply:
    """The posts of the last seven days that a query finds and the caller may see (C033)."""
    return await _answered(call, RECENT, window(call.db, bounds_in(call.query)))


@operation(
    "GET",
    "/2/tweets/search/all",
    need=READ_ALL,
    limits=limits(app=(ONCE_A_SECOND, Quota(300))),
    query=AllQuery,
    returns="post",
)
async def search_all(call: Call[AllQuery, None]) -> Reply:
    """All public posts that a query finds. An operator may keep it to the apps that were given it (C193)."""
    await ensure_further(call, FULL_ARCHIVE)
    return await _answered(call, ALL, bounds_in(call.query))


async def _answered(call: Call[RecentQuery, None] | Call[AllQuery, None], longest: int, within: Bounds) -> Reply:
    """A page, from the newest down or from the most relevant on. The token says which posts came before, as they were at its time."""
    query, viewer, keys = call.query, call.caller.account_id or 0, call.db.keys
    tree = await looked_up(call.db, viewer, parsed(query.query, longest))
    bound = ("search", query.query, query.sort_order, str(longest), str(viewer), str(bounds_in(query)))
    edge, skipped = within.before, 0
    if token := query.next_token or query.pagination_token:
        try:
            edge, skipped = place_in(keys, token, tuple[int, int], *bound)
        except Invalid as refusal:
            raise invalid_token(query) from refusal
    page, count = Bounds(within.after, min(within.before, edge)), query.max_results
    by_time = query.sort_order == "recency"
    if by_time:
        rows = await newest_found(call.db.long, viewer, tree, page, count + 1)
    else:
        edge = min(edge, first_id_at(call.db.now + 1))  # so that the order stays the same while posts arrive
        page = Bounds(page.after, edge)
        rows = await most_relevant_found(call.db.long, viewer, tree, page, skipped, count + 1)
    more, rows = len(rows) > count, rows[:count]
    meta = _edges(rows)
    if more:
        place = (rows[-1].id, 0) if by_time else (edge, skipped + count)
        meta["next_token"] = page_token(keys, place, *bound)
    return await call.many("post", rows, meta={**meta, "result_count": len(rows)})


def _edges(rows: list[PostRow]) -> dict[str, object]:
    ids = [row.id for row in rows]
    return {"newest_id": str(max(ids)), "oldest_id": str(min(ids))} if ids else {}
