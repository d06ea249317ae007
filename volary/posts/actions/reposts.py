"""Reposting a post of somebody, and taking it back. Doing it twice is doing it once."""

import msgspec
from sqlalchemy import bindparam, insert, update

from volary.access.caller import Caller
from volary.accounts.actions import count_post
from volary.accounts.queries import account_by_id
from volary.activity.actions import note
from volary.db import Tx, statement
from volary.posts.actions.counting import count_repost
from volary.posts.errors import NotRepostable, PostNotFound
from volary.posts.models import PostRow, posts
from volary.posts.queries.reposts import original_of, repost_by, visible_original

_NAMES = ("id", "author_id", "language", "source_app_id", "conversation_id", "repost_of_id", "created_at")
_REPOST = statement(insert(posts).values({name: bindparam(name) for name in _NAMES} | {"text": "", "text_key": ""}))
_TAKE_BACK = statement(
    update(posts)
    .where(
        posts.c.author_id == bindparam("author"),
        posts.c.repost_of_id == bindparam("original"),
        posts.c.deleted_at.is_(None),
    )
    .values(deleted_at=bindparam("now"))
)


class Reposted(msgspec.Struct, frozen=True):
    """The repost that there is now, and whether it is new."""

    post: PostRow
    new: bool


async def repost(tx: Tx, caller: Caller, post_id: int) -> Reposted:
    """Pass a post on to one's followers; of a repost, its original (C047). Raises PostNotFound, NotRepostable.

    What a protected account posts only it can repost itself.
    """
    me = caller.me
    original = await visible_original(tx, me, post_id)
    if original is None:
        raise PostNotFound
    author = await account_by_id(tx, original.author_id)
    if author is None or (author.protected and author.id != me):
        raise NotRepostable
    made = await repost_by(tx, me, original.id)
    if made is not None:
        return Reposted(made, new=False)
    await _insert(tx, caller, original)
    await count_repost(tx, original.id, 1)
    made = await repost_by(tx, me, original.id)
    if made is None:
        raise PostNotFound
    await count_post(tx, me, 1, made.id)
    return Reposted(made, new=True)


async def take_back(tx: Tx, caller: Caller, post_id: int) -> bool:
    """Repost a post no longer, also one that cannot be seen any more; whether it was reposted."""
    original = await original_of(tx, post_id)
    if original is None or not await tx.run(_TAKE_BACK, author=caller.me, original=original, now=tx.now):
        return False
    await count_repost(tx, original, -1)
    await count_post(tx, caller.me, -1)
    await note(tx, caller, "repost.ended", original)
    return True


async def _insert(tx: Tx, caller: Caller, original: PostRow) -> None:
    new_id = tx.new_id()
    await tx.run(
        _REPOST,
        id=new_id,
        author_id=caller.me,
        language=original.language,
        source_app_id=caller.app_id,
        conversation_id=new_id,
        repost_of_id=original.id,
        created_at=tx.now,
    )
