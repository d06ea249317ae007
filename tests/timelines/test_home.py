"""The home timeline: whose posts are on it, which are left out, and its pages while posts arrive."""

import random

import pytest
from sqlalchemy import bindparam, insert, select

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.posts.test_posts import calling, post
from volary.accounts.actions import create_account
from volary.accounts.models import AccountRow, accounts
from volary.db import Database, Tx, statement
from volary.db.paging import Bounds
from volary.graph.actions.blocks import block
from volary.graph.actions.follows import follow, unfollow
from volary.graph.actions.mutes import mute
from volary.graph.models import follows
from volary.kit.clock import DAY
from volary.posts.actions.reposts import repost as repost_post
from volary.posts.actions.writing import delete_post
from volary.posts.models import PostRow
from volary.timelines.queries.home import Slice, home
from volary.timelines.queries.walk import NEWEST, OLDEST

_FOLLOW = statement(insert(follows))


async def befriend(db: Database, follower: AccountRow, *followed: AccountRow) -> None:
    for one in followed:
        await db.write(follow, calling(follower), one.id)


async def let_in(db: HeldDatabase, protected: AccountRow, follower: AccountRow) -> None:
    """Make somebody an accepted follower of a protected account."""

    async def make(tx: Tx) -> None:
        await tx.run(_FOLLOW, follower_id=follower.id, followed_id=protected.id, place=tx.new_id())

    await db.write(make)


async def repost(db: HeldDatabase, person: AccountRow, original: PostRow) -> int:
    """A repost; its id."""
    return (await db.write(repost_post, calling(person), original.id)).post.id


async def ids(db: HeldDatabase, viewer: AccountRow, count: int = 100, **how: bool) -> list[int]:
    return [row.id for row in (await home(db, viewer.id, Bounds(), count, **how)).rows]


@pytest.mark.claim("C036", "C037")
async def test_it_holds_ones_own_posts_and_those_of_whom_one_follows(db: HeldDatabase, cast: People) -> None:
    ann, bob, carol, dave = cast.ann, cast.bob, cast.carol, cast.dave
    await befriend(db, ann, carol)
    await let_in(db, bob, ann)
    mine, theirs, hidden = await post(db, ann, "one"), await post(db, carol, "two"), await post(db, bob, "three")
    await post(db, dave, "four")
    assert await ids(db, ann) == [hidden.id, theirs.id, mine.id]
    assert await ids(db, dave) == [(await home(db, dave.id, Bounds(), 1)).rows[0].id]
    await db.write(unfollow, calling(ann), bob.id)
    assert await ids(db, ann) == [theirs.id, mine.id]
    await db.write(delete_post, calling(carol), theirs.id)
    assert await ids(db, ann) == [mine.id]


async def test_a_reply_to_somebody_whom_one_does_not_follow_is_left_out(db: HeldDatabase, cast: People) -> None:
    ann, carol, dave, dev = cast.ann, cast.carol, cast.dave, cast.dev
    await befriend(db, ann, carol, dev)
    by_dave, by_dev, by_ann = await post(db, dave, "a"), await post(db, dev, "b"), await post(db, ann, "c")
    await post(db, carol, "to a stranger", reply_to_id=by_dave.id)
    to_dev = await post(db, carol, "to dev", reply_to_id=by_dev.id)
    to_ann = await post(db, carol, "to ann", reply_to_id=by_ann.id)
    to_self = await post(db, carol, "to myself", reply_to_id=to_dev.id)
    mine = await post(db, ann, "my own to a stranger", reply_to_id=by_dave.id)
    assert await ids(db, ann) == [mine.id, to_self.id, to_ann.id, to_dev.id, by_ann.id, by_dev.id]
    assert await ids(db, ann, replies=False) == [by_ann.id, by_dev.id]


async def test_whom_one_mutes_or_blocks_is_left_out_also_in_reposts(db: HeldDatabase, cast: People) -> None:
    ann, carol, dave, dev = cast.ann, cast.carol, cast.dave, cast.dev
    await befriend(db, ann, carol, dev)
    of_dave, of_dev = await post(db, dave, "a"), await post(db, dev, "b")
    again, other = await repost(db, carol, of_dave), await repost(db, carol, of_dev)
    assert await ids(db, ann) == [other, again, of_dev.id]
    assert await ids(db, ann, reposts=False) == [of_dev.id]
    await db.write(mute, calling(ann), dev.id)
    assert await ids(db, ann) == [again]
    await db.write(block, calling(dave), ann.id)
    assert await ids(db, ann) == []


async def walked(db: HeldDatabase, viewer: int, count: int, *, up: bool = False, **how: bool) -> list[int]:
    """All pages, one after the other."""
    found: list[int] = []
    page = Bounds(up=up)
    while True:
        got: Slice = await home(db, viewer, page, count, **how)
        rows = got.rows[::-1] if up else got.rows
        found += [row.id for row in rows]
        if not got.more:
            return found[::-1] if up else found
        edge = got.edge if got.edge is not None else rows[-1].id
        page = Bounds(after=edge, up=True) if up else Bounds(before=edge)


