import asyncio
from typing import Any

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from volary.access.caller import Caller, in_person
from volary.accounts.models import AccountRow
from volary.accounts.queries import account_by_id
from volary.db.paging import Bounds
from volary.kit.clock import DAY
from volary.posts.actions.writing import Draft, create_post, delete_post
from volary.posts.errors import DuplicateText, NotAnswerable, NotYours, PostNotFound
from volary.posts.models import PostRow
from volary.posts.queries.reading import post_by_id, posts_by_ids, posts_of_author


def calling(person: AccountRow) -> Caller:
    return in_person(person.id, person.username)


async def post(db: HeldDatabase, person: AccountRow, text: str, **draft: Any) -> PostRow:
    return await db.write(create_post, calling(person), Draft(text, **draft))


async def test_a_post_is_its_authors_and_everybody_can_read_it(db: HeldDatabase, cast: People) -> None:
    made = await post(db, cast.ann, "Good morning")
    for viewer in (cast.ann.id, cast.dave.id, 0):
        seen = await post_by_id(db, viewer, made.id)
        assert seen == made
    assert (made.author_id, made.text, made.conversation_id) == (cast.ann.id, "Good morning", made.id)
    account = await account_by_id(db, cast.ann.id)
    assert account is not None
    assert account.post_count == 1


@pytest.mark.claim("C033", "C144")
@pytest.mark.attack("SR-192")
async def test_a_protected_accounts_posts_are_found_by_nobody_else(db: HeldDatabase, cast: People) -> None:
    hidden = await post(db, cast.bob, "Only for friends")
    assert await post_by_id(db, cast.bob.id, hidden.id) == hidden
    for viewer in (cast.dave.id, 0):
        assert await post_by_id(db, viewer, hidden.id) is None
        assert await posts_by_ids(db, viewer, [hidden.id]) == []
        assert await posts_of_author(db, viewer, cast.bob.id, Bounds(), 10) == []


async def test_the_same_text_again_is_a_duplicate_for_a_day(db: HeldDatabase, cast: People) -> None:
    await post(db, cast.ann, "Good morning")
    with pytest.raises(DuplicateText):
        await post(db, cast.ann, "good  MORNING")
    await post(db, cast.dave, "Good morning")
    db.clock.advance(DAY + 1000)
    await post(db, cast.ann, "Good morning")


async def test_a_reply_joins_the_conversation_and_is_counted(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "Who is in?")
    reply = await post(db, cast.dave, "@ann I am", reply_to_id=first.id)
    assert (reply.conversation_id, reply.reply_to_author_id) == (first.id, cast.ann.id)
    seen = await post_by_id(db, 0, first.id)
    assert seen is not None
    assert seen.reply_count == 1
    await db.write(delete_post, calling(cast.dave), reply.id)
    seen = await post_by_id(db, 0, first.id)
    assert seen is not None
    assert seen.reply_count == 0


@pytest.mark.attack("SR-210")
async def test_nobody_answers_or_quotes_what_they_cannot_see_or_may_not_answer(db: HeldDatabase, cast: People) -> None:
    hidden = await post(db, cast.bob, "Only for friends")
    closed = await post(db, cast.ann, "For @Carol_C only", reply_settings="mentionedUsers")
    for draft in (
        {"reply_to_id": hidden.id},
        {"quote_of_id": hidden.id},
        {"reply_to_id": 1},
        {"reply_to_id": closed.id},
    ):
        with pytest.raises(NotAnswerable):
            await post(db, cast.dave, f"But {draft}", **draft)
    assert (await post(db, cast.carol, "Thanks", reply_to_id=closed.id)).reply_to_id == closed.id
    assert (await post(db, cast.ann, "And myself", reply_to_id=closed.id)).reply_to_id == closed.id


@pytest.mark.claim("C046")
@pytest.mark.attack("SR-208")
async def test_only_the_author_deletes_a_post(db: HeldDatabase, cast: People) -> None:
    made, hidden = await post(db, cast.ann, "Mine"), await post(db, cast.bob, "Hidden")
    with pytest.raises(NotYours):
        await db.write(delete_post, calling(cast.dave), made.id)
    with pytest.raises(PostNotFound):
        await db.write(delete_post, calling(cast.dave), hidden.id)
    await db.write(delete_post, calling(cast.ann), made.id)
    assert await post_by_id(db, cast.ann.id, made.id) is None
    with pytest.raises(PostNotFound):
        await db.write(delete_post, calling(cast.ann), made.id)
    account = await account_by_id(db, cast.ann.id)
    assert account is not None
    assert account.post_count == 0


@pytest.mark.attack("SR-318")
async def test_counts_stay_right_when_many_write_at_once(db: HeldDatabase, cast: People) -> None:
    first = await post(db, cast.ann, "Count me")
    await asyncio.gather(*(post(db, cast.dave, f"reply {n}", reply_to_id=first.id) for n in range(12)))
    seen = await post_by_id(db, 0, first.id)
    account = await account_by_id(db, cast.dave.id)
    assert seen is not None
    assert account is not None
    assert (seen.reply_count, account.post_count) == (12, 12)


async def test_an_authors_list_has_pages_in_both_directions(db: HeldDatabase, cast: People) -> None:
    made = [await post(db, cast.ann, f"post {n}") for n in range(5)]
    newest_first = [row.id for row in reversed(made)]
    top = await posts_of_author(db, 0, cast.ann.id, Bounds(), 2)
    assert [row.id for row in top] == newest_first[:2]
    below = await posts_of_author(db, 0, cast.ann.id, Bounds(0, top[-1].id), 2)
    assert [row.id for row in below] == newest_first[2:4]
    above = await posts_of_author(db, 0, cast.ann.id, Bounds(below[0].id, 1 << 62, up=True), 1)
    assert [row.id for row in above] == newest_first[1:2]


async def test_an_author_s_list_reaches_back_so_many_posts_of_all_kinds(db: HeldDatabase, cast: People) -> None:
    made = [(await post(db, cast.ann, f"number {number}")).id for number in range(3)]
    made += [(await post(db, cast.ann, f"answer {number}", reply_to_id=made[0])).id for number in range(2)]
    for up in (False, True):
        page = Bounds(before=made[4], up=up)
        assert [row.id for row in await posts_of_author(db, 0, cast.ann.id, page, 9, deepest=4)] == made[3:0:-1]
    rows = await posts_of_author(db, 0, cast.ann.id, Bounds(), 9, replies=False, deepest=4)
    assert [row.id for row in rows] == made[2:0:-1]


async def test_mentions_carry_the_account_of_the_moment(db: HeldDatabase, cast: People) -> None:
    made = await post(db, cast.ann, "Hello @CAROL_c and @nobody")
    assert f'"CAROL_c",{cast.carol.id}' in made.entities
    assert '"nobody",0' in made.entities
