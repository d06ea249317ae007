"""Posts whose language nobody has looked at yet, for the task that does. It reads for nobody: what it finds is the post's own."""

import msgspec
from sqlalchemy import bindparam, select

from volary.db import Reader, statement
from volary.posts.models import UNDETERMINED, posts


class UnreadRow(msgspec.Struct, frozen=True):
    """A post's text and what stands in it."""

    id: int
    text: str
    entities: str


_UNREAD = statement(
    select(posts.c.id, posts.c.text, posts.c.entities)
    .where(
        posts.c.id > bindparam("after"),
        posts.c.language == UNDETERMINED,
        posts.c.repost_of_id.is_(None),
        posts.c.deleted_at.is_(None),
    )
    .order_by(posts.c.id)
    .limit(bindparam("count")),
    UnreadRow,
)


async def unread_after(reader: Reader, after: int, count: int) -> list[UnreadRow]:
    """The first posts with larger ids whose language is undetermined."""
    return await reader.all(_UNREAD, after=after, count=count)
