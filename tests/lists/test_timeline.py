"""A List's posts, beside a sort of everything: every page, both ways, for whoever looks, however members post."""

import random

import pytest
from sqlalchemy import bindparam, update

from tests.graph.people import act, newcomer, post, protect
from tests.lists.making import does, ids, list_of
from tests.server.house import House
from volary.accounts.models import AccountRow
from volary.db import Database, Tx, statement
from volary.db.paging import Bounds
from volary.graph.actions.blocks import block
from volary.graph.actions.follows import follow
from volary.lists.actions.members import add_member
from volary.lists.queries.timeline import posts_of_members
from volary.posts.actions.writing import delete_post
from volary.posts.models import PostRow, posts


async def pages(db: Database, viewer: int, made: int, count: int) -> list[int]:
    """Every page downwards, then back upwards; both ways give the same posts."""
    down: list[PostRow] = []
    page = Bounds()
    while some := await posts_of_members(db, viewer, made, page, count):
        assert [one.id for one in some] == sorted((one.id for one in some), reverse=True)
        down += some
        page = Bounds(before=some[-1].id)
    up: list[PostRow] = []
    page = Bounds(up=True)
    while some := await posts_of_members(db, viewer, made, page, count):
        up = [*some, *up]
        page = Bounds(after=some[0].id, up=True)
    assert [one.id for one in up] == [one.id for one in down]
    return [one.id for one in down]


@pytest.mark.parametrize("seed", range(4))
async def test_it_is_the_same_as_sorting_everything(db: Database, seed: int) -> None:
    chance = random.Random(seed)
    owner, viewer = await newcomer(db), await newcomer(db)
    people = [await newcomer(db) for _ in range(9)]
    members = people[:7]
    made = await list_of(db, owner, *members)
    protected, foe, friend = members[0], members[1], members[2]
    await act(db, follow, viewer, friend)
    for one in (protected, friend):
        await protect(db, one)
    written: list[tuple[int, AccountRow]] = []
    for _ in range(60):
        # Some post seldom, one very often; others delete much of what they wrote.
        author = chance.choices(people, weights=[3, 3, 3, 30, 1, 1, 8, 5, 5])[0]
        written.append((await post(db, author), author))
    await act(db, block, foe, viewer)
    gone = [(id, author) for id, author in written if author is members[6] and chance.random() < 0.8]
    for id, author in gone:
        await does(db, delete_post, author, id)
    there = [(id, author) for id, author in written if author in members and (id, author) not in gone]
    hidden = {viewer.id: {protected.id, foe.id}, 0: {protected.id, friend.id}, friend.id: {protected.id}}
    for looking, unseen in hidden.items():
        wanted = [id for id, author in reversed(there) if author.id not in unseen]
        assert wanted
        for count in (1, 2, 3, 100):
            assert await pages(db, looking, made, count) == wanted, (looking, count)


async def test_members_who_were_silent_for_long_cost_nothing_and_lose_nothing(db: Database) -> None:
    """One member posts all the time, nine posted once, long ago: their posts come last, and the page before is the busy one's."""
    owner, busy = await newcomer(db), await newcomer(db)
    silent = [await newcomer(db) for _ in range(9)]
    made = await list_of(db, owner, busy, *silent)
    early = [await post(db, one) for one in silent]
    late = [await post(db, busy) for _ in range(25)]
    assert await pages(db, 0, made, 4) == [*reversed(late), *reversed(early)]


async def test_replies_come_too_and_old_versions_and_deleted_posts_do_not(db: Database) -> None:
    owner, member = await newcomer(db), await newcomer(db)
    made = await list_of(db, owner, member)
    first = await post(db, member)
    answer = await post(db, member, reply_to_id=first)
    old = await post(db, member)
    await db.write(_replace, old)
    assert await pages(db, owner.id, made, 10) == [answer, first]


_REPLACED = statement(update(posts).where(posts.c.id == bindparam("old")).values(replaced_at=1))


async def _replace(tx: Tx, old: int) -> None:
    await tx.run(_REPLACED, old=old)


@pytest.mark.attack("SR-201")
async def test_pages_over_http_stay_in_step_while_posts_arrive(each_house: House) -> None:
    house = each_house
    owner, member, bob = await newcomer(house.db), await newcomer(house.db), await newcomer(house.db)
    made = await list_of(house.db, owner, member, bob)
    written = [await post(house.db, who) for who in (member, bob, member, bob, member)]
    who, target = await house.bearer(owner), f"/2/lists/{made}/tweets?max_results=2"
    first = (await house.get(target, who)).json
    assert [one["id"] for one in first["data"]] == [str(one) for one in (written[4], written[3])]
    assert set(first["meta"]) == {"result_count", "next_token"}
    await post(house.db, member)
    await protect(house.db, bob)
    token = first["meta"]["next_token"]
    second = (await house.get(f"{target}&pagination_token={token}", who)).json
    assert [one["id"] for one in second["data"]] == [str(written[2]), str(written[0])], "bob's are not shown any more"
    back = (await house.get(f"{target}&pagination_token={second['meta']['previous_token']}", who)).json
    assert [one["id"] for one in back["data"]][-1] == str(written[4])
    for elsewhere, caller in (
        (f"/2/lists/{made}/members?max_results=2", who),
        (target, await house.bearer(member)),
        (target, house.app_only()),
    ):
        assert (await house.get(f"{elsewhere}&pagination_token={token}", caller)).status == 400


async def test_who_is_added_later_brings_what_they_wrote_before(each_house: House) -> None:
    house = each_house
    owner, member = await newcomer(house.db), await newcomer(house.db)
    before = await post(house.db, member)
    made = await list_of(house.db, owner)
    assert await ids(house, owner, f"/2/lists/{made}/tweets") == []
    await does(house.db, add_member, owner, made, member.id)
    assert await ids(house, owner, f"/2/lists/{made}/tweets") == [str(before)]
