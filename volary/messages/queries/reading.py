"""Reading messages. A reader finds only events of which they hold a copy (SR-189): the copy is part of each statement."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from volary.db import Reader, in_list, statement
from volary.db.paging import Bounds, Pages
from volary.messages.models import JOINED, LEFT, MESSAGE, MessageRow, conversations, message_copies, message_events

EVERY_KIND = (MESSAGE, JOINED, LEFT)

_COLUMNS = tuple((conversations if name == "pair" else message_events).c[name] for name in MessageRow.__struct_fields__)
_HELD = (
    select(*_COLUMNS)
    .select_from(message_copies)
    .join(message_events, message_events.c.id == message_copies.c.event_id)
    .join(conversations, conversations.c.id == message_copies.c.conversation_id)
    .where(message_copies.c.account_id == bindparam("holder"))
)
_BY_ID = statement(
    _HELD.where(message_copies.c.event_id == bindparam("event_id"), message_copies.c.event_id > bindparam("after")),
    MessageRow,
)
_OF_KINDS = _HELD.where(in_list(message_events.c.kind, "kinds"))
_ALL, _IN_ONE, _IN_PAIRS = (
    Pages(chosen, message_copies.c.event_id, MessageRow)
    for chosen in (
        _OF_KINDS,
        _OF_KINDS.where(message_copies.c.conversation_id == bindparam("conversation_id")),
        _OF_KINDS.where(conversations.c.pair.is_not(None)),
    )
)


async def message_by_id(reader: Reader, account_id: int, event_id: int, after: int = 0) -> MessageRow | None:
    """An event, if the account holds a copy and its id is larger than `after`."""
    return await reader.one(_BY_ID, holder=account_id, event_id=event_id, after=after)


async def messages_of(
    reader: Reader, account_id: int, page: Bounds, count: int, kinds: Sequence[str] = EVERY_KIND
) -> list[MessageRow]:
    """One page of the account's events of some kinds, newest first."""
    return await _ALL.read(reader, page, count, holder=account_id, kinds=list(kinds))


async def messages_in(
    reader: Reader,
    account_id: int,
    conversation_id: int,
    page: Bounds,
    count: int,
    kinds: Sequence[str] = EVERY_KIND,
) -> list[MessageRow]:
    """The same, of one conversation."""
    return await _IN_ONE.read(
        reader, page, count, holder=account_id, kinds=list(kinds), conversation_id=conversation_id
    )


async def messages_in_pairs(reader: Reader, account_id: int, page: Bounds, count: int) -> list[MessageRow]:
    """One page of what was said between the account and one other, whoever that is; groups are left out."""
    return await _IN_PAIRS.read(reader, page, count, holder=account_id, kinds=[MESSAGE])
