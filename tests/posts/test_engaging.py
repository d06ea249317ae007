"""Reposting, liking and keeping posts: what it does, who sees it, and that the numbers stay right when many do it at once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.graph.people import act, befriend, calling, newcomer, now, post, protect
from volary.accounts.models import AccountRow
from volary.db.paging import Bounds
from volary.graph.actions.blocks import block
from volary.graph.actions.follows import remove_follower
from volary.kit.errors import Invalid
from volary.posts.actions.bookmarks import bookmark, create_folder, remove_bookmark
from volary.posts.actions.likes import like, unlike
from volary.posts.actions.reposts import repost, take_back
from volary.posts.actions.writing import Draft, create_post, delete_post
from volary.posts.errors import FolderNotFound, NotRepostable, PostNotFound, TooManyFolders
from volary.posts.models import PostRow
from volary.posts.queries.bookmarks import bookmarked_by, bookmarked_in, folders_of
from volary.posts.queries.likes import liked_by, likers_of
from volary.posts.queries.reading import post_by_id, posts_of_author
from volary.posts.queries.reposts import completed, reposters_of, reposts_of
from volary.posts.rules.entities import Entities, entities_of, urls_in
from volary.posts.rules.folders import MOST_FOLDERS
from volary.posts.rules.reposting import repost_entities, repost_text

ALL = Bounds()
Do = Callable[[AccountRow, int], Awaitable[Any]]


def doing(db: HeldDatabase, what: Any) -> Do:
    async def do(person: AccountRow, made: int) -> Any:
        return await db.write(what, calling(person), made)

    return do


async def numbers(db: HeldDatabase, made: int) -> tuple[int, int, int]:
    """Reposts, likes and bookmarks of a public post."""
    found = await post_by_id(db, 0, made)
    assert found is not None
    return found.repost_count, found.like_count, found.bookmark_count


# ----------------------------------------------------------------------------------------------------------------- reposts


@pytest.mark.claim("C047")
async def test_a_repost_shows_its_original_as_it_is_now(db: HeldDatabase, cast: People) -> None:
    made = await post(db, cast.carol, "Look at #bees, @ann!")
    found = (await doing(db, repost)(cast.ann, made)).post
    assert (found.text, found.repost_of_id, found.conversation_id) == ("", made, found.id)
    (shown,) = await completed(db, 0, [found])
    assert shown.text == "RT @Carol_C: Look at #bees, @ann!"
    assert shown.repost_count == 1
    assert await numbers(db, made) == (1, 0, 0)
    assert (await now(db, cast.ann)).post_count == 1
    own = await post(db, cast.ann)
    who, upwards = cast.ann.id, Bounds(up=True)
    assert [row.id for row in await posts_of_author(db, 0, who, ALL, 9)] == [own, found.id]
    assert [row.id for row in await posts_of_author(db, 0, who, ALL, 9, reposts=False)] == [own]
    assert [row.id for row in await posts_of_author(db, 0, who, upwards, 9, reposts=False, replies=False)] == [own]


async def test_a_repost_of_a_repost_is_one_of_the_original_and_a_second_one_is_the_first(
    db: HeldDatabase, cast: People
) -> None:
    made = await post(db, cast.carol)
    first = await doing(db, repost)(cast.ann, made)
    second = await doing(db, repost)(cast.dave, first.post.id)
    again = await doing(db, repost)(cast.dave, made)
    assert (second.post.repost_of_id, second.new, again.new, again.post) == (made, True, False, second.post)
    assert [row.id for row in await reposts_of(db, 0, made, ALL, 9)] == [second.post.id, first.post.id]
    assert [row.username for row in await reposters_of(db, 0, made, ALL, 9)] == ["dave", "ann"]
    for what in (like, bookmark):
        await doing(db, what)(cast.dev, first.post.id)
    answer = await db.write(create_post, calling(cast.dev), Draft("to the original", reply_to_id=first.post.id))
    assert (answer.reply_to_id, answer.reply_to_author_id) == (made, cast.carol.id)
    assert await numbers(db, made) == (2, 1, 1)
    assert await numbers(db, first.post.id) == (0, 0, 0)


@pytest.mark.parametrize("by", ["original", "repost", "deleting"])
async def test_a_repost_is_taken_back_by_either_id_and_can_be_made_again(
    db: HeldDatabase, cast: People, by: str
) -> None:
    made = await post(db, cast.carol)
    for _ in range(2):
        done = await doing(db, repost)(cast.ann, made)
        assert done.new
        what = delete_post if by == "deleting" else take_back
        await db.write(what, calling(cast.ann), made if by == "original" else done.post.id)
        assert await numbers(db, made) == (0, 0, 0)
        assert (await now(db, cast.ann)).post_count == 0
    assert await doing(db, take_back)(cast.ann, made) is False
    assert await doing(db, take_back)(cast.ann, 1) is False
    assert await numbers(db, made) == (0, 0, 0)


async def test_what_is_protected_goes_no_further(db: HeldDatabase, cast: People) -> None:
    await befriend(db, cast.ann, cast.bob)
    made = await post(db, cast.bob)
    with pytest.raises(NotRepostable):
        await doing(db, repost)(cast.ann, made)
    with pytest.raises(PostNotFound):
        await doing(db, repost)(cast.dave, made)
    own = await doing(db, repost)(cast.bob, made)  # he himself may
    assert [row.id for row in await reposts_of(db, cast.ann.id, made, ALL, 9)] == [own.post.id]
    assert await reposts_of(db, cast.dave.id, made, ALL, 9) == []
    assert await reposters_of(db, 0, made, ALL, 9) == []


@pytest.mark.attack("SR-193", "SR-198")
async def test_a_repost_is_seen_while_its_original_is(db: HeldDatabase, cast: People) -> None:
    made = await post(db, cast.carol)
    done = (await doing(db, repost)(cast.ann, made)).post
    assert await post_by_id(db, cast.dave.id, done.id) is not None
    await act(db, block, cast.carol, cast.dave)
    assert await post_by_id(db, cast.dave.id, done.id) is None
    await protect(db, cast.carol)
    assert await post_by_id(db, cast.dev.id, done.id) is None
    assert await reposters_of(db, cast.dev.id, made, ALL, 9) == []
    assert await post_by_id(db, cast.carol.id, done.id) is not None


def test_the_text_of_a_repost_and_what_stands_in_it() -> None:
    text = "see #bees and bees.example/" + "x" * 120
    entities = entities_of(text, urls_in(text))
    shown = repost_text("carol", text)
    assert (len(shown), shown[:18], shown[-2:]) == (140, "RT @carol: see #be", "x…")
    found = repost_entities("carol", 7, text, entities)
    assert found.mentions == ((3, 9, "carol", 7),)
    assert [shown[start:end] for start, end, _ in found.hashtags] == ["#bees"]
    assert found.urls == ()  # the link is cut, so it is none
    short = "🐝 #bees @ann $HIVE bees.example"
    shown = repost_text("carol", short)
    found = repost_entities("carol", 7, short, entities_of(short, urls_in(short)))
    spans = [*found.urls, *found.hashtags, *found.cashtags, *((s, e, name) for s, e, name, _ in found.mentions)]
    assert {shown[start:end] for start, end, _ in spans} == {"bees.example", "#bees", "$HIVE", "@carol", "@ann"}
    assert repost_entities("carol", 7, "x" * 129, Entities(hashtags=((124, 129, "a"),))).hashtags != ()
    assert repost_entities("carol", 7, "x" * 130, Entities(hashtags=((124, 129, "a"),))).hashtags == ()


# ------------------------------------------------------------------------------------------------------------------- likes


@pytest.mark.claim("C035", "C047")
async def test_a_like_counts_once_for_the_post_and_for_who_gives_it(db: HeldDatabase, cast: People) -> None:
    made = await post(db, cast.carol)
    assert [await doing(db, like)(cast.ann, made) for _ in range(2)] == [True, False]
    assert await numbers(db, made) == (0, 1, 0)
    assert (await now(db, cast.ann)).like_count == 1
    assert [row.username for row in await likers_of(db, cast.carol.id, made, ALL, 9)] == ["ann"]
    assert [row.id for row in await liked_by(db, cast.carol.id, cast.ann.id, ALL, 9)] == [made]
    assert [await doing(db, unlike)(cast.ann, made) for _ in range(2)] == [True, False]
    assert await numbers(db, made) == (0, 0, 0)
    assert (await now(db, cast.ann)).like_count == 0
    assert await doing(db, unlike)(cast.ann, 1) is False


@pytest.mark.attack("SR-198", "SR-212")
async def test_who_may_see_a_like(db: HeldDatabase, cast: People) -> None:
    public, hidden = await post(db, cast.carol), await post(db, cast.bob)
    await befriend(db, cast.ann, cast.bob)
    for person, made in ((cast.ann, public), (cast.ann, hidden), (cast.bob, public), (cast.dave, public)):
        await doing(db, like)(person, made)

    async def likers(viewer: AccountRow, made: int = public) -> list[str]:
        return [row.username for row in await likers_of(db, viewer.id, made, ALL, 9)]

    async def liked(viewer: AccountRow, giver: AccountRow = cast.ann) -> list[int]:
        return [row.id for row in await liked_by(db, viewer.id, giver.id, ALL, 9)]

    assert await likers(cast.ann) == ["dave", "bob", "ann"]
    assert await likers(cast.dev) == ["dave", "ann"]  # bob shows himself to his followers alone
    assert (await likers(cast.bob, hidden), await likers(cast.dev, hidden)) == (["ann"], [])
    assert (await liked(cast.ann), await liked(cast.dev)) == ([hidden, public], [public])
    assert (await liked(cast.dev, cast.bob), await liked(cast.ann, cast.bob)) == ([], [public])
    await act(db, remove_follower, cast.bob, cast.ann)
    assert await liked(cast.ann) == [public]
    await act(db, block, cast.dave, cast.dev)
    assert await likers(cast.dev) == ["ann"]
    await act(db, block, cast.carol, cast.ann)
    assert await liked(cast.ann) == []
    assert await likers(cast.ann) == []
    assert await doing(db, unlike)(cast.ann, public)  # a like can be taken back all the same
    with pytest.raises(PostNotFound):
        await doing(db, like)(cast.ann, public)


# --------------------------------------------------------------------------------------------------------------- bookmarks


async def test_bookmarks_and_their_folders(db: HeldDatabase, cast: People) -> None:
    first, second = await post(db, cast.carol), await post(db, cast.dave)
    folder = await db.write(create_folder, calling(cast.ann), "  Bees\u202e and\n  hives ")
    other = await db.write(create_folder, calling(cast.ann), "Later")
    assert folder.name == "Bees and hives"
    assert [row.name for row in await folders_of(db, cast.ann.id, ALL, 9)] == ["Later", "Bees and hives"]
    assert await folders_of(db, cast.carol.id, ALL, 9) == []
    assert await db.write(bookmark, calling(cast.ann), first)
    assert await db.write(bookmark, calling(cast.ann), second, folder.id)
    assert not await db.write(bookmark, calling(cast.ann), second, other.id)  # now it lies there
    assert not await db.write(bookmark, calling(cast.ann), second)  # and stays
    kept = [row.id for row in await bookmarked_by(db, cast.ann.id, ALL, 9)]
    assert kept == [second, first]
    assert await bookmarked_in(db, cast.ann.id, folder.id, ALL, 9) == []
    assert [row.id for row in await bookmarked_in(db, cast.ann.id, other.id, ALL, 9)] == [second]
    assert await bookmarked_in(db, cast.carol.id, other.id, ALL, 9) == []
    assert await numbers(db, second) == (0, 0, 1)
    assert [await db.write(remove_bookmark, calling(cast.ann), second) for _ in range(2)] == [True, False]
    assert await numbers(db, second) == (0, 0, 0)
    assert [row.id for row in await bookmarked_by(db, cast.ann.id, ALL, 9)] == [first]


@pytest.mark.attack("SR-206")
async def test_nothing_is_laid_into_a_folder_that_is_not_ones_own(db: HeldDatabase, cast: People) -> None:
    made = await post(db, cast.carol)
    folder = await db.write(create_folder, calling(cast.ann), "Mine")
    for one in (folder.id, 1):
        with pytest.raises(FolderNotFound):
            await db.write(bookmark, calling(cast.dave), made, one)
    assert await numbers(db, made) == (0, 0, 0)


async def test_folders_have_names_and_are_not_endless(db: HeldDatabase, cast: People) -> None:
    for name in ("", " \n", "\u202e", "x" * 26):
        with pytest.raises(Invalid):
            await db.write(create_folder, calling(cast.ann), name)
    for number in range(MOST_FOLDERS):
        await db.write(create_folder, calling(cast.ann), f"{number}")
    with pytest.raises(TooManyFolders):
        await db.write(create_folder, calling(cast.ann), "one more")


@pytest.mark.attack("SR-198")
async def test_what_one_may_no_longer_see_leaves_the_bookmarks(db: HeldDatabase, cast: People) -> None:
    made = await post(db, cast.carol)
    await doing(db, bookmark)(cast.ann, made)
    await protect(db, cast.carol)
    assert await bookmarked_by(db, cast.ann.id, ALL, 9) == []
    await protect(db, cast.carol, on=False)
    assert [row.id for row in await bookmarked_by(db, cast.ann.id, ALL, 9)] == [made]


# ------------------------------------------------------------------------------------------------------------ deleted posts


async def test_what_hangs_on_a_post_ends_with_it(db: HeldDatabase, cast: People) -> None:
    made, other = await post(db, cast.carol), await post(db, cast.carol)
    for person in (cast.ann, cast.dave):
        for what in (repost, like, bookmark):
            await doing(db, what)(person, made)
            await doing(db, what)(person, other)
    done = [row.id for row in await reposts_of(db, 0, made, ALL, 9)]
    await db.write(delete_post, calling(cast.carol), made)
    for person in (cast.ann, cast.dave):
        account = await now(db, person)
        assert (account.post_count, account.like_count) == (1, 1)
        assert [row.id for row in await liked_by(db, person.id, person.id, ALL, 9)] == [other]
        assert [row.id for row in await bookmarked_by(db, person.id, ALL, 9)] == [other]
        for what in (repost, like, bookmark):
            with pytest.raises(PostNotFound):
                await doing(db, what)(person, made)
            with pytest.raises(PostNotFound):
                await doing(db, what)(person, done[0])
        for undo in (take_back, unlike, remove_bookmark):
            assert await doing(db, undo)(person, made) is False
    assert [await post_by_id(db, cast.ann.id, one) for one in done] == [None, None]
    assert await numbers(db, other) == (2, 2, 2)


async def test_deleting_a_repost_leaves_the_rest(db: HeldDatabase, cast: People) -> None:
    made = await post(db, cast.carol)
    for person in (cast.ann, cast.dave):
        for what in (repost, like, bookmark):
            await doing(db, what)(person, made)
    mine = (await doing(db, repost)(cast.ann, made)).post.id
    await db.write(delete_post, calling(cast.ann), mine)
    assert await numbers(db, made) == (1, 2, 2)
    assert [row.username for row in await reposters_of(db, 0, made, ALL, 9)] == ["dave"]


# ------------------------------------------------------------------------------------------------------------------- races


@pytest.mark.attack("SR-318")
@pytest.mark.parametrize(
    ("begin", "end", "place"), [(repost, take_back, 0), (like, unlike, 1), (bookmark, remove_bookmark, 2)]
)
async def test_fifty_at_once_of_one_person_count_once(
    db: HeldDatabase, cast: People, begin: Any, end: Any, place: int
) -> None:
    made = await post(db, cast.carol)
    for what, left in ((begin, 1), (end, 0)):
        await asyncio.gather(*(doing(db, what)(cast.ann, made) for _ in range(50)))
        assert (await numbers(db, made))[place] == left
        account = await now(db, cast.ann)
        assert account.post_count == (left if begin is repost else 0)
        assert account.like_count == (left if begin is like else 0)
    await asyncio.gather(*(doing(db, begin if n % 2 else end)(cast.ann, made) for n in range(20)))
    rows = (
        len(await reposts_of(db, 0, made, ALL, 9)),
        len(await likers_of(db, 0, made, ALL, 9)),
        len(await bookmarked_by(db, cast.ann.id, ALL, 9)),
    )
    assert rows == await numbers(db, made)


@pytest.mark.attack("SR-318")
async def test_everybody_who_likes_one_post_at_once_counts(db: HeldDatabase, cast: People) -> None:
    made = await post(db, cast.carol)
    crowd = [await newcomer(db) for _ in range(40)]
    await asyncio.gather(*(doing(db, like)(person, made) for person in crowd))
    assert await numbers(db, made) == (0, 40, 0)
    await asyncio.gather(*(doing(db, unlike)(person, made) for person in crowd))
    assert await numbers(db, made) == (0, 0, 0)


@pytest.mark.attack("SR-318")
async def test_everybody_beside_the_author_who_deletes(db: HeldDatabase, cast: People) -> None:
    everybody = (cast.ann, cast.dave, cast.dev)
    for _ in range(5):
        made = await post(db, cast.carol)
        doings: list[Awaitable[Any]] = [
            doing(db, what)(person, made) for person in everybody for what in (repost, like, bookmark)
        ]
        doings.insert(5, db.write(delete_post, calling(cast.carol), made))
        for one in await asyncio.gather(*doings, return_exceptions=True):
            assert not isinstance(one, BaseException) or isinstance(one, PostNotFound), repr(one.__cause__)
        for person in everybody:
            account = await now(db, person)
            assert (account.post_count, account.like_count) == (0, 0)
            assert await bookmarked_by(db, person.id, ALL, 9) == []


async def test_pages_of_likes_stay_in_order(db: HeldDatabase, cast: People) -> None:
    made = [await post(db, cast.carol) for _ in range(5)]
    for one in made:
        await doing(db, like)(cast.ann, one)
    rows: list[PostRow] = []
    page = ALL
    while some := await liked_by(db, 0, cast.ann.id, page, 2):
        rows += some
        page = Bounds(before=some[-1].place)
    assert [row.id for row in rows] == made[::-1]
    up = await liked_by(db, 0, cast.ann.id, Bounds(after=0, up=True), 2)
    assert [row.id for row in up] == [made[1], made[0]]
