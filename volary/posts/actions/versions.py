"""The versions of an edited post: the newest one stands in for those before it."""

from sqlalchemy import bindparam, update

from volary.db import Tx, in_list, statement
from volary.posts.errors import NotEditable, NotYours, PostNotFound
from volary.posts.models import PostRow, posts
from volary.posts.queries.reading import post_by_id
from volary.posts.rules.editing import editable

_REPLACE = statement(
    update(posts)
    .where(posts.c.id == bindparam("post_id"), posts.c.replaced_at.is_(None), posts.c.deleted_at.is_(None))
    .values(replaced_at=bindparam("now"))
)
_CHAIN = statement(update(posts).where(in_list(posts.c.id, "ids")).values(versions=bindparam("versions")))


async def replaced(tx: Tx, author: int, post_id: int) -> PostRow:
    """Take the newest version of a post out of the lists, since another one is being made of it; the version as it was.

    A version is replaced once: of two edits at the same time one gets NotEditable. Raises PostNotFound, NotYours, NotEditable.
    """
    post = await post_by_id(tx, author, post_id)
    if post is None:
        raise PostNotFound
    if post.author_id != author:
        raise NotYours
    if not editable(post, tx.now) or not await tx.run(_REPLACE, post_id=post_id, now=tx.now):
        raise NotEditable
    return post


async def chained(tx: Tx, versions: tuple[int, ...]) -> None:
    """Tell every version of all of them."""
    await tx.run(_CHAIN, ids=list(versions), versions=" ".join(map(str, versions)))
