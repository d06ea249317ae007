"""What the index lacks, and what it must no longer hold."""

from sqlalchemy import BigInteger, bindparam, func, or_, select

from volary.db import Reader, statement
from volary.posts.models import UNDETERMINED, posts
from volary.search.models import IndexedRow, search_documents

_ORIGINALS = posts.alias("originals")
_MISSING = statement(
    select(
        posts.c.id,
        posts.c.author_id,
        posts.c.text,
        posts.c.language,
        posts.c.conversation_id,
        posts.c.reply_to_id,
        posts.c.reply_to_author_id,
        posts.c.quote_of_id,
        posts.c.repost_of_id,
        _ORIGINALS.c.author_id.label("original_author_id"),
        posts.c.media_ids,
        posts.c.entities,
        posts.c.replaced_at,
    )
    .select_from(posts)
    .outerjoin(search_documents, search_documents.c.post_id == posts.c.id)
    .outerjoin(_ORIGINALS, _ORIGINALS.c.id == posts.c.repost_of_id)
    .where(
        posts.c.id > bindparam("after"),
        posts.c.deleted_at.is_(None),
        or_(posts.c.replaced_at.is_(None), posts.c.language == UNDETERMINED),
        or_(search_documents.c.post_id.is_(None), search_documents.c.language != posts.c.language),
    )
    .order_by(posts.c.id)
    .limit(bindparam("count")),
    IndexedRow,
)
_GONE = statement(
    select(search_documents.c.post_id)
    .select_from(posts)
    .join(search_documents, search_documents.c.post_id == posts.c.id)
    .where(or_(posts.c.deleted_at >= bindparam("since"), posts.c.replaced_at >= bindparam("since")))
    .limit(bindparam("count")),
    int,
)
_NEWEST = statement(
    select(func.coalesce(func.max(search_documents.c.post_id), 0, type_=BigInteger()).label("newest")), int
)


async def not_indexed(reader: Reader, after: int, count: int) -> list[IndexedRow]:
    """Posts with ids above `after` that have no document, or one for another language; the oldest first.

    A post that was replaced gets none, but as long as its language is undetermined it is among them.
    """
    return await reader.all(_MISSING, after=after, count=count)


async def wrongly_indexed(reader: Reader, since: int, count: int) -> list[int]:
    """Documents of posts that were deleted or replaced since a moment."""
    return await reader.all(_GONE, since=since, count=count)


async def newest_indexed(reader: Reader) -> int:
    """The newest post that has a document; 0 where none has."""
    return await reader.one(_NEWEST) or 0
