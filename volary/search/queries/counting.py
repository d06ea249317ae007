"""How many posts a query finds, by stretches of time. Only what the viewer may see is counted (SR-196)."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, select

from volary.db import Reader, statement
from volary.db.paging import Bounds
from volary.kit.ids import EPOCH, LARGEST_ID, first_id_at, moment_of
from volary.posts.models import posts
from volary.search.models import BucketRow
from volary.search.queries.matching import found
from volary.search.queries.searching import asked, least_of, oldest_of
from volary.search.rules.buckets import Span
from volary.search.rules.tree import Query

MOST_COUNTED = 200_000
"""How many posts one page of counts looks at, at most: about a fifth of a second's work. Older ones are on the next page."""

_MADE = posts.c.id // (1 << 22) + EPOCH
_BUCKET = (_MADE // bindparam("size", type_=BigInteger())).label("bucket")


def _grouped(chosen: Select[Any], at: ColumnElement[int]) -> Select[Any]:
    each = chosen.subquery("each")
    return select(each.c.bucket, func.count(each.c.bucket).label("found")).group_by(each.c.bucket)


_COUNTS = statement(found(lambda: select(_BUCKET), _grouped), BucketRow)


async def counted(reader: Reader, viewer: int, query: Query, page: Bounds, size: int) -> dict[int, int]:
    """How many posts a query finds in each stretch of `size` milliseconds since 1970, by its number; only those that have any."""
    rows = await reader.all(_COUNTS, **asked(query, page), **least_of(query), viewer=viewer, size=size)
    return {row.bucket: row.found for row in rows}


async def countable(
    reader: Reader, query: Query, span: Span, within: Bounds, size: int, most: int = MOST_COUNTED
) -> Span:
    """The latest part of a time in which a query finds no more posts than can be counted at once, whoever may see them."""
    reached = await oldest_of(reader, query, bounds_of(span, within, reader.now), most)
    if reached is None or reached.looked < most:
        return span
    return span.since(moment_of(reached.oldest), size)


def bounds_of(span: Span, within: Bounds, now: int) -> Bounds:
    """The ids of a page's time. What is posted within this very millisecond counts."""
    before = LARGEST_ID if span.end >= now else first_id_at(span.end)
    return Bounds(max(within.after, first_id_at(span.start) - 1), min(within.before, before))
