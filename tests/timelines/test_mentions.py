"""Mentions and one's own posts that were reposted: two walks of an index."""

import pytest
from sqlalchemy import bindparam, func, select, update

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.posts.test_posts import calling, post
from tests.timelines.test_home import let_in
from volary.accounts.models import AccountRow
from volary.db import Tx, statement
from volary.db.paging import Bounds
from volary.graph.actions.blocks import block
from volary.graph.actions.mutes import mute
from volary.posts.actions.writing import delete_post
from volary.posts.models import mentions, posts
from volary.timelines.queries.mentions import mentions_of
from volary.timelines.queries.reposted import reposted_of

_KEPT = statement(select(func.count(mentions.c.post_id)), int)
_COUNT = statement(update(posts).where(posts.c.id == bindparam("post")).values(repost_count=bindparam("count")))


async def found(db: HeldDatabase, viewer: AccountRow | None, mentioned: AccountRow) -> list[int]:
    rows = await mentions_of(db, viewer.id if viewer else 0, mentioned.id, Bounds(), 100)
    upwards = await mentions_of(db, viewer.id if viewer else 0, mentioned.id, Bounds(up=True), 100)
    assert rows == upwards
    return [row.id for row in rows]


async def test_who_is_named_or_answered_is_mentioned_and_nobody_twice(db: HeldDatabase, cast: People) -> None:
    ann, carol, dave = cast.ann, cast.carol, cast.dave
    mine = await post(db, ann, "I, @ann, greet @nobody_here")
    named = await post(db, dave, "@ann and @CAROL_c and @Ann again")
    answer = await post(db, carol, "yes", reply_to_id=mine.id)
    assert await found(db, ann, ann) == [answer.id, named.id]
    assert await found(db, None, carol) == [named.id]
    assert await db.one(_KEPT) == 3
    await db.write(delete_post, calling(dave), named.id)
    await db.write(delete_post, calling(carol), answer.id)
    assert await found(db, ann, ann) == []
    assert await db.one(_KEPT) == 0


@pytest.mark.attack("SR-198")
async def test_mentions_show_what_the_viewer_may_see(db: HeldDatabase, cast: People) -> None:
    ann, bob, carol, dave = cast.ann, cast.bob, cast.carol, cast.dave
    hidden, plain = await post(db, bob, "hush @ann"), await post(db, carol, "hello @ann")
    assert await found(db, dave, ann) == [plain.id]
    assert await found(db, None, ann) == [plain.id]
    assert await found(db, ann, ann) == [plain.id]
    await let_in(db, bob, ann)
    assert await found(db, ann, ann) == [plain.id, hidden.id]
    await db.write(mute, calling(ann), carol.id)
    assert await found(db, ann, ann) == [hidden.id]
    await db.write(block, calling(carol), dave.id)
    assert await found(db, dave, ann) == []


async def test_ones_posts_that_were_reposted_are_found_in_pages(db: HeldDatabase, cast: People) -> None:
    made = [(await post(db, cast.ann, f"text {number}")).id for number in range(6)]
    other = await post(db, cast.carol, "theirs")

    async def count(tx: Tx, one: int) -> None:
        await tx.run(_COUNT, post=one, count=2)

    for one in (made[1], made[3], made[4], other.id):
        await db.write(count, one)
    rows = await reposted_of(db, cast.ann.id, Bounds(), 2)
    assert [row.id for row in rows] == [made[4], made[3]]
    rows = await reposted_of(db, cast.ann.id, Bounds(before=made[3]), 2)
    assert [row.id for row in rows] == [made[1]]
    rows = await reposted_of(db, cast.ann.id, Bounds(after=made[1], up=True), 1)
    assert [row.id for row in rows] == [made[3]]


async def test_mentions_reach_back_so_many_and_no_further(db: HeldDatabase, cast: People) -> None:
    made = [(await post(db, cast.carol, f"@ann {number}")).id for number in range(6)]
    for up in (False, True):
        page = Bounds(up=up)
        rows = await mentions_of(db, cast.ann.id, cast.ann.id, page, 100, deepest=4)
        assert [row.id for row in rows] == made[:1:-1]
    assert [row.id for row in await mentions_of(db, cast.ann.id, cast.ann.id, Bounds(), 100, deepest=6)] == made[::-1]
    below = await mentions_of(db, cast.ann.id, cast.ann.id, Bounds(before=made[3]), 100, deepest=4)
    assert [row.id for row in below] == [made[2]]
