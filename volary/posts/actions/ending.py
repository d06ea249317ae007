"""What hangs on a post ends with it: its reposts, likes and bookmarks, and what they count for."""

from sqlalchemy import bindparam, delete, update

from volary.accounts.actions import uncount_likes, uncount_posts
from volary.db import Tx, statement
from volary.posts.actions.counting import count_repost
from volary.posts.models import PostRow, bookmarks, likes, posts

_END_REPOSTS = statement(
    update(posts)
    .where(posts.c.repost_of_id == bindparam("post"), posts.c.deleted_at.is_(None))
    .values(deleted_at=bindparam("now"))
    .returning(posts.c.author_id),
    int,
)
_END_LIKES = statement(delete(likes).where(likes.c.post_id == bindparam("post")).returning(likes.c.account_id), int)
_END_BOOKMARKS = statement(delete(bookmarks).where(bookmarks.c.post_id == bindparam("post")))


async def end_what_hangs_on(tx: Tx, post: PostRow) -> None:
    """End what others made of a post that has just been deleted; of a repost, tell its original."""
    if post.repost_of_id is not None:
        await count_repost(tx, post.repost_of_id, -1)
        return
    await uncount_posts(tx, sorted(await tx.all(_END_REPOSTS, post=post.id, now=tx.now)))
    await uncount_likes(tx, sorted(await tx.all(_END_LIKES, post=post.id)))
    await tx.run(_END_BOOKMARKS, post=post.id)
