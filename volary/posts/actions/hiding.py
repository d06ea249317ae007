"""Hiding and showing answers in one's own conversation (C054, C082)."""

from sqlalchemy import bindparam, select, update

from volary.access.caller import Caller
from volary.activity.actions import note
from volary.db import Tx, in_list, statement
from volary.posts.errors import NotModerated, PostNotFound
from volary.posts.models import posts
from volary.posts.queries.reading import post_by_id
from volary.posts.rules.editing import versions_of

_BEGAN = statement(
    select(posts.c.author_id).where(posts.c.id == bindparam("conversation_id"), posts.c.deleted_at.is_(None)), int
)
_HIDE = statement(
    update(posts).where(in_list(posts.c.id, "ids"), posts.c.hidden_at.is_(None)).values(hidden_at=bindparam("now"))
)
_SHOW = statement(
    update(posts).where(in_list(posts.c.id, "ids"), posts.c.hidden_at.is_not(None)).values(hidden_at=None)
)


async def hide_answer(tx: Tx, caller: Caller, post_id: int, *, hidden: bool) -> None:
    """Hide an answer in the caller's conversation, or show it again; doing it twice is doing it once. Raises PostNotFound, NotModerated.

    A hidden answer is left out where a conversation is shown; by its id it is found as before.
    """
    post = await post_by_id(tx, caller.me, post_id)
    if post is None:
        raise PostNotFound
    if post.reply_to_id is None or await tx.one(_BEGAN, conversation_id=post.conversation_id) != caller.me:
        raise NotModerated
    ids = list(versions_of(post))
    changed = await (tx.run(_HIDE, ids=ids, now=tx.now) if hidden else tx.run(_SHOW, ids=ids))
    if changed:
        await note(tx, caller, "answer.hidden" if hidden else "answer.shown", post_id)
