"""Following and its end, requests and their answers, and the numbers that tell of them."""

import asyncio
from typing import Any

import pytest

from tests.conftest import HeldDatabase
from tests.graph.people import act, calling, newcomer, now, protect
from volary.accounts.models import AccountRow
from volary.graph.actions.blocks import block, unblock
from volary.graph.actions.follows import accept_request, decline_request, follow, remove_follower, unfollow
from volary.graph.actions.mutes import mute, unmute
from volary.graph.errors import BlockedYou, NobodyThere, NotYourself, RequestNotFound, YouBlock
from volary.graph.queries.connections import connections


async def counts(db: HeldDatabase, *people: AccountRow) -> list[tuple[int, int]]:
    """Followers and followings of each."""
    return [(row.follower_count, row.following_count) for row in [await now(db, one) for one in people]]


async def between(db: HeldDatabase, one: AccountRow, other: AccountRow) -> set[str]:
    return (await connections(db, one.id, [other.id]))[other.id]


async def test_following_is_done_once_and_ended_once(db: HeldDatabase) -> None:
    one, two = await newcomer(db), await newcomer(db)
    for new in (True, False):
        found = await act(db, follow, one, two)
        assert (found.following, found.pending, found.new) == (True, False, new)
        assert await counts(db, one, two) == [(0, 1), (1, 0)]
    assert await between(db, one, two) == {"following"}
    assert await between(db, two, one) == {"followed_by"}
    for _ in range(2):
        await act(db, unfollow, one, two)
        assert await counts(db, one, two) == [(0, 0), (0, 0)]
    assert await between(db, one, two) == set()


async def test_a_protected_account_is_asked_and_answers_once(db: HeldDatabase) -> None:
    asker, asked = await newcomer(db), await newcomer(db, protected=True)
    for new in (True, False):
        found = await act(db, follow, asker, asked)
        assert (found.following, found.pending, found.new) == (False, True, new)
    assert await between(db, asker, asked) == {"follow_request_sent"}
    assert await between(db, asked, asker) == {"follow_request_received"}
    assert await counts(db, asker, asked) == [(0, 0), (0, 0)]
    await act(db, accept_request, asked, asker)
    assert await between(db, asker, asked) == {"following"}
    assert await counts(db, asker, asked) == [(0, 1), (1, 0)]
    for answer in (accept_request, decline_request):
        with pytest.raises(RequestNotFound):
            await act(db, answer, asked, asker)
    await act(db, remove_follower, asked, asker)
    assert await between(db, asker, asked) == set()
    assert await counts(db, asker, asked) == [(0, 0), (0, 0)]


async def test_a_declined_or_taken_back_request_leaves_nothing(db: HeldDatabase) -> None:
    asker, asked = await newcomer(db), await newcomer(db, protected=True)
    await act(db, follow, asker, asked)
    await act(db, decline_request, asked, asker)
    assert await between(db, asker, asked) == set()
    await act(db, follow, asker, asked)
    await act(db, unfollow, asker, asked)
    with pytest.raises(RequestNotFound):
        await act(db, accept_request, asked, asker)
    assert await counts(db, asker, asked) == [(0, 0), (0, 0)]


async def test_nobody_accepts_in_anothers_name(db: HeldDatabase) -> None:
    asker, asked, third = await newcomer(db), await newcomer(db, protected=True), await newcomer(db)
    await act(db, follow, asker, asked)
    for answer in (accept_request, decline_request):
        for who, whom in ((third, asker), (asker, asked), (asker, asker)):
            with pytest.raises(RequestNotFound):
                await act(db, answer, who, whom)
    assert await between(db, asker, asked) == {"follow_request_sent"}


async def test_whoever_asked_follows_at_once_when_posts_are_public_again(db: HeldDatabase) -> None:
    asker, asked = await newcomer(db), await newcomer(db, protected=True)
    await act(db, follow, asker, asked)
    await protect(db, asked, on=False)
    assert (await act(db, follow, asker, asked)).following
    assert await between(db, asker, asked) == {"following"}


async def test_followers_stay_when_an_account_becomes_protected(db: HeldDatabase) -> None:
    one, two = await newcomer(db), await newcomer(db)
    await act(db, follow, one, two)
    await protect(db, two)
    assert (await act(db, follow, one, two)).following
    assert await between(db, one, two) == {"following"}


@pytest.mark.claim("C050")
@pytest.mark.attack("SR-228")
async def test_a_block_ends_what_connected_two_in_both_directions(db: HeldDatabase) -> None:
    one, two = await newcomer(db), await newcomer(db)
    await act(db, follow, one, two)
    await act(db, follow, two, one)
    await act(db, block, one, two)
    assert await between(db, one, two) == {"blocking"}
    assert await between(db, two, one) == {"blocked_by"}
    assert await counts(db, one, two) == [(0, 0), (0, 0)]
    with pytest.raises(BlockedYou):
        await act(db, follow, two, one)
    with pytest.raises(YouBlock):
        await act(db, follow, one, two)
    await act(db, block, one, two)
    await act(db, unblock, one, two)
    await act(db, unblock, one, two)
    assert await between(db, one, two) == set()
    assert await counts(db, one, two) == [(0, 0), (0, 0)]


@pytest.mark.attack("SR-228")
async def test_a_block_drops_requests_in_both_directions(db: HeldDatabase) -> None:
    one, two = await newcomer(db, protected=True), await newcomer(db, protected=True)
    await act(db, follow, one, two)
    await act(db, follow, two, one)
    await act(db, block, one, two)
    await act(db, unblock, one, two)
    for who, whom in ((one, two), (two, one)):
        with pytest.raises(RequestNotFound):
            await act(db, accept_request, who, whom)


async def test_muting_connects_nothing_and_ends_nothing(db: HeldDatabase) -> None:
    one, two = await newcomer(db), await newcomer(db)
    await act(db, follow, one, two)
    for _ in range(2):
        await act(db, mute, one, two)
        assert await between(db, one, two) == {"following", "muting"}
        assert await between(db, two, one) == {"followed_by"}
    assert await act(db, unmute, one, two) is True
    assert await act(db, unmute, one, two) is False


@pytest.mark.parametrize("what", [follow, block, mute])
async def test_it_takes_two_who_are_there(db: HeldDatabase, what: Any) -> None:
    one = await newcomer(db)
    with pytest.raises(NotYourself):
        await act(db, what, one, one)
    with pytest.raises(NobodyThere):
        await db.write(what, calling(one), 12345)


@pytest.mark.attack("SR-318")
async def test_numbers_stay_right_when_many_act_at_once(db: HeldDatabase) -> None:
    star, *crowd = [await newcomer(db) for _ in range(7)]
    await asyncio.gather(*(act(db, follow, one, star) for one in crowd for _ in range(2)))
    assert await counts(db, star) == [(6, 0)]
    await asyncio.gather(
        *(act(db, unfollow, one, star) for one in crowd[:2]),
        *(act(db, block, star, one) for one in crowd[1:4]),
        *(act(db, follow, star, one) for one in crowd[4:]),
    )
    assert await counts(db, star) == [(2, 2)]
    assert [following for _, following in await counts(db, *crowd)] == [0, 0, 0, 0, 1, 1]


async def test_a_block_wins_over_a_follow_at_the_same_moment(db: HeldDatabase) -> None:
    for _ in range(8):
        one, two = await newcomer(db), await newcomer(db)
        await asyncio.gather(act(db, block, one, two), act(db, follow, two, one), return_exceptions=True)
        assert await between(db, one, two) == {"blocking"}
        assert await counts(db, one, two) == [(0, 0), (0, 0)]
