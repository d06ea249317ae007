"""Copies of messages of an account that is erased. What others hold stays theirs (decision 0044)."""

import msgspec
from sqlalchemy import bindparam, delete, exists, literal_column, or_, select

from volary.db import Tx, statement
from volary.media.actions.attaching import detach_from_message
from volary.messages.actions.sending import DROP_COPY, FORGET_EVENT
from volary.messages.models import (
    conversations,
    message_blocks,
    message_copies,
    message_events,
    message_settings,
    participants,
)


class _HeldRow(msgspec.Struct, frozen=True):
    event_id: int
    media_id: int | None


_COPIES = statement(
    select(message_copies.c.event_id, message_events.c.media_id)
    .join(message_events, message_events.c.id == message_copies.c.event_id)
    .where(message_copies.c.account_id == bindparam("account"))
    .limit(bindparam("count")),
    _HeldRow,
)
_CONVERSATIONS = statement(
    select(participants.c.conversation_id).where(participants.c.account_id == bindparam("account")), int
)
_FORGET_EMPTY = statement(
    delete(conversations).where(
        conversations.c.id == bindparam("conversation"),
        ~exists(select(literal_column("1")).where(message_events.c.conversation_id == conversations.c.id)),
    )
)
_FORGET = tuple(
    statement(delete(of).where(or_(*(column == bindparam("account") for column in columns))))
    for of, columns in (
        (participants, (participants.c.account_id,)),
        (message_blocks, (message_blocks.c.blocker_id, message_blocks.c.blocked_id)),
        (message_settings, (message_settings.c.account_id,)),
    )
)


async def end_messages(tx: Tx, account: int, count: int) -> int:
    """Delete some of an account's own copies; how many. An event goes with its last copy, and a conversation with its last event."""
    held = await tx.all(_COPIES, account=account, count=count)
    for row in held:
        await tx.run(DROP_COPY, account_id=account, event_id=row.event_id)
        if row.media_id is not None:
            await detach_from_message(tx, row.media_id, account)
        await tx.run(FORGET_EVENT, event_id=row.event_id)
    if len(held) < count:
        for conversation in await tx.all(_CONVERSATIONS, account=account):
            await tx.run(_FORGET_EMPTY, conversation=conversation)
        for forget in _FORGET:
            await tx.run(forget, account=account)
    return len(held)
