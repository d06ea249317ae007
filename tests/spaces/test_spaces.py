"""Spaces on both engines: their states, who is in them, who finds them, and what is shared there."""

import asyncio

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from volary.access.caller import Caller, in_person
from volary.accounts.models import AccountRow
from volary.db.paging import Bounds
from volary.graph.actions.blocks import block, unblock
from volary.graph.actions.follows import accept_request, follow
from volary.kit.clock import DAY
from volary.posts.actions.writing import Draft, create_post
from volary.server.registry import CONSEQUENCES
from volary.spaces.actions.joining import invite_speaker, join_space, leave_space, share_post
from volary.spaces.actions.running import announce_space, cancel_space, end_space, start_space
from volary.spaces.actions.separating import leave_spaces
from volary.spaces.errors import (
    NobodyToInvite,
    NotNow,
    NotThere,
    NotYourSpace,
    PostNotShown,
    SpaceNotFound,
    StartOutOfRange,
    TitleNeeded,
)
from volary.spaces.models import ENDED, LIVE, SCHEDULED, Space
from volary.spaces.queries.reading import (
    OPEN_STATES,
    open_spaces,
    person_in,
    space_by_id,
    spaces_found,
    spaces_of_creators,
)
from volary.spaces.queries.shared import posts_shared
from volary.spaces.rules import words_of


def calling(person: AccountRow) -> Caller:
    return in_person(person.id, person.username)


async def seen(db: HeldDatabase, space_id: int, viewer: int = 0) -> Space:
    found = await space_by_id(db, viewer, space_id)
    assert found is not None
    return found


async def test_a_space_is_announced_started_and_ended_once(db: HeldDatabase, cast: People) -> None:
    ann = calling(cast.ann)
    made = await db.write(announce_space, ann, "  About\tbees ", db.now + DAY, "en")
    assert (made.title, made.state, made.participant_count) == ("About bees", SCHEDULED, 0)
    with pytest.raises(NotNow):
        await db.write(end_space, ann, made.id)
    for act in (start_space, end_space, cancel_space):
        with pytest.raises(NotYourSpace):
            await db.write(act, calling(cast.dave), made.id)
    await db.write(start_space, ann, made.id)
    live = await seen(db, made.id)
    assert (live.state, live.started_at, live.participant_count, live.hosts) == (LIVE, db.now, 1, (cast.ann.id,))
    for late in (start_space, cancel_space):
        with pytest.raises(NotNow):
            await db.write(late, ann, made.id)
    await db.write(end_space, ann, made.id)
    with pytest.raises(NotNow):
        await db.write(end_space, ann, made.id)
    over = await seen(db, made.id)
    assert (over.state, over.ended_at, over.participant_count) == (ENDED, db.now, 0)


async def test_a_cancelled_space_is_gone(db: HeldDatabase, cast: People) -> None:
    made = await db.write(announce_space, calling(cast.ann), "Never", db.now + DAY)
    await db.write(cancel_space, calling(cast.ann), made.id)
    assert await space_by_id(db, cast.ann.id, made.id) is None
    assert await spaces_found(db, 0, ["never"], OPEN_STATES, 10) == await spaces_of_creators(db, 0, [cast.ann.id]) == []


async def test_titles_and_starts_have_bounds(db: HeldDatabase, cast: People) -> None:
    for title in ("", " \n\u200b", "x" * 201):
        with pytest.raises(TitleNeeded):
            await db.write(announce_space, calling(cast.ann), title)
    for start in (db.now, db.now - DAY, db.now + 31 * DAY):
        with pytest.raises(StartOutOfRange):
            await db.write(announce_space, calling(cast.ann), "Bees", start)


async def test_who_is_in_it_is_counted(db: HeldDatabase, cast: People) -> None:
    made = await db.write(announce_space, calling(cast.ann), "Bees")
    await db.write(invite_speaker, calling(cast.ann), made.id, cast.carol.id)
    assert (await seen(db, made.id)).invited == (cast.carol.id,)
    for person in (cast.carol, cast.dave, cast.dave):
        await db.write(join_space, calling(person), made.id)
    there = await seen(db, made.id)
    assert (there.participant_count, there.speakers, there.invited) == (3, (cast.carol.id,), ())
    for _ in range(2):
        await db.write(leave_space, calling(cast.carol), made.id)
    assert (await seen(db, made.id)).participant_count == 2
    await db.write(join_space, calling(cast.carol), made.id)
    await db.write(invite_speaker, calling(cast.ann), made.id, cast.dave.id)
    there = await seen(db, made.id)
    assert (there.participant_count, set(there.speakers)) == (3, {cast.carol.id, cast.dave.id})
    await db.write(leave_space, calling(cast.ann), made.id)  # who hosts ends it instead
    assert (await seen(db, made.id)).participant_count == 3
    await db.write(end_space, calling(cast.ann), made.id)
    with pytest.raises(NotNow):
        await db.write(join_space, calling(cast.bob), made.id)
    await db.write(leave_space, calling(cast.dave), made.id)
    assert (await seen(db, made.id)).participant_count == 0


