"""Conversations, and who is in them."""

from sqlalchemy import bindparam, select

from volary.db import Reader, statement
from volary.messages.models import conversations, participants
from volary.messages.rules import pair_of

_OF_PAIR = statement(select(conversations.c.id).where(conversations.c.pair == bindparam("pair")), int)
_IN = (
    select(conversations.c.id)
    .join(participants, participants.c.conversation_id == conversations.c.id)
    .where(
        conversations.c.id == bindparam("conversation_id"),
        conversations.c.pair.is_(None),
        participants.c.account_id == bindparam("account_id"),
    )
)
_KNOWN = statement(_IN, int)
_PRESENT = statement(_IN.where(participants.c.left_at.is_(None)), int)
_MEMBERS = statement(
    select(participants.c.account_id)
    .where(participants.c.conversation_id == bindparam("conversation_id"), participants.c.left_at.is_(None))
    .order_by(participants.c.account_id),
    int,
)


async def conversation_between(reader: Reader, one: int, other: int) -> int | None:
    """The conversation between two accounts, once one of them has written."""
    return await reader.one(_OF_PAIR, pair=pair_of(one, other))


async def knows_group(reader: Reader, account_id: int, conversation_id: int) -> bool:
    """Whether the account is in a group, or was."""
    return await reader.one(_KNOWN, account_id=account_id, conversation_id=conversation_id) is not None


async def is_in_group(reader: Reader, account_id: int, conversation_id: int) -> bool:
    """Whether the account is in a group now."""
    return await reader.one(_PRESENT, account_id=account_id, conversation_id=conversation_id) is not None


async def members_of(reader: Reader, conversation_id: int) -> list[int]:
    """Who is in a conversation now."""
    return await reader.all(_MEMBERS, conversation_id=conversation_id)
