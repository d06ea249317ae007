"""What an account that is erased has posted, liked and kept: ended a few at a time, with what that counts for.

Visibility is not asked here: nobody sees what belongs to an account that is gone, its owner neither.
"""

from sqlalchemy import bindparam, delete, select

from volary.accounts.actions import count_like as count_given
from volary.db import Tx, statement
from volary.posts.actions.attaching import detached
from volary.posts.actions.counting import count_bookmark, count_like
from volary.posts.actions.ending import end_what_hangs_on
from volary.posts.actions.mentioning import forget_mentions
from volary.posts.actions.polls import delete_poll
from volary.posts.actions.writing import DELETE_POSTS, count_targets
from volary.posts.models import PostRow, bookmark_folders, bookmarks, likes, mentions, poll_votes, posts

_POSTS = statement(
    select(*(posts.c[name] for name in PostRow.__struct_fields__))
    .where(posts.c.author_id == bindparam("account"), posts.c.deleted_at.is_(None))
    .order_by(posts.c.id.desc())
    .limit(bindparam("count")),
    PostRow,
)
_UNLIKE, _UNKEEP = (
    statement(
        delete(of)
        .where(
            of.c.account_id == bindparam("account"),
            of.c.post_id.in_(
                select(of.c.post_id).where(of.c.account_id == bindparam("whose")).limit(bindparam("count"))
            ),
        )
        .returning(of.c.post_id),
        int,
    )
    for of in (likes, bookmarks)
)
_FORGET_FOLDERS = statement(delete(bookmark_folders).where(bookmark_folders.c.account_id == bindparam("account")))
_FORGET_VOTES = statement(delete(poll_votes).where(poll_votes.c.account_id == bindparam("account")))
_FORGET_MENTIONS = statement(delete(mentions).where(mentions.c.mentioned_id == bindparam("account")))


async def end_posts(tx: Tx, account: int, count: int) -> int:
    """Delete some of an account's posts, reposts and versions, the newest first; how many."""
    rows = await tx.all(_POSTS, account=account, count=count)
    for post in rows:
        await tx.run(DELETE_POSTS, ids=[post.id], now=tx.now)
        if post.replaced_at is None:
            await count_targets(tx, post, -1)
            if post.poll_id is not None:
                await delete_poll(tx, post.poll_id)
        await end_what_hangs_on(tx, post)
        await forget_mentions(tx, post)
        await detached(tx, post.media_ids)
    return len(rows)


async def end_likes(tx: Tx, account: int, count: int) -> int:
    """Take back some of the likes that an account gave; how many."""
    liked = await tx.all(_UNLIKE, account=account, whose=account, count=count)
    for post in sorted(liked):
        await count_like(tx, post, -1)
        await count_given(tx, account, -1)
    return len(liked)


async def end_bookmarks(tx: Tx, account: int, count: int) -> int:
    """Forget some of the posts that an account kept, and its folders with the last of them; how many."""
    kept = await tx.all(_UNKEEP, account=account, whose=account, count=count)
    for post in sorted(kept):
        await count_bookmark(tx, post, -1)
    if len(kept) < count:
        await tx.run(_FORGET_FOLDERS, account=account)
        await tx.run(_FORGET_VOTES, account=account)
        await tx.run(_FORGET_MENTIONS, account=account)
    return len(kept)
