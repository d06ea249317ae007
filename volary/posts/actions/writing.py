"""Creating and deleting posts."""

import msgspec
from sqlalchemy import bindparam, insert, update

from volary.access.caller import Caller
from volary.accounts.actions import count_post
from volary.accounts.queries import ids_of_usernames
from volary.activity.actions import note
from volary.db import Tx, statement
from volary.graph.queries.connections import is_following
from volary.kit.clock import DAY
from volary.kit.ids import first_id_at
from volary.posts.actions.ending import end_what_hangs_on
from volary.posts.actions.mentioning import forget_mentions, note_mentions
from volary.posts.errors import DuplicateText, NotAnswerable, NotYours, PostNotFound
from volary.posts.models import UNDETERMINED, PostRow, posts
from volary.posts.queries.reading import post_by_id, same_text_since
from volary.posts.queries.reposts import visible_original
from volary.posts.rules.answering import may_answer
from volary.posts.rules.entities import Entities, entities_of
from volary.posts.rules.texts import checked_text, text_key


class Draft(msgspec.Struct, frozen=True):
    """What a person or an app wants to post."""

    text: str
    reply_to_id: int | None = None
    quote_of_id: int | None = None
    reply_settings: str = "everyone"


_CREATE = statement(insert(posts).values({name: bindparam(name) for name in (*PostRow.__struct_fields__, "text_key")}))
_COUNT_REPLY = statement(
    update(posts)
    .where(posts.c.id == bindparam("post_id"))
    .values(reply_count=posts.c.reply_count + bindparam("change"))
)
_COUNT_QUOTE = statement(
    update(posts)
    .where(posts.c.id == bindparam("post_id"))
    .values(quote_count=posts.c.quote_count + bindparam("change"))
)
_DELETE = statement(
    update(posts)
    .where(posts.c.id == bindparam("post_id"), posts.c.deleted_at.is_(None))
    .values(deleted_at=bindparam("now"), text="", text_key="", entities="")
)


async def create_post(tx: Tx, caller: Caller, draft: Draft) -> PostRow:
    """Post in the caller's name. Raises the refusals of `errors`; the same text within a day counts as a duplicate (X facts 5.5)."""
    author = caller.me
    text, links = checked_text(draft.text)
    key = text_key(text)
    if await same_text_since(tx, author, key, first_id_at(tx.now - DAY)):
        raise DuplicateText
    entities = await _resolved(tx, entities_of(text, links))
    parent = await _target(tx, caller, draft.reply_to_id)
    quoted = await _target(tx, caller, draft.quote_of_id)
    if parent is not None and not await _admitted(tx, parent, author):
        raise NotAnswerable
    post_id = tx.new_id()
    created = PostRow(
        id=post_id,
        author_id=author,
        text=text,
        language=UNDETERMINED,
        source_app_id=caller.app_id,
        conversation_id=parent.conversation_id if parent else post_id,
        reply_to_id=parent.id if parent else None,
        reply_to_author_id=parent.author_id if parent else None,
        quote_of_id=quoted.id if quoted else None,
        repost_of_id=None,
        poll_id=None,
        media_ids="",
        versions="",
        reply_settings=draft.reply_settings,
        entities=msgspec.json.encode(entities).decode() if entities != Entities() else "",
        reply_count=0,
        quote_count=0,
        repost_count=0,
        like_count=0,
        bookmark_count=0,
        impression_count=0,
        sensitive=0,
        paid_partnership=0,
        made_with_ai=0,
        created_at=tx.now,
        hidden_at=None,
        replaced_at=None,
    )
    await tx.run(_CREATE, text_key=key, **msgspec.structs.asdict(created))
    await _count_targets(tx, created, 1)
    await count_post(tx, author, 1)
    if entities.mentions or parent is not None:
        await note_mentions(tx, created)
    return created


async def delete_post(tx: Tx, caller: Caller, post_id: int) -> None:
    """Delete the caller's own post. Its text goes at once, its place in a conversation stays. Raises PostNotFound, NotYours."""
    author = caller.me
    post = await post_by_id(tx, author, post_id)
    if post is None:
        raise PostNotFound
    if post.author_id != author:
        raise NotYours
    if not await tx.run(_DELETE, post_id=post_id, now=tx.now):
        raise PostNotFound
    await _count_targets(tx, post, -1)
    await end_what_hangs_on(tx, post)
    await count_post(tx, author, -1)
    await forget_mentions(tx, post)
    await note(tx, caller, "post.deleted", post_id)  # what an app posts needs no note: posts name their app


async def _target(tx: Tx, caller: Caller, post_id: int | None) -> PostRow | None:
    """The post that is answered or quoted; of a repost, its original. Raises NotAnswerable where the caller cannot see it."""
    if post_id is None:
        return None
    found = await visible_original(tx, caller.me, post_id)
    if found is None:
        raise NotAnswerable
    return found


async def _admitted(tx: Tx, parent: PostRow, author: int) -> bool:
    """Whether the settings of the post that is answered admit this author."""
    followed = parent.reply_settings == "following" and await is_following(tx, parent.author_id, author)
    return may_answer(parent.reply_settings, parent.author_id, parent.entities, author, followed=followed)


async def _resolved(tx: Tx, entities: Entities) -> Entities:
    """The entities with the accounts behind their mentions."""
    if not entities.mentions:
        return entities
    known = await ids_of_usernames(tx, [name for _, _, name, _ in entities.mentions])
    mentions = tuple((start, end, name, known.get(name.lower(), 0)) for start, end, name, _ in entities.mentions)
    return msgspec.structs.replace(entities, mentions=mentions)


async def _count_targets(tx: Tx, post: PostRow, change: int) -> None:
    if post.reply_to_id is not None:
        await tx.run(_COUNT_REPLY, post_id=post.reply_to_id, change=change)
    if post.quote_of_id is not None:
        await tx.run(_COUNT_QUOTE, post_id=post.quote_of_id, change=change)
