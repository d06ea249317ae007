"""How many posts a query finds, by stretches of time. Only what the viewer may see is counted (SR-196)."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, select

from volary.db import Reader, statement
from volary.db.paging import Bounds
from volary.kit.ids import EPOCH
from volary.posts.models import posts
from volary.search.models import BucketRow
from volary.search.queries.matching import found
from volary.search.queries.searching import asked, least_of
from volary.search.rules.tree import Query

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
