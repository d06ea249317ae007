"""Reading messages. A reader finds only events of which they hold a copy (SR-189): the copy is part of each statement."""

from collections.abc import Sequence

from sqlalchemy import BindParameter, bindparam, select

from volary.db import Reader, Statement, in_list, statement
from volary.db.paging import Bounds
from volary.messages.models import JOINED, LEFT, MESSAGE, MessageRow, conversations, message_copies, message_events

EVERY_KIND = (MESSAGE, JOINED, LEFT)

_COLUMNS = tuple((conversations if name == "pair" else message_events).c[name] for name in MessageRow.__struct_fields__)
_HELD = (
    select(*_COLUMNS)
    .select_from(message_copies)
    .join(message_events, message_events.c.id == message_copies.c.event_id)
    .join(conversations, conversations.c.id == message_copies.c.conversation_id)
    .where(message_copies.c.account_id == bindparam("reader"), message_copies.c.event_id > bindparam("after"))
)
_BY_ID = statement(_HELD.where(message_copies.c.event_id == bindparam("event_id")), MessageRow)
_COUNT: BindParameter[int] = bindparam("count")
_ALL = _HELD.where(message_copies.c.event_id < bindparam("before"), in_list(message_events.c.kind, "kinds")).limit(
    _COUNT
)
_IN_ONE = _ALL.where(message_copies.c.conversation_id == bindparam("conversation_id"))
_IN_PAIRS = _ALL.where(conversations.c.pair.is_not(None))
_DOWN, _UP = (
    tuple(statement(chosen.order_by(order), MessageRow) for chosen in (_ALL, _IN_ONE, _IN_PAIRS))
    for order in (message_copies.c.event_id.desc(), message_copies.c.event_id)
)


async def message_by_id(reader: Reader, account_id: int, event_id: int, after: int = 0) -> MessageRow | None:
    """An event, if the account holds a copy and its id is larger than `after`."""
    return await reader.one(_BY_ID, reader=account_id, event_id=event_id, after=after)


async def messages_of(
    reader: Reader, account_id: int, page: Bounds, count: int, kinds: Sequence[str] = EVERY_KIND
) -> list[MessageRow]:
    """One page of the account's events of some kinds, newest first."""
    return await _read(reader, 0, page, reader_id=account_id, count=count, kinds=list(kinds))


async def messages_in(
    reader: Reader,
    account_id: int,
    conversation_id: int,
    page: Bounds,
    count: int,
    kinds: Sequence[str] = EVERY_KIND,
) -> list[MessageRow]:
    """The same, of one conversation."""
    return await _read(
        reader, 1, page, reader_id=account_id, count=count, kinds=list(kinds), conversation_id=conversation_id
    )


async def messages_in_pairs(reader: Reader, account_id: int, page: Bounds, count: int) -> list[MessageRow]:
    """One page of what was said between the account and one other, whoever that is; groups are left out."""
    return await _read(reader, 2, page, reader_id=account_id, count=count, kinds=[MESSAGE])


async def _read(
    reader: Reader, which: int, page: Bounds, *, reader_id: int, **parameters: int | list[str]
) -> list[MessageRow]:
    asked: Statement[MessageRow] = (_UP if page.up else _DOWN)[which]
    rows = await reader.all(asked, reader=reader_id, after=page.after, before=page.before, **parameters)
    return rows[::-1] if page.up else rows
