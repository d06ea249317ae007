"""Liking a post, and liking it no longer. Doing it twice is doing it once."""

from sqlalchemy import bindparam, delete

from volary.access.caller import Caller
from volary.accounts.actions import count_like as count_given
from volary.activity.actions import note
from volary.db import Tx, statement, upsert
from volary.posts.actions.counting import count_like
from volary.posts.errors import PostNotFound
from volary.posts.models import likes
from volary.posts.queries.reposts import original_of, visible_original

_LIKE = statement(upsert(likes, values=["account_id", "post_id", "place"], key=["account_id", "post_id"]))
_UNLIKE = statement(delete(likes).where(likes.c.account_id == bindparam("giver"), likes.c.post_id == bindparam("post")))


async def like(tx: Tx, caller: Caller, post_id: int) -> bool:
    """Like a post; of a repost, its original (C047). Whether that is new. Raises PostNotFound."""
    me = caller.me
    post = await visible_original(tx, me, post_id)
    if post is None:
        raise PostNotFound
    if not await tx.run(_LIKE, account_id=me, post_id=post.id, place=tx.new_id()):
        return False
    await count_like(tx, post.id, 1)
    await count_given(tx, me, 1)
    await note(tx, caller, "like.given", post.id)
    return True


async def unlike(tx: Tx, caller: Caller, post_id: int) -> bool:
    """Like a post no longer, also one that cannot be seen any more; whether it was liked."""
    post = await original_of(tx, post_id)
    if post is None or not await tx.run(_UNLIKE, giver=caller.me, post=post):
        return False
    await count_like(tx, post, -1)
    await count_given(tx, caller.me, -1)
    await note(tx, caller, "like.ended", post)
    return True