async def test_a_block_takes_each_out_of_the_others_spaces(db: HeldDatabase, cast: People) -> None:
    assert leave_spaces in CONSEQUENCES
    anns, hers = [(await db.write(announce_space, calling(one), "Bees")).id for one in (cast.ann, cast.dave)]
    over = (await db.write(announce_space, calling(cast.ann), "Wasps")).id
    await db.write(invite_speaker, calling(cast.ann), anns, cast.dave.id)
    for made, person in ((anns, cast.dave), (anns, cast.carol), (hers, cast.ann), (over, cast.dave)):
        await db.write(join_space, calling(person), made)
    await db.write(end_space, calling(cast.ann), over)
    later = (await db.write(announce_space, calling(cast.dave), "Later", db.now + DAY)).id
    await db.write(invite_speaker, calling(cast.dave), later, cast.ann.id)
    await db.write(block, calling(cast.ann), cast.dave.id)
    mine = await seen(db, anns)
    assert (mine.participant_count, mine.speakers) == (2, ())
    assert (await seen(db, hers)).participant_count == 1
    assert (await seen(db, later)).invited == ()
    assert await person_in(db, over, cast.dave.id) is not None  # who was there stays known
    await db.write(unblock, calling(cast.ann), cast.dave.id)
    await db.write(join_space, calling(cast.dave), anns)
    back = await seen(db, anns)
    assert (back.participant_count, back.speakers) == (3, ())


async def test_many_who_come_and_go_at_once_are_counted_right(db: HeldDatabase, cast: People) -> None:
    made = await db.write(announce_space, calling(cast.ann), "Bees")
    people = [cast.bob, cast.carol, cast.dave, cast.dev]
    await asyncio.gather(*(db.write(join_space, calling(one), made.id) for one in people * 3))
    assert (await seen(db, made.id)).participant_count == 5
    await asyncio.gather(
        *(db.write(leave_space, calling(one), made.id) for one in people[:2] * 2),
        *(db.write(join_space, calling(one), made.id) for one in people[2:]),
    )
    assert (await seen(db, made.id)).participant_count == 3
    over = await asyncio.gather(
        *(db.write(end_space, calling(cast.ann), made.id) for _ in range(3)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in over) == ["NoneType", "NotNow", "NotNow"]


@pytest.mark.claim("C037", "C076")
async def test_a_space_is_seen_by_who_may_see_its_creator(db: HeldDatabase, cast: People) -> None:
    made = await db.write(announce_space, calling(cast.bob), "For friends of bees")
    await db.write(follow, calling(cast.carol), cast.bob.id)
    await db.write(accept_request, calling(cast.bob), cast.carol.id)

    async def finds(viewer: int) -> set[int]:
        lists = (
            await open_spaces(db, viewer),
            await spaces_of_creators(db, viewer, [cast.bob.id]),
            await spaces_found(db, viewer, ["bees"], OPEN_STATES, 10),
        )
        return {len(one) for one in lists} | {int(await space_by_id(db, viewer, made.id) is not None)}

    assert await finds(cast.carol.id) == await finds(cast.bob.id) == {1}
    for viewer in (0, cast.ann.id, cast.dave.id):
        assert await finds(viewer) == {0}
    with pytest.raises(SpaceNotFound):
        await db.write(join_space, calling(cast.ann), made.id)
    await db.write(block, calling(cast.bob), cast.carol.id)
    assert await finds(cast.carol.id) == {0}


async def test_words_of_titles_are_found_in_any_case_and_all_of_them(db: HeldDatabase, cast: People) -> None:
    made = await db.write(announce_space, calling(cast.ann), "Bees & the Café: 養蜂の話", db.now + DAY)
    for query in ("bees", "BEES the", "café", "CAFE\u0301", "養蜂", "話", "bees, bees"):
        found = await spaces_found(db, 0, words_of(query), OPEN_STATES, 10)
        assert [one.id for one in found] == [made.id], query
    for query in ("bee", "bees wasps", "!!", "cafe"):
        assert await spaces_found(db, 0, words_of(query), OPEN_STATES, 10) == [], query
    assert await spaces_found(db, 0, ["bees"], (LIVE,), 10) == []
    await db.write(start_space, calling(cast.ann), made.id)
    assert len(await spaces_found(db, 0, ["bees"], (LIVE,), 10)) == 1
    await db.write(end_space, calling(cast.ann), made.id)
    assert await spaces_found(db, 0, ["bees"], OPEN_STATES, 10) == []


async def test_hosts_and_speakers_share_posts_that_each_reader_may_see(db: HeldDatabase, cast: People) -> None:
    made = await db.write(announce_space, calling(cast.ann), "Bees")
    open_post = (await db.write(create_post, calling(cast.dave), Draft("a hive"))).id
    hidden = (await db.write(create_post, calling(cast.bob), Draft("a secret hive"))).id
    with pytest.raises(PostNotShown):
        await db.write(share_post, calling(cast.ann), made.id, hidden)
    await db.write(join_space, calling(cast.dave), made.id)
    with pytest.raises(NotThere):
        await db.write(share_post, calling(cast.dave), made.id, open_post)
    for _ in range(2):
        await db.write(share_post, calling(cast.ann), made.id, open_post)
    await db.write(invite_speaker, calling(cast.ann), made.id, cast.bob.id)
    with pytest.raises(NotThere):
        await db.write(share_post, calling(cast.bob), made.id, hidden)
    await db.write(join_space, calling(cast.bob), made.id)
    await db.write(share_post, calling(cast.bob), made.id, hidden)
    page = Bounds()
    assert [one.id for one in await posts_shared(db, cast.bob.id, made.id, page, 10)] == [hidden, open_post]
    assert [one.id for one in await posts_shared(db, 0, made.id, page, 10)] == [open_post]


async def test_only_the_creator_invites_and_not_just_anybody(db: HeldDatabase, cast: People) -> None:
    made = await db.write(announce_space, calling(cast.ann), "Bees")
    with pytest.raises(NotYourSpace):
        await db.write(invite_speaker, calling(cast.dave), made.id, cast.carol.id)
    await db.write(block, calling(cast.carol), cast.ann.id)
    for nobody in (cast.ann.id, cast.carol.id, 12345):
        with pytest.raises(NobodyToInvite):
            await db.write(invite_speaker, calling(cast.ann), made.id, nobody)
