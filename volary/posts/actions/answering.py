"""What a new post answers or quotes: whether its author may, and the names that an answer begins with."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, select

from volary.accounts.models import ACTIVE
from volary.accounts.queries import account_by_id, accounts_by_ids
from volary.db import Tx, statement
from volary.graph.queries.connections import is_following
from volary.posts.errors import NotAnswerable
from volary.posts.models import PostRow, posts
from volary.posts.queries.reposts import visible_original
from volary.posts.rules.answering import kept_entities, may_answer
from volary.posts.rules.editing import versions_of
from volary.posts.rules.entities import entities_of, urls_in

MOST_NAMES = 50
"""How many names an answer begins with at most."""


class _RootRow(msgspec.Struct, frozen=True):
    author_id: int
    reply_settings: str
    entities: str
    versions: str


_ROOT = statement(
    select(posts.c.author_id, posts.c.reply_settings, posts.c.entities, posts.c.versions).where(
        posts.c.id == bindparam("id"), posts.c.deleted_at.is_(None)
    ),
    _RootRow,
)


async def quoted(tx: Tx, viewer: int, post_id: int) -> PostRow:
    """The post that is quoted; of a repost, its original. Raises NotAnswerable where its author-to-be cannot see it."""
    found = await visible_original(tx, viewer, post_id)
    if found is None:
        raise NotAnswerable
    return found


async def answered(tx: Tx, author: int, post_id: int) -> PostRow:
    """The post that is answered. Raises NotAnswerable: it is not there for this author, or its own settings, or those of the post that
    began the conversation, do not admit them.
    """
    parent = await quoted(tx, author, post_id)
    if not await _admits(tx, parent, author):
        raise NotAnswerable
    if parent.conversation_id not in versions_of(parent):
        root = await tx.one(_ROOT, id=parent.conversation_id)
        if root is not None and root.versions:
            root = await tx.one(_ROOT, id=int(root.versions.split()[-1]))
        if root is not None and not await _admits(tx, root, author):
            raise NotAnswerable
    return parent


async def names_before(tx: Tx, parent: PostRow, author: int, text: str, excluded: Sequence[int]) -> str:
    """The names that an answer begins with, where that is wished for: whose post it answers and who is mentioned there, without the
    author, whoever the text mentions anyway, and whom the author leaves out. Whose post it answers cannot be left out.
    """
    mentioned = [account for _, _, _, account in kept_entities(parent.entities).mentions if account]
    wanted = [parent.author_id, *(one for one in mentioned if one not in excluded)]
    wanted = [one for one in dict.fromkeys(wanted) if one != author][:MOST_NAMES]
    known = {row.id: row for row in await accounts_by_ids(tx, wanted) if row.state == ACTIVE}
    names = [known[one].username for one in wanted if one in known]
    there = {name.lower() for _, _, name, _ in entities_of(text, urls_in(text)).mentions}
    return " ".join(f"@{name}" for name in names if name.lower() not in there)


async def _admits(tx: Tx, post: PostRow | _RootRow, account: int) -> bool:
    """Whether a post's own settings let an account answer."""
    settings = post.reply_settings
    followed = settings == "following" and await is_following(tx, post.author_id, account)
    verified = settings == "verified" and await _is_verified(tx, account)
    return may_answer(settings, post.author_id, post.entities, account, followed=followed, verified=verified)


async def _is_verified(tx: Tx, account_id: int) -> bool:
    found = await account_by_id(tx, account_id)
    return found is not None and bool(found.verified)
