"""A post's place in its conversation: what it answers, up to the first post, and its answers."""

from sqlalchemy import select

from volary.accounts.models import accounts
from volary.db import Reader, in_list
from volary.db.paging import Bounds, Pages
from volary.posts.models import PostRow, posts
from volary.posts.queries.reading import POST_COLUMNS, post_by_id
from volary.posts.queries.visibility import seen
from volary.posts.rules.editing import versions_of

MOST_BEFORE = 20
"""How many posts of a conversation are shown before one; where there are more, the oldest of them leads on."""

_ANSWERS = Pages(
    select(*POST_COLUMNS)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(in_list(posts.c.reply_to_id, "ids"), posts.c.replaced_at.is_(None), seen()),
    posts.c.id,
    PostRow,
)


async def posts_before(reader: Reader, viewer: int, post: PostRow) -> list[PostRow]:
    """What a post answers, and what that answers, the oldest first; it ends at a post that the viewer may not see."""
    found: list[PostRow] = []
    above = post.reply_to_id
    while above is not None and len(found) < MOST_BEFORE:
        row = await post_by_id(reader, viewer, above)
        if row is None:
            break
        found.append(row)
        above = row.reply_to_id
    return found[::-1]


async def answers_to(reader: Reader, viewer: int, post: PostRow, page: Bounds, count: int) -> list[PostRow]:
    """Those answers to a post, or to an earlier version of it, that the viewer may see, newest first; hidden ones are among them."""
    return await _ANSWERS.read(reader, page, count, viewer=viewer, ids=list(versions_of(post)))
