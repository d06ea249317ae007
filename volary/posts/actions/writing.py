"""Creating, editing and deleting posts."""

import msgspec
from sqlalchemy import bindparam, insert, update

from volary.access.caller import Caller
from volary.accounts.actions import count_post
from volary.accounts.queries import ids_of_usernames
from volary.activity.actions import note
from volary.db import Tx, in_list, statement
from volary.kit.clock import DAY
from volary.kit.ids import first_id_at
from volary.posts.actions.answering import answered, names_before, quoted
from volary.posts.actions.attaching import attached, check_tagged, count_attached, detached
from volary.posts.actions.counting import count_quote, count_reply
from volary.posts.actions.ending import end_what_hangs_on
from volary.posts.actions.mentioning import forget_mentions, note_mentions
from volary.posts.actions.polls import delete_poll, make_poll
from volary.posts.actions.versions import chained, replaced
from volary.posts.errors import DuplicateText, EmptyText, NotEditable, NotYours, PostNotFound, TooManyAttachments
from volary.posts.models import UNDETERMINED, PostRow, posts
from volary.posts.queries.reading import post_by_id, posts_by_ids, same_text_since
from volary.posts.rules.answering import kept_entities
from volary.posts.rules.editing import versions_of
from volary.posts.rules.entities import Entities, entities_of, urls_in
from volary.posts.rules.media import ids_in
from volary.posts.rules.polls import NewPoll, checked_poll
from volary.posts.rules.texts import checked_text, text_key


class Draft(msgspec.Struct, frozen=True):
    """What a person or an app wants to post.

    `names_first`: an answer begins by itself with the names of those whom it answers, without the accounts `left_out`.
    `tagged`: the accounts that are in the pictures. `edits_id`: the version of a post of which this is the next one; what it answers and
    quotes stays as it was, and so do its media with who is in them where no others are named, and what nothing is said of (None).
    """

    text: str
    reply_to_id: int | None = None
    quote_of_id: int | None = None
    reply_settings: str = "everyone"
    names_first: bool = False
    left_out: tuple[int, ...] = ()
    edits_id: int | None = None
    poll: NewPoll | None = None
    media_ids: tuple[int, ...] = ()
    tagged: tuple[int, ...] = ()
    sensitive: bool | None = None
    paid_partnership: bool | None = None
    made_with_ai: bool | None = None


_CREATE = statement(insert(posts).values({name: bindparam(name) for name in (*PostRow.__struct_fields__, "text_key")}))
_UNCOUNTED = dict.fromkeys((name for name in PostRow.__struct_fields__ if name.endswith("_count")), 0)
"""The numbers with which a post and each version of it begins."""
DELETE_POSTS = statement(
    update(posts)
    .where(in_list(posts.c.id, "ids"), posts.c.deleted_at.is_(None))
    .values(deleted_at=bindparam("now"), text="", text_key="", entities="")
)
"""Posts whose text goes at once."""


async def create_post(tx: Tx, caller: Caller, draft: Draft) -> PostRow:
    """Post in the caller's name, or edit a post of theirs. Raises the refusals of `errors`; the same text within a day counts as a
    duplicate (X facts 5.5).
    """
    if draft.edits_id is not None:
        return await _edit(tx, caller, draft, draft.edits_id)
    author, post_id = caller.me, tx.new_id()
    parent = None if draft.reply_to_id is None else await answered(tx, author, draft.reply_to_id)
    quote = None if draft.quote_of_id is None else await quoted(tx, author, draft.quote_of_id)
    poll = None if draft.poll is None else checked_poll(draft.poll)
    lead = ""
    if draft.names_first and parent is not None:
        lead = await names_before(tx, parent, author, draft.text, draft.left_out)
    text, entities, key = await _read(tx, author, draft, lead)
    if sum((bool(draft.media_ids), poll is not None, quote is not None)) > 1:
        raise TooManyAttachments
    created = PostRow(
        id=post_id,
        author_id=author,
        text=text,
        language=UNDETERMINED,
        source_app_id=caller.app_id,
        conversation_id=parent.conversation_id if parent else post_id,
        reply_to_id=parent.id if parent else None,
        reply_to_author_id=parent.author_id if parent else None,
        quote_of_id=quote.id if quote else None,
        repost_of_id=None,
        poll_id=tx.new_id() if poll else None,
        media_ids=await attached(tx, author, draft.media_ids) if draft.media_ids else "",
        versions="",
        reply_settings=draft.reply_settings,
        entities=entities,
        sensitive=_said(draft.sensitive),
        paid_partnership=_said(draft.paid_partnership),
        made_with_ai=_said(draft.made_with_ai),
        created_at=tx.now,
        hidden_at=None,
        replaced_at=None,
        **_UNCOUNTED,
    )
    await tx.run(_CREATE, text_key=key, **msgspec.structs.asdict(created))
    if poll is not None and created.poll_id is not None:
        await make_poll(tx, created.poll_id, post_id, poll)
    await count_targets(tx, created, 1)
    await count_post(tx, author, 1, post_id)
    if created.media_ids:
        await count_attached(tx, author, created.media_ids, 1)
    if entities or parent is not None:
        await note_mentions(tx, created)
    return created


