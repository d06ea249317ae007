"""Users lead to their newest posts (X facts 5.2), as far as the caller may see them."""

from typing import Any

import pytest

from tests.graph.people import befriend, newcomer, post, protect
from tests.server.calls import calling
from tests.server.house import Credentials, House
from volary.graph.actions.blocks import block
from volary.posts.actions.reposts import repost
from volary.posts.actions.writing import delete_post

OLD, NEW = "most_recent_tweet_id", "most_recent_post_id"


async def shown(house: House, who: Credentials, account_id: int, name: str = OLD, *, expanded: bool = False) -> Any:
    """What is said of an account's newest post: the user's field alone, or the whole answer with what it leads to."""
    more = f"expansions={name}" if expanded else f"user.fields={name}"
    got = await house.get(f"/2/users/{account_id}?{more}", who)
    assert got.status == 200, got.body
    return got.json if expanded else got.json["data"].get(name)


async def test_the_newest_post_is_named_and_included_in_both_vocabularies(each_house: House) -> None:
    house, who = each_house, each_house.app_only()
    person = await newcomer(house.db)
    assert await shown(house, who, person.id) is None
    nothing = await shown(house, who, person.id, expanded=True)
    assert "includes" not in nothing
    assert "errors" not in nothing
    older = await post(house.db, person)
    newest = await post(house.db, person, "The newest of all", reply_to_id=older)
    for name, bucket in ((OLD, "tweets"), (NEW, "posts")):
        assert await shown(house, who, person.id, name) == str(newest)
        found = await shown(house, who, person.id, name, expanded=True)
        assert found["data"][name] == str(newest)
        assert [(one["id"], one["text"]) for one in found["includes"][bucket]] == [(str(newest), "The newest of all")]


async def test_it_is_what_is_there_now(each_house: House) -> None:
    house, who = each_house, each_house.app_only()
    person, other = await newcomer(house.db), await newcomer(house.db)
    first, theirs = await post(house.db, person), await post(house.db, other)
    edited = await post(house.db, person, "Edited", edits_id=first)
    assert await shown(house, who, person.id) == str(edited)
    again = (await house.db.write(repost, calling(person), theirs)).post
    assert await shown(house, who, person.id) == str(again.id)
    await house.db.write(delete_post, calling(other), theirs)
    assert await shown(house, who, person.id) == str(edited)
    await house.db.write(delete_post, calling(person), edited)
    assert await shown(house, who, person.id) is None


@pytest.mark.attack("SR-194")
async def test_nobody_learns_of_a_post_that_is_kept_from_them(each_house: House) -> None:
    house, db = each_house, each_house.db
    hidden, friend, stranger, blocked = [await newcomer(db) for _ in range(4)]
    await protect(db, hidden)
    await befriend(db, friend, hidden)
    await befriend(db, blocked, hidden)
    newest = await post(db, hidden, "For friends")
    for one in (hidden, friend):
        assert await shown(house, await house.bearer(one), hidden.id) == str(newest)
    await db.write(block, calling(hidden), blocked.id)
    for who in (await house.bearer(stranger), await house.bearer(blocked), house.app_only()):
        assert await shown(house, who, hidden.id) is None
        found = await shown(house, who, hidden.id, expanded=True)
        assert str(newest) not in str(found)


async def test_a_hundred_users_are_asked_for_at_once(each_house: House) -> None:
    house = each_house
    people = [await newcomer(house.db) for _ in range(5)]
    newest = {str(one.id): str(await post(house.db, one)) for one in people[:4]}
    ids = ",".join(str(one.id) for one in people)
    got = await house.get(f"/2/users?ids={ids}&expansions={OLD}", house.app_only())
    assert {one["id"]: one[OLD] for one in got.json["data"] if OLD in one} == newest
    assert {one["id"] for one in got.json["includes"]["tweets"]} == set(newest.values())
