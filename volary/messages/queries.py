"""Reading messages. A reader finds only events of which they hold a copy (SR-189): the copy is part of each statement."""

from sqlalchemy import BindParameter, bindparam, select

from volary.db import Reader, statement
from volary.messages.models import MessageRow, conversations, message_copies, message_events

_COLUMNS = (
    message_events.c.id,
    message_events.c.conversation_id,
    conversations.c.pair,
    message_events.c.sender_id,
    message_events.c.kind,
    message_events.c.text,
    message_events.c.created_at,
)
_HELD = (
    select(*_COLUMNS)
    .select_from(message_copies)
    .join(message_events, message_events.c.id == message_copies.c.event_id)
    .join(conversations, conversations.c.id == message_copies.c.conversation_id)
    .where(message_copies.c.account_id == bindparam("reader"))
)
_BETWEEN = (message_copies.c.event_id > bindparam("after"), message_copies.c.event_id < bindparam("before"))
_NEWEST_FIRST = message_copies.c.event_id.desc()
_BY_ID = statement(_HELD.where(message_copies.c.event_id == bindparam("event_id")), MessageRow)
_COUNT: BindParameter[int] = bindparam("count")
_ALL = _HELD.where(*_BETWEEN)
_NEWEST = statement(_ALL.order_by(_NEWEST_FIRST).limit(_COUNT), MessageRow)
_UPWARDS = statement(_ALL.order_by(message_copies.c.event_id).limit(_COUNT), MessageRow)
_IN_ONE = _ALL.where(message_copies.c.conversation_id == bindparam("conversation_id"))
_NEWEST_IN_ONE = statement(_IN_ONE.order_by(_NEWEST_FIRST).limit(_COUNT), MessageRow)
_UPWARDS_IN_ONE = statement(_IN_ONE.order_by(message_copies.c.event_id).limit(_COUNT), MessageRow)
_OF_PAIR = statement(select(conversations.c.id).where(conversations.c.pair == bindparam("pair")), int)


async def message_by_id(reader: Reader, account_id: int, event_id: int) -> MessageRow | None:
    """An event, if the account holds a copy."""
    return await reader.one(_BY_ID, reader=account_id, event_id=event_id)


async def messages_of(
    reader: Reader, account_id: int, *, after: int, before: int, count: int, up: bool = False
) -> list[MessageRow]:
    """The account's events with ids strictly between `after` and `before`, newest first; `up` takes them from the old end."""
    rows = await reader.all(_UPWARDS if up else _NEWEST, reader=account_id, after=after, before=before, count=count)
    return rows[::-1] if up else rows


async def messages_with(
    reader: Reader, account_id: int, other_id: int, *, after: int, before: int, count: int, up: bool = False
) -> list[MessageRow]:
    """The same, of the conversation between two alone."""
    found = await reader.one(_OF_PAIR, pair=pair_of(account_id, other_id))
    if found is None:
        return []
    asked = _UPWARDS_IN_ONE if up else _NEWEST_IN_ONE
    rows = await reader.all(asked, reader=account_id, conversation_id=found, after=after, before=before, count=count)
    return rows[::-1] if up else rows


def pair_of(one: int, other: int) -> str:
    """The name of the conversation between two accounts (X facts 5.7)."""
    return f"{min(one, other)}-{max(one, other)}"
