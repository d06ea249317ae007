"""Reading posts: by their ids, and of an author. Who may see a post is part of each statement, never a filter after it."""

from collections.abc import Sequence
from itertools import product

import msgspec
from sqlalchemy import BigInteger, bindparam, select

from volary.accounts.models import accounts
from volary.db import Reader, in_list, statement
from volary.db.paging import Bounds, Pages
from volary.posts.models import PostRow, posts
from volary.posts.queries.visibility import seen

POST_COLUMNS = tuple(posts.c[name] for name in PostRow.__struct_fields__)

_VISIBLE = select(*POST_COLUMNS).join(accounts, accounts.c.id == posts.c.author_id).where(seen())
_BY_ID = statement(_VISIBLE.where(posts.c.id == bindparam("id")), PostRow)
_BY_IDS = statement(_VISIBLE.where(in_list(posts.c.id, "ids")), PostRow)
_WRITTEN = _VISIBLE.where(posts.c.author_id == bindparam("author"), posts.c.replaced_at.is_(None))
_OF_AUTHOR = {
    (replies, reposts): Pages(
        _WRITTEN.where(
            *(() if replies else (posts.c.reply_to_id.is_(None),)),
            *(() if reposts else (posts.c.repost_of_id.is_(None),)),
        ),
        posts.c.id,
        PostRow,
    )
    for replies, reposts in product((False, True), repeat=2)
}
"""An author's posts: with replies or without, with reposts or without."""

DEEPEST, DEEPEST_WITHOUT_REPLIES = 3_200, 800
"""How many of an author's posts, of all kinds, a list of them reaches back (X facts 5.4)."""

_END = statement(
    select(posts.c.id)
    .where(posts.c.author_id == bindparam("author"), posts.c.deleted_at.is_(None), posts.c.replaced_at.is_(None))
    .order_by(posts.c.id.desc())
    .limit(1)
    .offset(bindparam("deepest", type_=BigInteger())),
    int,
)

_SAME = statement(
    select(posts.c.id)
    .where(
        posts.c.author_id == bindparam("author"),
        posts.c.text_key == bindparam("key"),
        posts.c.deleted_at.is_(None),
        posts.c.replaced_at.is_(None),
        posts.c.id > bindparam("after"),
    )
    .limit(1),
    int,
)


async def post_by_id(reader: Reader, viewer: int, post_id: int) -> PostRow | None:
    """The post, if the viewer may see it."""
    return await reader.one(_BY_ID, id=post_id, viewer=viewer)


async def posts_by_ids(reader: Reader, viewer: int, ids: Sequence[int]) -> list[PostRow]:
    """Those of the posts that the viewer may see, in no particular order."""
    return await reader.all(_BY_IDS, ids=list(ids), viewer=viewer) if ids else []


async def posts_of_author(
    reader: Reader,
    viewer: int,
    author: int,
    page: Bounds,
    count: int,
    *,
    replies: bool = True,
    reposts: bool = True,
    deepest: int | None = None,
) -> list[PostRow]:
    """An author's posts, newest first, as far back as the list reaches."""
    if page != Bounds() or not (replies and reposts):  # the newest page of all kinds never reaches the end
        reach = deepest or (DEEPEST if replies else DEEPEST_WITHOUT_REPLIES)
        if (end := await reader.one(_END, author=author, deepest=reach)) is not None:
            page = msgspec.structs.replace(page, after=max(page.after, end))
    return await _OF_AUTHOR[replies, reposts].read(reader, page, count, viewer=viewer, author=author)


async def same_text_since(reader: Reader, author: int, key: str, after: int) -> bool:
    """Whether the author has a live post with this text newer than an id."""
    return await reader.one(_SAME, author=author, key=key, after=after) is not None
