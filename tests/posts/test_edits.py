import asyncio

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.posts.making import calling, post, read
from volary.accounts.queries import account_by_id
from volary.db.paging import Bounds
from volary.kit.clock import MINUTE
from volary.posts.actions.bookmarks import bookmark
from volary.posts.actions.hiding import hide_answer
from volary.posts.actions.likes import like
from volary.posts.actions.reposts import repost
from volary.posts.actions.writing import delete_post
from volary.posts.errors import NotEditable, NotYours, PostNotFound
from volary.posts.models import PostRow
from volary.posts.queries.quotes import quotes_of
from volary.posts.queries.reading import post_by_id, posts_of_author
from volary.posts.rules.editing import edits_left, eligible, versions_of
from volary.posts.rules.polls import NewPoll


async def listed(db: HeldDatabase, author: int) -> list[int]:
    return [row.id for row in await posts_of_author(db, 0, author, Bounds(), 100)]


async def test_each_edit_is_a_version_with_an_id_of_its_own(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "Good mornign")
    db.clock.advance(MINUTE)
    second = await post(db, cast.ann, "Good morning", edits_id=first.id)
    assert second.id > first.id
    assert second.conversation_id == first.id
    for one in (first.id, second.id):
        assert versions_of(await read(db, one)) == (first.id, second.id)
    assert [(await read(db, one)).text for one in (first.id, second.id)] == ["Good mornign", "Good morning"]
    assert await listed(db, cast.ann.id) == [second.id]
    account = await account_by_id(db, cast.ann.id)
    assert account is not None
    assert account.post_count == 1


async def test_five_edits_and_no_more(db: HeldDatabase, cast: People) -> None:
    last = await post(db, cast.ann, "Version 0")
    for number in range(1, 6):
        assert edits_left(last) == 6 - number
        last = await post(db, cast.ann, f"Version {number}", edits_id=last.id)
    with pytest.raises(NotEditable):
        await post(db, cast.ann, "Version 6", edits_id=last.id)
    assert (await read(db, last.id)).replaced_at is None


async def test_the_time_for_editing_is_counted_from_the_first_version(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "One")
    db.clock.advance(29 * MINUTE)
    second = await post(db, cast.ann, "Two", edits_id=first.id)
    db.clock.advance(MINUTE)
    with pytest.raises(NotEditable):
        await post(db, cast.ann, "Three", edits_id=second.id)


@pytest.mark.attack("SR-208")
async def test_nobody_edits_what_is_not_theirs_or_not_the_newest_version(db: HeldDatabase, cast: People) -> None:
    first, hidden = await post(db, cast.ann, "Mine"), await post(db, cast.bob, "Hidden")
    with pytest.raises(NotYours):
        await post(db, cast.dave, "Mine now", edits_id=first.id)
    for unknown in (hidden.id, 1):
        with pytest.raises(PostNotFound):
            await post(db, cast.dave, "Mine now", edits_id=unknown)
    await post(db, cast.ann, "Mine still", edits_id=first.id)
    with pytest.raises(NotEditable):
        await post(db, cast.ann, "A branch", edits_id=first.id)


async def test_polls_and_answers_to_others_are_not_edited_and_an_own_thread_is(db: HeldDatabase, cast: People) -> None:
    theirs, mine = await post(db, cast.carol, "Theirs"), await post(db, cast.ann, "Mine")
    asking = await post(db, cast.ann, "Tea?", poll=NewPoll(("yes", "no"), 5))
    answer = await post(db, cast.ann, "Yes", reply_to_id=theirs.id)
    more = await post(db, cast.ann, "And more", reply_to_id=mine.id)
    quote = await post(db, cast.ann, "See", quote_of_id=theirs.id)
    for fixed in (asking, answer):
        assert not eligible(fixed)
        with pytest.raises(NotEditable):
            await post(db, cast.ann, "Changed", edits_id=fixed.id)
    again = await post(db, cast.ann, "And much more", edits_id=more.id)
    assert (again.reply_to_id, again.conversation_id) == (mine.id, mine.id)
    assert (await read(db, mine.id)).reply_count == 1
    seen = await post(db, cast.ann, "See this", edits_id=quote.id)
    assert seen.quote_of_id == theirs.id
    assert (await read(db, theirs.id)).quote_count == 1
    assert [row.id for row in await quotes_of(db, 0, theirs.id, Bounds(), 10)] == [seen.id]


async def test_an_edit_cannot_answer_or_quote_something_else(db: HeldDatabase, cast: People) -> None:
    other, mine = await post(db, cast.carol, "Other"), await post(db, cast.ann, "Mine")
    for draft in ({"reply_to_id": other.id}, {"quote_of_id": other.id}, {"poll": NewPoll(("a", "b"), 5)}):
        with pytest.raises(NotEditable):
            await post(db, cast.ann, "Changed", edits_id=mine.id, **draft)
    assert await listed(db, cast.ann.id) == [mine.id]


