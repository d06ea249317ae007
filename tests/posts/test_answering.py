import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.posts.making import calling, post, read
from volary.graph.actions.follows import follow
from volary.posts.actions.hiding import hide_answer
from volary.posts.errors import NotAnswerable, NotModerated, PostNotFound
from volary.posts.rules.answering import kept_entities, may_answer


@pytest.mark.claim("C054")
async def test_who_began_a_conversation_hides_answers_in_it(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "Mine")
    answer = await post(db, cast.dave, "Noise", reply_to_id=first.id)
    deep = await post(db, cast.carol, "Indeed", reply_to_id=answer.id)
    for one in (answer, deep):
        await db.write(hide_answer, calling(cast.ann), one.id, hidden=True)
        assert (await read(db, one.id)).hidden_at == db.now
    await db.write(hide_answer, calling(cast.ann), answer.id, hidden=False)
    assert (await read(db, answer.id)).hidden_at is None


@pytest.mark.attack("SR-208")
async def test_nobody_else_hides_answers(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "Mine")
    answer = await post(db, cast.dave, "Noise", reply_to_id=first.id)
    deep = await post(db, cast.carol, "Indeed", reply_to_id=answer.id)
    hidden = await post(db, cast.bob, "For friends", reply_to_id=first.id)
    for who, what in ((cast.dave, answer), (cast.dave, deep), (cast.carol, answer), (cast.ann, first)):
        with pytest.raises(NotModerated):
            await db.write(hide_answer, calling(who), what.id, hidden=True)
    for unseen in (hidden.id, 1):
        with pytest.raises(PostNotFound):
            await db.write(hide_answer, calling(cast.ann), unseen, hidden=True)
    assert (await read(db, answer.id)).hidden_at is None


async def test_settings_of_the_first_post_hold_for_the_whole_conversation(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "For @dave", reply_settings="mentionedUsers")
    answer = await post(db, cast.dave, "Yes", reply_to_id=first.id)
    with pytest.raises(NotAnswerable):
        await post(db, cast.carol, "Me too", reply_to_id=answer.id)
    assert (await post(db, cast.ann, "Good", reply_to_id=answer.id)).conversation_id == first.id


async def test_following_admits_whom_the_author_follows(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "For friends", reply_settings="following")
    with pytest.raises(NotAnswerable):
        await post(db, cast.dave, "Me?", reply_to_id=first.id)
    await db.write(follow, calling(cast.ann), cast.dave.id)
    assert (await post(db, cast.dave, "Me!", reply_to_id=first.id)).reply_to_id == first.id


@pytest.mark.parametrize(
    ("settings", "followed", "verified", "may"),
    [
        ("everyone", False, False, True),
        ("following", True, False, True),
        ("following", False, True, False),
        ("verified", False, True, True),
        ("verified", True, False, False),
        ("subscribers", True, True, False),
        ("mentionedUsers", True, True, False),
    ],
)
def test_whom_each_setting_admits(settings: str, followed: bool, verified: bool, may: bool) -> None:
    assert may_answer(settings, 1, "", 2, followed=followed, verified=verified) is may
    assert may_answer(settings, 1, "", 1)
    assert may_answer(settings, 1, '{"mentions":[[0,4,"two",2]]}', 2)


async def test_an_answer_can_begin_with_the_names_of_those_whom_it_answers(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "With @Carol_C and @dev and @nobody and myself @ann")
    answer = await post(db, cast.dave, "Hello", reply_to_id=first.id, names_first=True)
    assert answer.text == "@ann @Carol_C @dev Hello"
    kept = kept_entities(answer.entities)
    assert kept.lead == len("@ann @Carol_C @dev ")
    assert [answer.text[start:end] for start, end, _, _ in kept.mentions] == ["@ann", "@Carol_C", "@dev"]
    left = await post(
        db, cast.dave, "Hello you", reply_to_id=first.id, names_first=True, left_out=(cast.carol.id, cast.ann.id)
    )
    assert left.text == "@ann @dev Hello you", "whose post it answers cannot be left out"
    named = await post(db, cast.dave, "Hi @ANN there", reply_to_id=first.id, names_first=True, left_out=(cast.dev.id,))
    assert named.text == "@Carol_C Hi @ANN there"
    listed = await post(
        db, cast.dave, "Hi @ann, @carol_c: look", reply_to_id=first.id, names_first=True, left_out=(cast.dev.id,)
    )
    assert listed.text == "Hi @ann, @carol_c: look", "a name that the text mentions is no other for what follows it"


async def test_names_before_an_answer_weigh_nothing(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "With @Carol_C")
    answer = await post(db, cast.dave, "x" * 280, reply_to_id=first.id, names_first=True)
    assert len(answer.text) == 280 + len("@ann @Carol_C ")
