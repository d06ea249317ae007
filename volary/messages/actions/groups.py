"""Groups: making one, adding people, and leaving."""

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, update

from volary.access.caller import Caller
from volary.activity.actions import note
from volary.db import Tx, statement, upsert
from volary.messages.actions.sending import MessageDraft, deliver, say
from volary.messages.errors import ConversationNotFound, GroupTooLarge, GroupTooSmall, NotReachable
from volary.messages.models import JOINED, LEFT, MessageRow, conversations, participants
from volary.messages.queries.conversations import is_in_group, members_of
from volary.messages.queries.reach import reached
from volary.messages.rules import LARGEST_GROUP, checked_text

_MAKE = statement(insert(conversations).values({name: bindparam(name) for name in ("id", "created_by", "created_at")}))
_ENTER = statement(
    upsert(
        participants,
        values={
            **{name: bindparam(name) for name in ("conversation_id", "account_id", "joined_at")},
            "left_at": None,
        },
        key=["conversation_id", "account_id"],
        update=["joined_at", "left_at"],
    )
)
_LEAVE = statement(
    update(participants)
    .where(
        participants.c.conversation_id == bindparam("of"),
        participants.c.account_id == bindparam("who"),
        participants.c.left_at.is_(None),
    )
    .values(left_at=bindparam("now"))
)


async def create_group(tx: Tx, caller: Caller, ids: Sequence[int], draft: MessageDraft) -> MessageRow:
    """Make a group of the caller and others, and send its first message (C205).

    Raises GroupTooSmall, GroupTooLarge, NotReachable, EmptyMessage, MessageTooLong.
    """
    me = caller.me
    text = checked_text(draft.text, draft.media_id)
    others = [one for one in dict.fromkeys(ids) if one != me]
    if len(others) < 2:
        raise GroupTooSmall
    if len(others) >= LARGEST_GROUP:
        raise GroupTooLarge(LARGEST_GROUP)
    if await reached(tx, me, others) != set(others):
        raise NotReachable
    conversation_id = tx.new_id()
    await tx.run(_MAKE, id=conversation_id, created_by=me, created_at=tx.now)
    await _enter(tx, caller, conversation_id, [me, *others])
    return await say(tx, caller, conversation_id, None, text, draft)


async def add_to_group(tx: Tx, caller: Caller, conversation_id: int, ids: Sequence[int]) -> None:
    """Add people to a group that the caller is in; who is in it already is passed over. What was said before is not theirs to read.

    Raises ConversationNotFound, GroupTooLarge, NotReachable.
    """
    if not await is_in_group(tx, caller.me, conversation_id):
        raise ConversationNotFound
    there = await members_of(tx, conversation_id)
    new = [one for one in dict.fromkeys(ids) if one not in there]
    if len(there) + len(new) > LARGEST_GROUP:
        raise GroupTooLarge(LARGEST_GROUP)
    if await reached(tx, caller.me, new) != set(new):
        raise NotReachable
    if new:
        await _enter(tx, caller, conversation_id, new)
        await note(tx, caller, "group.joined", conversation_id)


async def leave_group(tx: Tx, caller: Caller, conversation_id: int) -> None:
    """Leave a group; one keeps one's copies of what was said, the news of leaving the last of them. Raises ConversationNotFound."""
    me = caller.me
    if not await is_in_group(tx, me, conversation_id):
        raise ConversationNotFound
    await _tell(tx, caller, conversation_id, LEFT, [me])
    await tx.run(_LEAVE, of=conversation_id, who=me, now=tx.now)
    await note(tx, caller, "group.left", conversation_id)


async def _enter(tx: Tx, caller: Caller, conversation_id: int, ids: Sequence[int]) -> None:
    for one in ids:
        await tx.run(_ENTER, conversation_id=conversation_id, account_id=one, joined_at=tx.now)
    await _tell(tx, caller, conversation_id, JOINED, ids)


async def _tell(tx: Tx, caller: Caller, conversation_id: int, kind: str, ids: Sequence[int]) -> None:
    event = MessageRow(
        id=tx.new_id(),
        conversation_id=conversation_id,
        pair=None,
        sender_id=caller.me,
        kind=kind,
        text="",
        entities="",
        post_ids="",
        participant_ids=" ".join(map(str, ids)),
        media_id=None,
        source_app_id=caller.app_id,
        created_at=tx.now,
    )
    await deliver(tx, caller, event)
