"""Reading what happened to posts by the hour. Only their author reads it: whose posts they are is part of the statement."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, select

from volary.db import Reader, in_list, statement
from volary.posts.models import HourRow, post_hours, posts

_OWN = statement(
    select(posts.c.id).where(
        in_list(posts.c.id, "ids"), posts.c.author_id == bindparam("author"), posts.c.deleted_at.is_(None)
    ),
    int,
)
_HOURS = statement(
    select(*(post_hours.c[name] for name in HourRow.__struct_fields__))
    .select_from(post_hours)
    .join(posts, posts.c.id == post_hours.c.post_id)
    .where(
        in_list(post_hours.c.post_id, "ids"),
        posts.c.author_id == bindparam("author"),
        posts.c.deleted_at.is_(None),
        post_hours.c.hour >= bindparam("first"),
        post_hours.c.hour < bindparam("end"),
    )
    .order_by(post_hours.c.post_id, post_hours.c.hour),
    HourRow,
)


class Hours(msgspec.Struct, frozen=True):
    """Whole hours, counted from 1970: from `first` up to, not with, `end`."""

    first: int
    end: int


async def own_posts(reader: Reader, author: int, ids: Sequence[int]) -> set[int]:
    """Those of the posts that are the author's."""
    return set(await reader.all(_OWN, ids=list(ids), author=author))


async def hours_of(reader: Reader, author: int, ids: Sequence[int], within: Hours) -> list[HourRow]:
    """What happened to an author's posts in some hours; an hour in which nothing did has no row."""
    return await reader.all(_HOURS, ids=list(ids), author=author, first=within.first, end=within.end)
