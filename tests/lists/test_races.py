"""Many at once: one row, and numbers that are exact."""

import asyncio

import pytest

from tests.graph.people import act, newcomer, now
from tests.lists.making import does, list_of
from volary.db import Database
from volary.db.paging import Bounds
from volary.graph.actions.blocks import block
from volary.kit.errors import Busy
from volary.lists.actions.following import follow_list, pin_list, unfollow_list
from volary.lists.actions.members import add_member, remove_member
from volary.lists.actions.writing import Changes, delete_list, update_list
from volary.lists.errors import ListNotFound, NotToBeAdded, TooManyPins
from volary.lists.models import ListRow
from volary.lists.queries.people import followers_of, members_of
from volary.lists.queries.reading import holding, list_by_id, pinned_by


@pytest.mark.attack("SR-318")
async def test_fifty_adds_and_fifty_removals_of_one_account(db: Database) -> None:
    ann, member = await newcomer(db), await newcomer(db)
    made = await list_of(db, ann)
    for what, wanted in ((add_member, 1), (remove_member, 0)):
        await asyncio.gather(*(does(db, what, ann, made, member.id) for _ in range(50)))
        found = await list_by_id(db, ann.id, made)
        assert found is not None
        assert found.member_count == len(await members_of(db, ann.id, made, Bounds(), 10)) == wanted
        assert (await now(db, member)).listed_count == wanted


@pytest.mark.attack("SR-318")
async def test_many_follow_and_leave_at_once(db: Database) -> None:
    ann, fans = await newcomer(db), [await newcomer(db) for _ in range(10)]
    made = await list_of(db, ann)
    for what, wanted in ((follow_list, 10), (unfollow_list, 0)):
        await asyncio.gather(*(does(db, what, fan, made) for fan in fans for _ in range(3)))
        found = await list_by_id(db, ann.id, made)
        assert found is not None
        assert found.follower_count == len(await followers_of(db, ann.id, made, Bounds(), 100)) == wanted


async def test_no_more_are_pinned_at_once_than_one_after_the_other(db: Database) -> None:
    ann = await newcomer(db)
    made = [await list_of(db, ann) for _ in range(12)]
    ends = await asyncio.gather(*(does(db, pin_list, ann, one) for one in made), return_exceptions=True)
    assert sum(isinstance(end, TooManyPins) for end in ends) == 7
    assert len(await pinned_by(db, ann.id, ann.id, Bounds(), 100)) == 5


async def test_numbers_stay_right_while_a_list_changes_sides_and_goes(db: Database) -> None:
    """Some may be told that the server is busy; what was done is counted, and nothing else."""
    ann, people = await newcomer(db), [await newcomer(db) for _ in range(6)]
    made, stays = await list_of(db, ann), await list_of(db, ann)
    acts = [does(db, add_member, ann, one, person.id) for person in people for one in (made, stays)]
    acts += [does(db, update_list, ann, made, Changes(private=bool(n % 2))) for n in range(6)]
    acts += [does(db, remove_member, ann, made, person.id) for person in people[:3]]
    acts.insert(14, does(db, delete_list, ann, made))
    ends = await asyncio.gather(*acts, return_exceptions=True)
    assert {type(end) for end in ends} <= {type(None), bool, ListRow, ListNotFound, Busy}, ends
    for one in (made, stays):
        found, rows = await list_by_id(db, ann.id, one), await members_of(db, ann.id, one, Bounds(), 100)
        assert found is None or found.member_count == len(rows)
    for person in people:
        on = [row for row in await holding(db, person.id, person.id, Bounds(), 100) if not row.private]
        assert (await now(db, person)).listed_count == len(on)


@pytest.mark.attack("SR-228")
async def test_a_block_and_an_addition_at_once_leave_nobody_on_a_list(db: Database) -> None:
    for _ in range(8):
        ann, mallory = await newcomer(db), await newcomer(db)
        made = await list_of(db, mallory)
        ends = await asyncio.gather(
            does(db, add_member, mallory, made, ann.id), act(db, block, ann, mallory), return_exceptions=True
        )
        assert all(end is None or isinstance(end, NotToBeAdded) for end in ends), ends
        found = await list_by_id(db, mallory.id, made)
        assert found is not None
        assert (found.member_count, (await now(db, ann)).listed_count) == (0, 0)
