"""Who can write to whom: one expression, for sending, for making groups and for telling whether somebody can be written to.

An account can be written to that is active, that neither blocks the sender nor is blocked, that did not turn the sender's messages away,
and that either admits everybody, or follows the sender, or has written to the sender before: whom one wrote to can answer.
"""

from collections.abc import Sequence

from sqlalchemy import BigInteger, and_, bindparam, exists, func, not_, or_, select

from volary.accounts.models import ACTIVE, accounts
from volary.accounts.queries import ACCOUNT_COLUMNS
from volary.db import Reader, in_list, statement
from volary.db.paging import Bounds, Pages
from volary.graph.models import PlacedRow, blocks
from volary.graph.queries.visibility import follow_exists
from volary.messages.models import (
    EVERYONE,
    conversations,
    message_blocks,
    message_events,
    message_settings,
)
from volary.messages.rules import pair_of

_SENDER = bindparam("sender", type_=BigInteger())
_blocked = exists(
    select(blocks.c.place).where(
        or_(
            and_(blocks.c.blocker_id == accounts.c.id, blocks.c.blocked_id == _SENDER),
            and_(blocks.c.blocker_id == _SENDER, blocks.c.blocked_id == accounts.c.id),
        )
    )
)
_turned_away = exists(
    select(message_blocks.c.place).where(
        message_blocks.c.blocker_id == accounts.c.id, message_blocks.c.blocked_id == _SENDER
    )
)
_has_written = exists(
    select(message_events.c.id)
    .join(conversations, conversations.c.id == message_events.c.conversation_id)
    .where(in_list(conversations.c.pair, "pairs"), message_events.c.sender_id == accounts.c.id)
)
_REACHED = statement(
    select(accounts.c.id)
    .outerjoin(message_settings, message_settings.c.account_id == accounts.c.id)
    .where(
        in_list(accounts.c.id, "ids"),
        accounts.c.id != _SENDER,
        accounts.c.state == ACTIVE,
        not_(_blocked),
        not_(_turned_away),
        or_(
            func.coalesce(message_settings.c.allowed, EVERYONE) == EVERYONE,
            follow_exists(accounts.c.id, _SENDER),
            _has_written,
        ),
    ),
    int,
)


_TURNED_AWAY = Pages(
    select(*ACCOUNT_COLUMNS, message_blocks.c.place)
    .select_from(message_blocks)
    .join(accounts, accounts.c.id == message_blocks.c.blocked_id)
    .where(message_blocks.c.blocker_id == bindparam("owner"), accounts.c.state == ACTIVE),
    message_blocks.c.place,
    PlacedRow,
)
_ALLOWED = statement(select(message_settings.c.allowed).where(message_settings.c.account_id == bindparam("owner")), str)


async def turned_away_by(reader: Reader, owner: int, page: Bounds, count: int) -> list[PlacedRow]:
    """Whose messages an account does not take, for itself alone to see."""
    return await _TURNED_AWAY.read(reader, page, count, owner=owner)


async def allowed_by(reader: Reader, owner: int) -> str:
    """Who can begin a conversation with an account: EVERYONE or FOLLOWING."""
    return await reader.one(_ALLOWED, owner=owner) or EVERYONE


async def reached(reader: Reader, sender: int, ids: Sequence[int]) -> set[int]:
    """Which of these accounts the sender can write to."""
    if not ids:
        return set()
    pairs = [pair_of(sender, one) for one in ids]
    return set(await reader.all(_REACHED, sender=sender, ids=list(ids), pairs=pairs))