async def _edit(tx: Tx, caller: Caller, draft: Draft, previous_id: int) -> PostRow:
    """Post the next version of a post: a new id and numbers of its own, in the same place of the same conversation (X facts 5.5)."""
    before = await replaced(tx, caller.me, previous_id)
    others = {draft.reply_to_id, draft.quote_of_id} - {None, before.reply_to_id, before.quote_of_id}
    if others or draft.poll is not None:
        raise NotEditable
    if draft.media_ids and before.quote_of_id is not None:
        raise TooManyAttachments
    media_ids = draft.media_ids or ids_in(before.media_ids)
    tagged = () if draft.media_ids else kept_entities(before.entities).tagged
    text, entities, key = await _read(tx, caller.me, msgspec.structs.replace(draft, media_ids=media_ids), tagged=tagged)
    post_id = tx.new_id()
    versions = (*versions_of(before), post_id)
    edited = msgspec.structs.replace(
        before,
        id=post_id,
        text=text,
        language=UNDETERMINED,
        source_app_id=caller.app_id,
        entities=entities,
        media_ids=await attached(tx, caller.me, media_ids) if media_ids else "",
        sensitive=_said(draft.sensitive, before.sensitive),
        paid_partnership=_said(draft.paid_partnership, before.paid_partnership),
        made_with_ai=_said(draft.made_with_ai, before.made_with_ai),
        created_at=tx.now,
        versions=" ".join(map(str, versions)),
        **_UNCOUNTED,
    )
    await tx.run(_CREATE, text_key=key, **msgspec.structs.asdict(edited))
    await chained(tx, versions)
    await count_post(tx, caller.me, 0, post_id)
    if edited.media_ids != before.media_ids:
        await count_attached(tx, caller.me, before.media_ids, -1)
        await count_attached(tx, caller.me, edited.media_ids, 1)
    if entities or edited.reply_to_id is not None:
        await note_mentions(tx, edited)
    return edited


async def delete_post(tx: Tx, caller: Caller, post_id: int) -> None:
    """Delete the caller's own post with all its versions. Its text goes at once, its place in a conversation stays.

    Raises PostNotFound, NotYours.
    """
    author = caller.me
    post = await post_by_id(tx, author, post_id)
    if post is None:
        raise PostNotFound
    if post.author_id != author:
        raise NotYours
    ids = versions_of(post)
    versions = [post] if len(ids) == 1 else await posts_by_ids(tx, author, ids)
    if not await tx.run(DELETE_POSTS, ids=list(ids), now=tx.now):
        raise PostNotFound
    if post.poll_id is not None:
        await delete_poll(tx, post.poll_id)
    await count_targets(tx, post, -1)
    for one in versions:
        await end_what_hangs_on(tx, one)
        await forget_mentions(tx, one)
        await detached(tx, one.media_ids)
    await count_post(tx, author, -1)
    await count_attached(tx, author, max(versions, key=lambda one: one.id).media_ids, -1)
    await note(tx, caller, "post.deleted", post_id)  # what an app posts needs no note: posts name their app


async def _read(
    tx: Tx, author: int, draft: Draft, lead: str = "", tagged: tuple[int, ...] = ()
) -> tuple[str, str, str]:
    """A text with its lead as it is kept, its entities, and the key by which it is recognised. Raises the refusals of texts.

    Pictures need no text; and the same one may stand beside others. `tagged` are in pictures that were there before.
    """
    try:
        text, links = checked_text(draft.text)
    except EmptyText:
        if not draft.media_ids:
            raise
        text, links = "", []
    if lead:  # it counts nothing, so the text was weighed without it
        text = f"{lead} {text}"
        links = urls_in(text)
    key = text_key(text)
    if not draft.media_ids and await same_text_since(tx, author, key, first_id_at(tx.now - DAY)):
        raise DuplicateText
    entities = await _resolved(tx, entities_of(text, links))
    if draft.tagged:
        await check_tagged(tx, draft.tagged)
    if draft.tagged or tagged:
        entities = msgspec.structs.replace(entities, tagged=draft.tagged or tagged)
    if lead:
        entities = msgspec.structs.replace(entities, lead=len(lead) + 1)
    return text, msgspec.json.encode(entities).decode() if entities != Entities() else "", key


async def _resolved(tx: Tx, entities: Entities) -> Entities:
    """The entities with the accounts behind their mentions."""
    if not entities.mentions:
        return entities
    known = await ids_of_usernames(tx, [name for _, _, name, _ in entities.mentions])
    mentions = tuple((start, end, name, known.get(name.lower(), 0)) for start, end, name, _ in entities.mentions)
    return msgspec.structs.replace(entities, mentions=mentions)


def _said(said: bool | None, before: int = 0) -> int:
    """What is kept of something that can be said of a post."""
    return before if said is None else int(said)


async def count_targets(tx: Tx, post: PostRow, change: int) -> None:
    """Count a post among the replies and quotes of what it answers and quotes, or no longer."""
    if post.reply_to_id is not None:
        await count_reply(tx, post.reply_to_id, change)
    if post.quote_of_id is not None:
        await count_quote(tx, post.quote_of_id, change)
