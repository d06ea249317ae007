"""Sending and deleting messages."""

import msgspec
from sqlalchemy import bindparam, delete, exists, insert, literal_column, select

from volary.access.caller import Caller
from volary.accounts.queries import ids_of_usernames
from volary.activity.actions import note
from volary.db import Tx, statement, upsert
from volary.media.actions.attaching import attach_to_message, detach_from_message
from volary.messages.errors import ConversationNotFound, MessageNotFound, NotReachable
from volary.messages.models import (
    MESSAGE,
    MessageRow,
    conversations,
    message_copies,
    message_events,
    participants,
)
from volary.messages.queries.conversations import is_in_group, members_of
from volary.messages.queries.reach import reached
from volary.messages.queries.reading import message_by_id
from volary.messages.rules import checked_text, pair_of, posts_linked
from volary.posts.queries.reading import posts_by_ids
from volary.posts.rules.entities import Entities, entities_of, urls_in

_OPEN = statement(
    upsert(
        conversations,
        values=["id", "pair", "created_by", "created_at"],
        key=["pair"],
        update={"pair": conversations.c.pair},  # changes nothing, but gives the row that is there
    ).returning(conversations.c.id),
    int,
)
_JOIN = statement(
    upsert(participants, values=["conversation_id", "account_id", "joined_at"], key=["conversation_id", "account_id"])
)
_EVENT = tuple(name for name in MessageRow.__struct_fields__ if name != "pair")
_SEND = statement(insert(message_events).values({name: bindparam(name) for name in _EVENT}))
_COPIES = statement(
    insert(message_copies).from_select(
        ["account_id", "event_id", "conversation_id"],
        select(participants.c.account_id, bindparam("event_id"), participants.c.conversation_id).where(
            participants.c.conversation_id == bindparam("conversation_id"), participants.c.left_at.is_(None)
        ),
    )
)
DROP_COPY = statement(
    delete(message_copies).where(
        message_copies.c.account_id == bindparam("account_id"), message_copies.c.event_id == bindparam("event_id")
    )
)
FORGET_EVENT = statement(
    delete(message_events).where(
        message_events.c.id == bindparam("event_id"),
        ~exists(select(literal_column("1")).where(message_copies.c.event_id == message_events.c.id)),
    )
)


class MessageDraft(msgspec.Struct, frozen=True):
    """What is to be sent. Links to posts count at the `hosts` that stand for this server."""

    text: str
    media_id: int | None = None
    hosts: frozenset[str] = frozenset()


async def send_message(tx: Tx, caller: Caller, to: int, draft: MessageDraft) -> MessageRow:
    """Send a message to one person; each of the two gets an own copy (C056, C059).

    Raises NotReachable, EmptyMessage, MessageTooLong.
    """
    sender = caller.me
    text = checked_text(draft.text, draft.media_id)
    if not await reached(tx, sender, [to]):
        raise NotReachable
    pair = pair_of(sender, to)
    conversation_id = await tx.one(_OPEN, id=tx.new_id(), pair=pair, created_by=sender, created_at=tx.now)
    if conversation_id is None:
        raise RuntimeError("an upsert gave no row")
    for one in (sender, to):
        await tx.run(_JOIN, conversation_id=conversation_id, account_id=one, joined_at=tx.now)
    return await say(tx, caller, conversation_id, pair, text, draft)


async def send_to_group(tx: Tx, caller: Caller, conversation_id: int, draft: MessageDraft) -> MessageRow:
    """Send a message to everybody who is in a group now. Raises ConversationNotFound, EmptyMessage, MessageTooLong."""
    text = checked_text(draft.text, draft.media_id)
    if not await is_in_group(tx, caller.me, conversation_id):
        raise ConversationNotFound
    return await say(tx, caller, conversation_id, None, text, draft)


async def say(
    tx: Tx, caller: Caller, conversation_id: int, pair: str | None, text: str, draft: MessageDraft
) -> MessageRow:
    """A message in a conversation that the caller is in, with what stands in its text. Raises MediaNotFound, NotReady."""
    if draft.media_id is not None:
        await attach_to_message(tx, caller.me, draft.media_id, await members_of(tx, conversation_id))
    links = urls_in(text)
    linked = posts_linked(text, draft.hosts)
    seen = {row.id for row in await posts_by_ids(tx, caller.me, linked)}
    found = entities_of(text, links)
    if found.mentions:
        known = await ids_of_usernames(tx, [name for _, _, name, _ in found.mentions])
        mentions = tuple((start, end, name, known.get(name.lower(), 0)) for start, end, name, _ in found.mentions)
        found = msgspec.structs.replace(found, mentions=mentions)
    return await deliver(
        tx,
        caller,
        MessageRow(
            id=tx.new_id(),
            conversation_id=conversation_id,
            pair=pair,
            sender_id=caller.me,
            kind=MESSAGE,
            text=text,
            entities=msgspec.json.encode(found).decode() if found != Entities() else "",
            post_ids=" ".join(str(one) for one in linked if one in seen),
            participant_ids="",
            media_id=draft.media_id,
            source_app_id=caller.app_id,
            created_at=tx.now,
        ),
    )


async def deliver(tx: Tx, caller: Caller, event: MessageRow) -> MessageRow:
    """Keep an event, with a copy for each who is in its conversation at this moment."""
    await tx.run(_SEND, **{name: getattr(event, name) for name in _EVENT})
    await tx.run(_COPIES, event_id=event.id, conversation_id=event.conversation_id)
    if event.kind == MESSAGE:
        await note(tx, caller, "message.sent", event.id)
    return event


async def delete_message(tx: Tx, caller: Caller, event_id: int) -> None:
    """Remove the caller's own copy; the other participants keep theirs (C059). With the last copy the event goes.

    Raises MessageNotFound.
    """
    event = await message_by_id(tx, caller.me, event_id)
    if event is None or not await tx.run(DROP_COPY, account_id=caller.me, event_id=event_id):
        raise MessageNotFound
    if event.media_id is not None:
        await detach_from_message(tx, event.media_id, caller.me)
    await tx.run(FORGET_EVENT, event_id=event_id)
    await note(tx, caller, "message.deleted", event_id)
