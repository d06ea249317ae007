"""Who sees whose posts, by every way that leads to them, and who reaches whom."""

import pytest
from sqlalchemy import bindparam, update

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.graph.people import act, calling, newcomer, post, protect
from volary.accounts.models import ACTIVE, SUSPENDED, AccountRow, accounts
from volary.db import Tx, statement
from volary.db.paging import Bounds
from volary.graph.actions.blocks import block, unblock
from volary.graph.actions.follows import accept_request, follow, remove_follower, unfollow
from volary.graph.actions.mutes import mute
from volary.graph.queries.visibility import may_see
from volary.messages.actions.sending import MessageDraft, send_message
from volary.messages.errors import NotReachable
from volary.posts.errors import NotAnswerable
from volary.posts.queries.reading import post_by_id, posts_by_ids, posts_of_author

_STATE = statement(update(accounts).where(accounts.c.id == bindparam("of")).values(state=bindparam("state")))


async def _put(tx: Tx, person: AccountRow, state: str) -> None:
    await tx.run(_STATE, of=person.id, state=state)


async def sees(db: HeldDatabase, viewer: AccountRow | None, author: AccountRow, post_id: int) -> bool:
    """Whether a viewer finds a post by every way, or by none: the ways never differ."""
    who = viewer.id if viewer else 0
    ways = {
        await post_by_id(db, who, post_id) is not None,
        [row.id for row in await posts_by_ids(db, who, [post_id])] == [post_id],
        post_id in [row.id for row in await posts_of_author(db, who, author.id, Bounds(), 50)],
        await may_see(db, who, author.id),
    }
    assert len(ways) == 1, "one way shows what another hides"
    return ways.pop()


async def befriend(db: HeldDatabase, one: AccountRow, protected: AccountRow) -> None:
    await act(db, follow, one, protected)
    await act(db, accept_request, protected, one)


@pytest.mark.claim("C037", "C076")
@pytest.mark.attack("SR-192", "SR-199")
async def test_protected_posts_reach_accepted_followers_while_they_are_that(db: HeldDatabase) -> None:
    author, friend, stranger = await newcomer(db, protected=True), await newcomer(db), await newcomer(db)
    made = await post(db, author)
    assert await sees(db, author, author, made)
    assert not await sees(db, None, author, made)
    assert not await sees(db, stranger, author, made)
    await act(db, follow, friend, author)
    assert not await sees(db, friend, author, made), "asking is not enough"
    await act(db, accept_request, author, friend)
    assert await sees(db, friend, author, made)
    await act(db, remove_follower, author, friend)
    assert not await sees(db, friend, author, made)
    await befriend(db, friend, author)
    await act(db, unfollow, friend, author)
    assert not await sees(db, friend, author, made)


async def test_following_goes_one_way(db: HeldDatabase) -> None:
    one, two = await newcomer(db, protected=True), await newcomer(db, protected=True)
    await befriend(db, one, two)
    assert await sees(db, one, two, await post(db, two))
    assert not await sees(db, two, one, await post(db, one))


async def test_becoming_protected_hides_old_posts_from_all_but_followers(db: HeldDatabase) -> None:
    author, friend, stranger = await newcomer(db), await newcomer(db), await newcomer(db)
    await act(db, follow, friend, author)
    made = await post(db, author)
    for on in (True, False):
        await protect(db, author, on)
        assert [await sees(db, one, author, made) for one in (friend, stranger, None)] == [True, not on, not on]


@pytest.mark.attack("SR-210", "SR-228")
async def test_a_block_hides_each_from_the_other_and_from_nobody_else(db: HeldDatabase) -> None:
    one, two, third = await newcomer(db), await newcomer(db), await newcomer(db)
    of_one, of_two = await post(db, one), await post(db, two)
    await act(db, block, one, two)
    assert not await sees(db, two, one, of_one)
    assert not await sees(db, one, two, of_two)
    for viewer in (third, None, one):
        assert await sees(db, viewer, one, of_one)
    await act(db, unblock, one, two)
    assert await sees(db, two, one, of_one)
    assert await sees(db, one, two, of_two)


async def test_muting_hides_nothing_that_is_asked_for(db: HeldDatabase) -> None:
    one, two = await newcomer(db), await newcomer(db)
    await act(db, mute, one, two)
    assert await sees(db, one, two, await post(db, two))
    assert await sees(db, two, one, await post(db, one))


@pytest.mark.attack("SR-212")
async def test_a_suspended_authors_posts_are_seen_by_nobody(db: HeldDatabase) -> None:
    author, friend = await newcomer(db, protected=True), await newcomer(db)
    await befriend(db, friend, author)
    made = await post(db, author)
    await db.write(_put, author, SUSPENDED)
    for viewer in (author, friend, None):
        assert not await sees(db, viewer, author, made)
    await db.write(_put, author, ACTIVE)
    assert await sees(db, friend, author, made)


@pytest.mark.attack("SR-210")
async def test_nobody_answers_or_quotes_who_blocked_them_or_whom_they_block(db: HeldDatabase) -> None:
    one, two = await newcomer(db), await newcomer(db)
    of_one, of_two = await post(db, one), await post(db, two)
    await act(db, block, one, two)
    for who, target in ((two, of_one), (one, of_two)):
        with pytest.raises(NotAnswerable):
            await post(db, who, reply_to_id=target)
        with pytest.raises(NotAnswerable):
            await post(db, who, quote_of_id=target)


async def test_a_follower_answers_and_quotes_protected_posts(db: HeldDatabase) -> None:
    author, friend = await newcomer(db, protected=True), await newcomer(db)
    made = await post(db, author)
    with pytest.raises(NotAnswerable):
        await post(db, friend, reply_to_id=made)
    await befriend(db, friend, author)
    assert await post(db, friend, reply_to_id=made)
    assert await post(db, friend, quote_of_id=made)


async def test_the_setting_following_admits_whom_the_author_follows(db: HeldDatabase, cast: People) -> None:
    author, followed, fan = await newcomer(db), await newcomer(db), await newcomer(db)
    await act(db, follow, author, followed)
    await act(db, follow, fan, author)
    made = await post(db, author, "Only for you, @ann", reply_settings="following")
    for who in (author, followed, cast.ann):
        assert await post(db, who, reply_to_id=made)
    with pytest.raises(NotAnswerable):
        await post(db, fan, reply_to_id=made)
    await act(db, unfollow, author, followed)
    with pytest.raises(NotAnswerable):
        await post(db, followed, reply_to_id=made)
    for settings in ("mentionedUsers", "subscribers", "verified"):
        closed = await post(db, author, reply_settings=settings)
        await act(db, follow, author, followed)
        with pytest.raises(NotAnswerable):
            await post(db, followed, reply_to_id=closed)


@pytest.mark.attack("SR-210", "SR-228")
async def test_a_block_stops_messages_both_ways_while_it_stands(db: HeldDatabase) -> None:
    one, two, third = await newcomer(db), await newcomer(db), await newcomer(db)
    await db.write(send_message, calling(one), two.id, MessageDraft("before"))
    await act(db, block, one, two)
    for sender, to in ((one, two), (two, one)):
        with pytest.raises(NotReachable):
            await db.write(send_message, calling(sender), to.id, MessageDraft("never"))
    await db.write(send_message, calling(two), third.id, MessageDraft("to somebody else"))
    await act(db, unblock, one, two)
    await db.write(send_message, calling(two), one.id, MessageDraft("after"))
