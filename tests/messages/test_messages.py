import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.messages.people import EVER, calling, inbox, send
from volary.messages.actions.sending import MessageDraft, delete_message, send_message
from volary.messages.errors import EmptyMessage, MessageNotFound, MessageTooLong, NotReachable
from volary.messages.queries.conversations import conversation_between
from volary.messages.queries.reading import message_by_id, messages_in
from volary.messages.rules import pair_of


@pytest.mark.claim("C056", "C057")
async def test_a_message_reaches_both_and_nobody_else(db: HeldDatabase, cast: People) -> None:
    sent = await send(db, cast.ann, cast.bob, "Hi Bob")
    await send(db, cast.bob, cast.ann, "Hi Ann")
    assert await inbox(db, cast.ann) == await inbox(db, cast.bob) == ["Hi Ann", "Hi Bob"]
    assert await inbox(db, cast.dave) == []
    assert await message_by_id(db, cast.dave.id, sent.id) is None
    assert sent.pair == pair_of(cast.ann.id, cast.bob.id) == pair_of(cast.bob.id, cast.ann.id)


async def test_each_pair_has_one_conversation(db: HeldDatabase, cast: People) -> None:
    there = await send(db, cast.ann, cast.bob, "to Bob")
    back = await send(db, cast.bob, cast.ann, "to Ann")
    other = await send(db, cast.ann, cast.carol, "to Carol")
    assert there.conversation_id == back.conversation_id != other.conversation_id
    assert await conversation_between(db, cast.bob.id, cast.ann.id) == there.conversation_id
    listed = await messages_in(db, cast.ann.id, there.conversation_id, EVER, 50)
    assert [row.id for row in listed] == [back.id, there.id]
    assert await messages_in(db, cast.dave.id, there.conversation_id, EVER, 50) == []


@pytest.mark.claim("C058", "C059")
async def test_deleting_removes_ones_own_copy_only(db: HeldDatabase, cast: People) -> None:
    sent = await send(db, cast.ann, cast.bob, "Oops")
    await db.write(delete_message, calling(cast.ann), sent.id)
    assert await inbox(db, cast.ann) == []
    assert await inbox(db, cast.bob) == ["Oops"]
    with pytest.raises(MessageNotFound):
        await db.write(delete_message, calling(cast.ann), sent.id)


@pytest.mark.attack("SR-189")
async def test_a_stranger_cannot_delete_or_find_a_message(db: HeldDatabase, cast: People) -> None:
    sent = await send(db, cast.ann, cast.bob, "Ours")
    with pytest.raises(MessageNotFound):
        await db.write(delete_message, calling(cast.dave), sent.id)
    assert await inbox(db, cast.bob) == ["Ours"]


async def test_what_cannot_be_sent_is_refused(db: HeldDatabase, cast: People) -> None:
    with pytest.raises(EmptyMessage):
        await send(db, cast.ann, cast.bob, " \x00 ")
    with pytest.raises(MessageTooLong):
        await send(db, cast.ann, cast.bob, "x" * 10_001)
    with pytest.raises(NotReachable):
        await send(db, cast.ann, cast.ann, "to myself")
    with pytest.raises(NotReachable):
        await db.write(send_message, calling(cast.ann), 12345, MessageDraft("to nobody"))
    assert await inbox(db, cast.ann) == []
