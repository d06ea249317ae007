"""Sending and deleting messages."""

from sqlalchemy import bindparam, delete, insert

from volary.access.caller import Caller
from volary.accounts.models import ACTIVE
from volary.accounts.queries import account_by_id
from volary.activity.actions import note
from volary.db import Tx, statement, upsert
from volary.graph.queries.connections import blockers_between
from volary.kit.unicode import composed
from volary.messages.errors import EmptyMessage, MessageNotFound, MessageTooLong, NotReachable
from volary.messages.models import MessageRow, conversations, message_copies, message_events, participants
from volary.messages.queries import message_by_id, pair_of

LIMIT = 10_000
"""The most characters that a message may have."""

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
_SEND = statement(
    insert(message_events).values(
        {
            name: bindparam(name)
            for name in ("id", "conversation_id", "sender_id", "text", "source_app_id", "created_at")
        }
    )
)
_COPY = statement(
    insert(message_copies).values({name: bindparam(name) for name in ("account_id", "event_id", "conversation_id")})
)
_DROP = statement(
    delete(message_copies).where(
        message_copies.c.account_id == bindparam("account_id"), message_copies.c.event_id == bindparam("event_id")
    )
)


async def send_message(tx: Tx, caller: Caller, to: int, text: str) -> MessageRow:
    """Send a message to one person; each of the two gets an own copy (C056, C059). Raises the refusals of `errors`."""
    sender = caller.me
    kept = _checked(text)
    receiver = await account_by_id(tx, to)
    if receiver is None or receiver.state != ACTIVE or to == sender:
        raise NotReachable
    if await blockers_between(tx, sender, to):
        raise NotReachable
    conversation_id = await tx.one(
        _OPEN, id=tx.new_id(), pair=pair_of(sender, to), created_by=sender, created_at=tx.now
    )
    if conversation_id is None:
        raise RuntimeError("an upsert gave no row")
    event_id = tx.new_id()
    await tx.run(
        _SEND,
        id=event_id,
        conversation_id=conversation_id,
        sender_id=sender,
        text=kept,
        source_app_id=caller.app_id,
        created_at=tx.now,
    )
    for holder in (sender, to):
        await tx.run(_JOIN, conversation_id=conversation_id, account_id=holder, joined_at=tx.now)
        await tx.run(_COPY, account_id=holder, event_id=event_id, conversation_id=conversation_id)
    await note(tx, caller, "message.sent", event_id)
    return MessageRow(event_id, conversation_id, pair_of(sender, to), sender, "MessageCreate", kept, tx.now)


async def delete_message(tx: Tx, caller: Caller, event_id: int) -> None:
    """Remove the caller's own copy; the other participants keep theirs (C059). Raises MessageNotFound."""
    account_id = caller.me
    if await message_by_id(tx, account_id, event_id) is None:
        raise MessageNotFound
    await tx.run(_DROP, account_id=account_id, event_id=event_id)
    await note(tx, caller, "message.deleted", event_id)


def _checked(text: str) -> str:
    kept = composed(text).replace("\x00", "").strip()
    if not kept:
        raise EmptyMessage
    if len(kept) > LIMIT:
        raise MessageTooLong(LIMIT)
    return kept
