"""Counting what a query finds, by the minute, the hour or the day."""

from typing import Literal

import msgspec

from volary.access.further import FULL_ARCHIVE
from volary.access.needs import Need
from volary.api.call import Call, Reply
from volary.api.further import ensure_further
from volary.api.limits import limits
from volary.api.operation import operation
from volary.db.paging import Bounds, page_token, place_in
from volary.kit.clock import DAY, HOUR, MINUTE
from volary.kit.errors import Invalid
from volary.kit.ids import first_id_at, moment_of
from volary.search.api.asking import SearchFilters, bounds_in, invalid_token, window
from volary.search.queries.counting import bounds_of, countable, counted
from volary.search.queries.searching import looked_up
from volary.search.rules.buckets import Span, stretches
from volary.search.rules.parsing import ALL, RECENT, parsed
from volary.search.shapes import data_of, total_of

READ = Need(scopes=frozenset(), app_only=True)
READ_ALL = Need(app_only=True)
_SIZES = {"minute": MINUTE, "hour": HOUR, "day": DAY}
_DEFAULT = 30 * DAY
"""How far back everything is counted when no beginning is named."""


class CountsQuery(SearchFilters, frozen=True, kw_only=True):
    """The parameters of counting. `search_count.fields` takes nothing away: X's contract wants all of them in each object."""

    granularity: Literal["minute", "hour", "day"] = "hour"
    fields: str | None = msgspec.field(default=None, name="search_count.fields")


@operation("GET", "/2/tweets/counts/recent", need=READ, limits=limits(app=300, user=300), query=CountsQuery)
async def counts_recent(call: Call[CountsQuery, None]) -> Reply:
    """How many posts of the last seven days a query finds."""
    return await _answered(call, RECENT, window(call.db, bounds_in(call.query)))


@operation("GET", "/2/tweets/counts/all", need=READ_ALL, limits=limits(app=300), query=CountsQuery)
async def counts_all(call: Call[CountsQuery, None]) -> Reply:
    """How many posts a query finds; of the last thirty days where no beginning is named."""
    await ensure_further(call, FULL_ARCHIVE)
    bounds = bounds_in(call.query)
    if not bounds.after:
        end = min(moment_of(bounds.before), call.db.now)
        bounds = Bounds(first_id_at(end - _DEFAULT) - 1, bounds.before)
    return await _answered(call, ALL, bounds)


async def _answered(call: Call[CountsQuery, None], longest: int, within: Bounds) -> Reply:
    """A page of stretches, the latest page first; each page is in the order of time.

    A page ends early where very much is found: each says exactly how much there is in its own time, at a price that does not grow.
    """
    query, viewer, keys = call.query, call.caller.account_id or 0, call.db.keys
    tree = await looked_up(call.db, viewer, parsed(query.query, longest))
    size = _SIZES[query.granularity]
    bound = ("counts", query.query, query.granularity, str(longest), str(viewer), str(bounds_in(query)))
    start, end = moment_of(within.after + 1), min(moment_of(within.before), call.db.now)
    if token := query.next_token or query.pagination_token:
        try:
            start, end = place_in(keys, token, tuple[int, int], *bound)
        except Invalid as refusal:
            raise invalid_token(query) from refusal
    span = Span.of(start, end, size)
    span = await countable(call.db.long, tree, span, within, size)
    found = await counted(call.db.long, viewer, tree, bounds_of(span, within, call.db.now), size)
    rows = stretches(span, size, found)
    meta = dict(total_of(rows, call.view.vocabulary))
    if span.start > start:
        meta["next_token"] = page_token(keys, (start, span.start), *bound)
    return Reply({"data": data_of(rows, call.view.vocabulary), "meta": meta})
