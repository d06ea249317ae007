"""Groups: who holds what that was said before they came, while they were there, and after they left."""

import pytest
from sqlalchemy import bindparam, select

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.messages.people import calling, group_of, holds, inbox, say, send
from volary.db import statement
from volary.graph.actions.blocks import block
from volary.messages.actions.groups import add_to_group, create_group, leave_group
from volary.messages.actions.sending import MessageDraft, delete_message, send_to_group
from volary.messages.errors import ConversationNotFound, GroupTooSmall, MessageNotFound, NotReachable
from volary.messages.models import JOINED, LEFT, MESSAGE, message_events
from volary.messages.queries.conversations import conversation_between, members_of
from volary.messages.queries.reading import message_by_id

_KEPT = statement(select(message_events.c.text).where(message_events.c.id == bindparam("event_id")), str)


@pytest.mark.claim("C205")
async def test_a_group_begins_with_everybody_and_a_message(db: HeldDatabase, cast: People) -> None:
    first = await group_of(db, cast.ann, cast.bob, cast.carol, cast.bob, cast.ann)
    everybody = " ".join(str(one.id) for one in (cast.ann, cast.bob, cast.carol))
    for person in (cast.ann, cast.bob, cast.carol):
        assert await holds(db, person) == [(MESSAGE, "Welcome"), (JOINED, everybody)]
    assert await members_of(db, first.conversation_id) == sorted(one.id for one in (cast.ann, cast.bob, cast.carol))
    assert await holds(db, cast.dave) == []
    assert first.pair is None
    assert await conversation_between(db, cast.ann.id, cast.bob.id) is None


@pytest.mark.claim("C059")
async def test_who_joins_holds_nothing_from_before_and_who_leaves_nothing_from_after(
    db: HeldDatabase, cast: People
) -> None:
    group = (await group_of(db, cast.ann, cast.bob, cast.carol, text="first")).conversation_id
    await db.write(add_to_group, calling(cast.bob), group, [cast.dave.id, cast.ann.id])
    await say(db, cast.ann, group, "second")
    await db.write(leave_group, calling(cast.carol), group)
    await say(db, cast.dave, group, "third")
    assert await inbox(db, cast.ann) == ["third", "second", "first"]
    assert await inbox(db, cast.carol) == ["second", "first"]
    assert (await holds(db, cast.carol))[0] == (LEFT, str(cast.carol.id))
    assert await holds(db, cast.dave) == [
        (MESSAGE, "third"),
        (LEFT, str(cast.carol.id)),
        (MESSAGE, "second"),
        (JOINED, str(cast.dave.id)),
    ]
    await db.write(add_to_group, calling(cast.ann), group, [cast.carol.id])
    await say(db, cast.bob, group, "fourth")
    assert await inbox(db, cast.carol) == ["fourth", "second", "first"]
    assert sorted(await members_of(db, group)) == sorted(one.id for one in (cast.ann, cast.bob, cast.carol, cast.dave))


@pytest.mark.attack("SR-189")
async def test_who_is_not_in_a_group_cannot_do_anything_to_it(db: HeldDatabase, cast: People) -> None:
    first = await group_of(db, cast.ann, cast.bob, cast.carol)
    group = first.conversation_id
    between = (await send(db, cast.ann, cast.bob, "ours")).conversation_id
    for number in (group, between, group + 1):
        with pytest.raises(ConversationNotFound):
            await say(db, cast.dave, number, "me too")
        with pytest.raises(ConversationNotFound):
            await db.write(add_to_group, calling(cast.dave), number, [cast.dave.id])
        with pytest.raises(ConversationNotFound):
            await db.write(leave_group, calling(cast.dave), number)
    await db.write(leave_group, calling(cast.carol), group)
    with pytest.raises(ConversationNotFound):
        await db.write(leave_group, calling(cast.carol), group)
    with pytest.raises(ConversationNotFound):
        await db.write(send_to_group, calling(cast.carol), group, MessageDraft("still here"))
    with pytest.raises(ConversationNotFound):  # a conversation between two takes nobody else in
        await db.write(add_to_group, calling(cast.ann), between, [cast.dave.id])
    assert await inbox(db, cast.ann) == ["ours", "Welcome"]
    with pytest.raises(MessageNotFound):
        await db.write(delete_message, calling(cast.dave), first.id)


async def test_a_group_needs_two_others_who_can_be_written_to(db: HeldDatabase, cast: People) -> None:
    for others in ([cast.bob.id], [cast.bob.id, cast.bob.id, cast.ann.id], []):
        with pytest.raises(GroupTooSmall):
            await db.write(create_group, calling(cast.ann), others, MessageDraft("hi"))
    await db.write(block, calling(cast.bob), cast.ann.id)
    for others in ([cast.bob.id, cast.carol.id], [cast.carol.id, cast.dave.id, 12345]):
        with pytest.raises(NotReachable):
            await db.write(create_group, calling(cast.ann), others, MessageDraft("hi"))
    group = (await group_of(db, cast.ann, cast.carol, cast.dave)).conversation_id
    with pytest.raises(NotReachable):
        await db.write(add_to_group, calling(cast.ann), group, [cast.bob.id])
    assert await holds(db, cast.bob) == []


@pytest.mark.claim("C058", "C059")
async def test_an_event_goes_with_its_last_copy(db: HeldDatabase, cast: People) -> None:
    first = await group_of(db, cast.ann, cast.bob, cast.carol)
    for person, others in ((cast.bob, (cast.ann, cast.carol)), (cast.ann, (cast.carol,)), (cast.carol, ())):
        await db.write(delete_message, calling(person), first.id)
        assert await message_by_id(db, person.id, first.id) is None
        for other in others:
            assert await message_by_id(db, other.id, first.id) is not None
    assert await db.one(_KEPT, event_id=first.id) is None