@pytest.mark.parametrize("seed", range(4))
async def test_pages_are_what_a_plain_look_at_all_posts_gives(db: HeldDatabase, cast: People, seed: int) -> None:
    dice = random.Random(seed)
    people = [cast.ann, cast.carol, cast.dave, cast.dev]
    people += [await db.write(create_account, f"more_{number}") for number in range(4)]
    followed = dice.sample(people[1:], 4)
    await befriend(db, cast.ann, *followed)
    made: list[PostRow] = []
    for number in range(70):
        author = dice.choice(people[: dice.choice((2, 8))])
        answered = dice.choice(made) if made and dice.random() < 0.4 else None
        made.append(await post(db, author, f"text {number}", reply_to_id=answered.id if answered else None))
    gone = set(dice.sample([row.id for row in made if row.reply_to_id is None], 8))
    for row in made:
        if row.id in gone:
            author = next(one for one in people if one.id == row.author_id)
            await db.write(delete_post, calling(author), row.id)
    near = {cast.ann.id, *(one.id for one in followed)}
    wanted = [
        row.id
        for row in reversed(made)
        if row.author_id in near
        and row.id not in gone
        and (row.reply_to_author_id in {None, row.author_id, *near} or row.author_id == cast.ann.id)
    ]
    for count in (1, 7, 100):
        assert await walked(db, cast.ann.id, count) == wanted
        assert await walked(db, cast.ann.id, count, up=True) == wanted
    bare = {row.id for row in made if row.reply_to_id is None}
    assert await walked(db, cast.ann.id, 5, replies=False) == [one for one in wanted if one in bare]


async def test_the_walk_merges_those_who_post_much_with_those_who_post_little(db: HeldDatabase, cast: People) -> None:
    await befriend(db, cast.ann, cast.carol, cast.dave, cast.dev)
    made = [(await post(db, cast.carol, f"much {number}")).id for number in range(30)]
    made.insert(0, (await post(db, cast.dave, "little")).id)
    made = sorted([*made, (await post(db, cast.dev, "some")).id])
    for count in (1, 3, 32, 40):
        down = await db.all(NEWEST, viewer=cast.ann.id, after=0, before=1 << 62, count=count)
        assert sorted(down, reverse=True) == made[::-1][:count]
        up = await db.all(OLDEST, viewer=cast.ann.id, after=0, before=1 << 62, count=count)
        assert sorted(up) == made[:count]
        between = await db.all(NEWEST, viewer=cast.ann.id, after=made[3], before=made[20], count=count)
        assert between == made[4:20][::-1][:count]


async def test_a_page_ends_short_rather_than_look_through_everything(db: HeldDatabase, cast: People) -> None:
    await befriend(db, cast.ann, cast.carol)
    first = await post(db, cast.carol, "the only one")
    for number in range(60):
        await post(db, cast.carol, f"answer {number}", reply_to_id=first.id)
    got = await home(db, cast.ann.id, Bounds(), 5, replies=False, deepest=20)
    assert got.rows == []
    assert got.more
    assert got.edge is not None
    after = await home(db, cast.ann.id, Bounds(before=got.edge), 5, replies=False)
    assert [row.id for row in after.rows] == [first.id]


async def test_home_reaches_back_seven_days_and_so_many_posts_however_old(db: HeldDatabase, cast: People) -> None:
    await befriend(db, cast.ann, cast.carol)
    old = [(await post(db, cast.carol, f"old {number}")).id for number in range(6)]
    db.clock.advance(8 * DAY)
    made = [*old, *[(await post(db, cast.carol, f"new {number}")).id for number in range(3)]]

    async def seen(reach: int, count: int, up: bool) -> list[int]:
        found: list[int] = []
        page = Bounds(up=up)
        while True:
            got = await home(db, cast.ann.id, page, count, reach=reach)
            found += [row.id for row in got.rows]
            if not got.more:
                return found
            page = Bounds(after=got.rows[0].id, up=True) if up else Bounds(before=got.rows[-1].id)

    for reach, first in ((5, 4), (3, 6), (2, 6), (9, 0), (100, 0)):
        for count in (2, 3, 100):
            assert await seen(reach, count, up=False) == made[first:][::-1], (reach, count)
            assert sorted(await seen(reach, count, up=True)) == made[first:], (reach, count)


_NEWEST = statement(select(accounts.c.newest_post_id).where(accounts.c.id == bindparam("account")), int)


async def test_an_account_knows_its_newest_post_however_it_was_made(db: HeldDatabase, cast: People) -> None:
    async def newest(person: AccountRow) -> int | None:
        return await db.one(_NEWEST, account=person.id)

    first = await post(db, cast.ann, "frist")
    assert await newest(cast.ann) == first.id
    edited = await post(db, cast.ann, "first", edits_id=first.id)
    assert await newest(cast.ann) == edited.id
    again = await repost(db, cast.carol, edited)
    assert await newest(cast.carol) == again
    await db.write(delete_post, calling(cast.ann), edited.id)
    assert await newest(cast.ann) == edited.id
    await befriend(db, cast.dave, cast.ann, cast.carol)
    assert await ids(db, cast.dave) == []
