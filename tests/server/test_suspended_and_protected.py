"""Wherever somebody could be met who is suspended, or what became protected since: they are not (SR-198, SR-212)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from tests.graph.people import act, calling, newcomer, post, protect
from tests.lists.making import list_of
from tests.server.house import Credentials, House
from volary.accounts.actions.standing import set_state
from volary.accounts.models import ACTIVE, SUSPENDED, AccountRow
from volary.graph.actions.follows import follow
from volary.posts.actions.bookmarks import bookmark
from volary.posts.actions.likes import like
from volary.posts.actions.reposts import repost
from volary.search.jobs.indexing import Indexer


class Trail(msgspec.Struct):
    """Somebody who left a trail everywhere, and a reader who has to do with it."""

    person: AccountRow
    reader: AccountRow
    word: str
    found: dict[str, str]
    """Each place where the person can be met, with what is seen of them there."""


async def trail(house: House, number: int) -> Trail:
    db = house.db
    person, reader, third = [await newcomer(db) for _ in range(3)]
    word = f"sparrow{person.id}"
    theirs, mine = await post(db, person, f"{word} {number}"), await post(db, reader, f"About birds {person.id}")
    answer = await post(db, person, f"{word} answers", reply_to_id=mine)
    quote = await post(db, person, f"{word} quotes", quote_of_id=mine)
    quoting = await post(db, reader, f"I quote it {person.id}", quote_of_id=theirs)
    replying = await post(db, reader, f"I answer it {person.id}", reply_to_id=theirs)
    for act_on in (like, repost):
        await db.write(act_on, calling(person), mine)
        await db.write(act_on, calling(third), theirs)
    await db.write(like, calling(reader), theirs)
    await db.write(bookmark, calling(reader), theirs)
    for one, other in ((person, reader), (reader, person)):
        await act(db, follow, one, other)
    mentioning = await post(db, person, f"{word} @{reader.username} hello")
    listed = await list_of(db, third, person, reader)
    await house.application.resources[Indexer].run()
    who, post_id = str(person.id), str(theirs)
    return Trail(
        person,
        reader,
        word,
        {
            f"/2/tweets/{theirs}": post_id,
            f"/2/tweets?ids={mine},{theirs}": post_id,
            f"/2/users/{person.id}/tweets": post_id,
            f"/2/users/{reader.id}/timelines/reverse_chronological": post_id,
            f"/2/users/{reader.id}/mentions": str(mentioning),
            f"/2/users/{reader.id}/liked_tweets": post_id,
            f"/2/users/{reader.id}/bookmarks": post_id,
            f"/2/lists/{listed}/tweets": post_id,
            f"/2/tweets/{mine}/quote_tweets": str(quote),
            f"/2/tweets/search/recent?query={word}": post_id,
            f"/2/tweets/search/recent?query=from:{person.username}": str(answer),
            f"/2/tweets/search/recent?query=conversation_id:{mine}%20{word}": str(answer),
            f"/2/tweets/{quoting}?expansions=referenced_tweets.id": word,
            f"/2/tweets/{replying}?expansions=referenced_tweets.id": word,
            f"/2/users/{person.id}?expansions=most_recent_tweet_id": word,
            f"/2/tweets/{theirs}/quote_tweets": f"I quote it {person.id}",
            f"/2/tweets/{theirs}/liking_users": str(third.id),
            f"/2/tweets/{theirs}/retweeted_by": str(third.id),
            f"/2/users/{person.id}": f'"username":"{person.username}"',
            f"/2/users/{reader.id}/followers": who,
            f"/2/users/{reader.id}/following": who,
            f"/2/tweets/{mine}/liking_users": who,
            f"/2/tweets/{mine}/retweeted_by": who,
            f"/2/lists/{listed}/members": who,
            f"/2/users/search?query={person.username}": who,
            f"/2/tweets/{quote}?expansions=author_id": person.username,
        },
    )


PEOPLE = ("/followers", "/following", "/members", "/users/search?")
"""What shows accounts, which protecting posts does not hide."""


async def shown(house: House, who: Credentials, target: str) -> str:
    got = await house.get(target, who)
    assert got.status == 200, (target, got.body)
    # Errors name what was asked for; they say nothing of it.
    return str(msgspec.json.encode({name: one for name, one in got.json.items() if name != "errors"}), "utf-8")


@asynccontextmanager
async def suspended(house: House, person: AccountRow) -> AsyncIterator[None]:
    assert await house.db.write(set_state, person.id, ACTIVE, SUSPENDED)
    yield
    assert await house.db.write(set_state, person.id, SUSPENDED, ACTIVE)


@pytest.mark.attack("SR-212")
async def test_who_is_suspended_is_met_nowhere(each_house: House) -> None:
    house, made = each_house, await trail(each_house, 1)
    who = await house.bearer(made.reader)
    for target, seen in made.found.items():
        assert seen in await shown(house, who, target), target  # the control
    async with suspended(house, made.person):
        for target, seen in made.found.items():
            assert seen not in await shown(house, who, target), target
        count = f"/2/tweets/counts/recent?query={made.word}"
        assert (await house.get(count, house.app_only())).json["meta"]["total_tweet_count"] == 0


@pytest.mark.attack("SR-198", "SR-196")
async def test_what_became_protected_is_met_nowhere_by_who_is_no_follower(each_house: House) -> None:
    house, made = each_house, await trail(each_house, 2)
    stranger = await newcomer(house.db)
    own = (f"/2/users/{made.reader.id}/timelines", f"/2/users/{made.reader.id}/bookmarks")
    found = {target: seen for target, seen in made.found.items() if not target.startswith(own)}
    readers = (await house.bearer(stranger), house.app_only())
    for target, seen in found.items():
        assert seen in await shown(house, readers[0], target), target  # the control
    await protect(house.db, made.person)
    for who in readers:
        for target, seen in found.items():
            if any(one in target for one in PEOPLE) or target == f"/2/users/{made.person.id}":
                continue
            if (who == readers[1] and "liking_users" in target) or ("liked_tweets" in target and who == readers[1]):
                continue  # an App on its own may not ask who likes
            assert seen not in await shown(house, who, target), target
    count = f"/2/tweets/counts/recent?query={made.word}"
    assert (await house.get(count, house.app_only())).json["meta"]["total_tweet_count"] == 0
    for target, seen in found.items():
        assert seen in await shown(house, await house.bearer(made.reader), target), "a follower sees it as before"