async def test_answers_count_for_the_version_that_they_answer(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "One")
    await post(db, cast.dave, "To one", reply_to_id=first.id)
    second = await post(db, cast.ann, "Two", edits_id=first.id)
    answer = await post(db, cast.dave, "To two", reply_to_id=second.id)
    assert answer.conversation_id == first.id
    assert [(await read(db, one)).reply_count for one in (first.id, second.id)] == [1, 1]


async def test_who_may_answer_is_said_by_the_newest_version(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "For some", reply_settings="mentionedUsers")
    second = await post(db, cast.ann, "For @dave", edits_id=first.id)
    assert second.reply_settings == "mentionedUsers"
    answer = await post(db, cast.dave, "Thanks", reply_to_id=second.id)
    assert (await post(db, cast.dave, "A lot", reply_to_id=answer.id)).conversation_id == first.id


@pytest.mark.parametrize("which", [0, 1])
async def test_deleting_any_version_deletes_them_all(db: HeldDatabase, cast: People, which: int) -> None:
    first = await post(db, cast.ann, "One @dave")
    versions = [first, await post(db, cast.ann, "Two @dave", edits_id=first.id)]
    await db.write(delete_post, calling(cast.ann), versions[which].id)
    assert [await post_by_id(db, cast.ann.id, one.id) for one in versions] == [None, None]
    account = await account_by_id(db, cast.ann.id)
    assert account is not None
    assert account.post_count == 0


async def test_a_hidden_answer_stays_hidden_when_it_is_edited(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "Mine")
    one = await post(db, cast.dave, "Noise", reply_to_id=first.id)
    two = await post(db, cast.dave, "More noise", reply_to_id=one.id)
    await db.write(hide_answer, calling(cast.ann), two.id, hidden=True)
    again = await post(db, cast.dave, "Still noise", edits_id=two.id)
    assert (await read(db, again.id)).hidden_at is not None


@pytest.mark.attack("SR-318")
async def test_of_edits_at_the_same_time_one_wins(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "One")
    many = await asyncio.gather(
        *(post(db, cast.ann, f"Edit {number}", edits_id=first.id) for number in range(8)), return_exceptions=True
    )
    won = [one for one in many if isinstance(one, PostRow)]
    assert len(won) == 1
    assert all(isinstance(one, NotEditable) for one in many if one not in won)
    assert versions_of(await read(db, first.id)) == (first.id, won[0].id)
    assert await listed(db, cast.ann.id) == [won[0].id]


async def test_an_edit_and_a_deletion_at_the_same_time_leave_nothing_behind(db: HeldDatabase, cast: People) -> None:
    for number in range(6):
        first = await post(db, cast.ann, f"One {number}")
        edited, deleted = await asyncio.gather(
            post(db, cast.ann, f"Two {number}", edits_id=first.id),
            db.write(delete_post, calling(cast.ann), first.id),
            return_exceptions=True,
        )
        assert deleted is None
        assert isinstance(edited, PostRow | PostNotFound)
    assert await listed(db, cast.ann.id) == []
    account = await account_by_id(db, cast.ann.id)
    assert account is not None
    assert account.post_count == 0


async def test_the_old_text_may_come_back(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "One")
    second = await post(db, cast.ann, "Two", edits_id=first.id)
    third = await post(db, cast.ann, "One", edits_id=second.id)
    assert versions_of(third) == (first.id, second.id, third.id)


async def test_an_edit_keeps_what_was_said_of_the_post_until_it_says_otherwise(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "One", sensitive=True, paid_partnership=True)
    second = await post(db, cast.ann, "Two", edits_id=first.id, made_with_ai=True)
    assert (second.sensitive, second.paid_partnership, second.made_with_ai) == (1, 1, 1)
    third = await post(db, cast.ann, "Three", edits_id=second.id, paid_partnership=False)
    assert (third.sensitive, third.paid_partnership, third.made_with_ai) == (1, 0, 1)


async def test_an_edit_begins_with_numbers_of_its_own(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "One")
    for act in (like, bookmark, repost):
        await db.write(act, calling(cast.carol), first.id)
    await post(db, cast.carol, "See", quote_of_id=first.id)
    second = await read(db, (await post(db, cast.ann, "Two", edits_id=first.id)).id)
    numbers = [name for name in PostRow.__struct_fields__ if name.endswith("_count")]
    assert {name: getattr(second, name) for name in numbers} == dict.fromkeys(numbers, 0)
