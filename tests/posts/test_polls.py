import asyncio

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.posts.making import calling, post
from volary.graph.actions.blocks import block
from volary.kit.clock import MINUTE
from volary.posts.actions.polls import vote
from volary.posts.actions.writing import delete_post
from volary.posts.errors import NoSuchOption, NoSuchPoll, PollEnded, PollNotFound, VotedAlready
from volary.posts.queries.polls import Poll, chosen_by, poll_of, polls_by_ids
from volary.posts.rules.polls import NewPoll, checked_poll

TEA = NewPoll(("Tea", "Coffee", "Water"), 60)


async def asked(db: HeldDatabase, post_id: int, viewer: int = 0) -> Poll:
    found = await poll_of(db, viewer, post_id)
    assert found is not None
    return found


async def test_each_account_votes_once(db: HeldDatabase, cast: People) -> None:
    made = await post(db, cast.ann, "What?", poll=TEA)
    await db.write(vote, calling(cast.dave), made.id, 2)
    await db.write(vote, calling(cast.carol), made.id, 2)
    for again in (1, 2):
        with pytest.raises(VotedAlready):
            await db.write(vote, calling(cast.dave), made.id, again)
    poll = await asked(db, made.id)
    assert [(one.position, one.label, one.votes) for one in poll.options] == [
        (1, "Tea", 0),
        (2, "Coffee", 2),
        (3, "Water", 0),
    ]
    assert await chosen_by(db, cast.dave.id, poll.id) == 2
    assert await chosen_by(db, cast.ann.id, poll.id) is None


@pytest.mark.attack("SR-318")
async def test_votes_at_the_same_time_are_each_counted_once(db: HeldDatabase, cast: People) -> None:
    made = await post(db, cast.ann, "What?", poll=TEA)
    people = [cast.ann, cast.carol, cast.dave, cast.dev]
    tries = [db.write(vote, calling(one), made.id, 1 + number % 3) for one in people for number in range(3)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert results.count(None) == len(people)
    assert all(isinstance(one, VotedAlready) for one in results if one is not None)
    assert (await asked(db, made.id)).votes == len(people)


async def test_a_poll_ends_on_time(db: HeldDatabase, cast: People) -> None:
    made = await post(db, cast.ann, "What?", poll=TEA)
    db.clock.advance(60 * MINUTE - 1)
    assert (await asked(db, made.id)).open
    db.clock.advance(1)
    assert not (await asked(db, made.id)).open
    with pytest.raises(PollEnded):
        await db.write(vote, calling(cast.dave), made.id, 1)


@pytest.mark.attack("SR-192")
async def test_a_poll_is_seen_and_voted_in_by_those_who_see_its_post(db: HeldDatabase, cast: People) -> None:
    hidden, blocked = await post(db, cast.bob, "What?", poll=TEA), await post(db, cast.carol, "What?", poll=TEA)
    await db.write(block, calling(cast.carol), cast.dave.id)
    for made in (hidden, blocked):
        assert await polls_by_ids(db, cast.dave.id, [made.poll_id or 0]) == []
        with pytest.raises(PollNotFound):
            await db.write(vote, calling(cast.dave), made.id, 1)
    assert len(await polls_by_ids(db, cast.ann.id, [hidden.poll_id or 0, blocked.poll_id or 0])) == 1


async def test_what_is_no_option_and_no_poll_gets_no_vote(db: HeldDatabase, cast: People) -> None:
    made, plain = await post(db, cast.ann, "What?", poll=TEA), await post(db, cast.ann, "Nothing to choose")
    for position in (0, 4, -1):
        with pytest.raises(NoSuchOption):
            await db.write(vote, calling(cast.dave), made.id, position)
    for post_id in (plain.id, 1):
        with pytest.raises(PollNotFound):
            await db.write(vote, calling(cast.dave), post_id, 1)


async def test_a_poll_goes_with_its_post(db: HeldDatabase, cast: People) -> None:
    made = await post(db, cast.ann, "What?", poll=TEA)
    await db.write(vote, calling(cast.dave), made.id, 1)
    poll = await asked(db, made.id)
    await db.write(delete_post, calling(cast.ann), made.id)
    assert await poll_of(db, cast.ann.id, made.id) is None
    assert await chosen_by(db, cast.dave.id, poll.id) is None


@pytest.mark.parametrize(
    "poll",
    [
        NewPoll(("only one",), 5),
        NewPoll(("1", "2", "3", "4", "5"), 5),
        NewPoll(("same", " same "), 5),
        NewPoll(("", "b"), 5),
        NewPoll(("\x00\x07", "b"), 5),
        NewPoll(("x" * 26, "b"), 5),
        NewPoll(("a", "b"), 4),
        NewPoll(("a", "b"), 10_081),
    ],
)
def test_what_a_poll_cannot_be(poll: NewPoll) -> None:
    with pytest.raises(NoSuchPoll):
        checked_poll(poll)


def test_options_are_kept_as_texts_are() -> None:
    assert checked_poll(NewPoll((" e\u0301 ", "b\x00"), 5)).options == ("\u00e9", "b")
