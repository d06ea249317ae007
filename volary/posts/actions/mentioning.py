"""Writing down whom a post mentions or answers: what an account's mentions are read from."""

from sqlalchemy import bindparam, delete

from volary.db import Tx, in_list, statement, upsert
from volary.posts.models import PostRow, mentions
from volary.posts.rules.answering import kept_entities

_NOTE = statement(upsert(mentions, values=["mentioned_id", "post_id"], key=["mentioned_id", "post_id"]))
_FORGET = statement(
    delete(mentions).where(mentions.c.post_id == bindparam("post_id"), in_list(mentions.c.mentioned_id, "mentioned"))
)


async def note_mentions(tx: Tx, post: PostRow) -> None:
    """Write down whom a new post, or a new version of one, mentions or answers. Nobody mentions themselves."""
    for account in _mentioned(post):
        await tx.run(_NOTE, mentioned_id=account, post_id=post.id)


async def forget_mentions(tx: Tx, post: PostRow) -> None:
    """Take a post that is deleted out of everybody's mentions. `post` is its row while it still had a text."""
    if mentioned := _mentioned(post):
        await tx.run(_FORGET, post_id=post.id, mentioned=mentioned)


def _mentioned(post: PostRow) -> list[int]:
    named = {account for _, _, _, account in kept_entities(post.entities).mentions}
    return sorted((named | {post.reply_to_author_id or 0}) - {0, post.author_id})
