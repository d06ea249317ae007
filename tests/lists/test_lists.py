"""Lists over HTTP: what each operation does, for whom, and what it says to everybody else.

Missing credentials, scopes and levels, and limits are tested for every operation at once (tests/server).
"""

import pytest
from sqlalchemy import bindparam, update

from tests.graph.people import act, newcomer, post, protect
from tests.lists.making import does, ids, list_of, listed_count, shown
from tests.server.house import House
from volary.access.caller import Caller
from volary.accounts.models import SUSPENDED, AccountRow, accounts
from volary.db import Tx, statement
from volary.graph.actions.blocks import block, unblock
from volary.graph.actions.follows import follow, unfollow
from volary.lists.actions.following import follow_list, pin_list
from volary.lists.actions.members import add_member
from volary.lists.actions.writing import Changes, create_list, update_list
from volary.lists.errors import TooManyLists, TooManyMembers, TooManyPins
from volary.lists.models import lists
from volary.lists.rules import MOST_LISTS, MOST_MEMBERS

_STATE = statement(update(accounts).where(accounts.c.id == bindparam("of")).values(state=bindparam("state")))
_FULL = statement(update(lists).where(lists.c.id == bindparam("of")).values(member_count=bindparam("count")))


async def _suspend(tx: Tx, account_id: int) -> None:
    await tx.run(_STATE, of=account_id, state=SUSPENDED)


async def _fill(tx: Tx, list_id: int, count: int = MOST_MEMBERS) -> None:
    await tx.run(_FULL, of=list_id, count=count)


def reading(list_id: int, member: AccountRow) -> list[str]:
    """Every way to learn of a List or of what is in it."""
    return [
        f"/2/lists/{list_id}?list.fields=description,member_count,owner_id&expansions=owner_id",
        f"/2/lists/{list_id}/members",
        f"/2/lists/{list_id}/followers",
        f"/2/lists/{list_id}/tweets",
        f"/2/users/{member.id}/list_memberships",
    ]


@pytest.mark.claim("C040", "C052")
@pytest.mark.parametrize("signed", [True, False])
async def test_a_list_is_made_filled_changed_read_and_deleted(each_house: House, signed: bool) -> None:
    house = each_house
    ann, two, three = [await newcomer(house.db) for _ in range(3)]
    who = await house.signed(ann, "Writer") if signed else await house.bearer(ann)
    got = await house.json("POST", "/2/lists", who, {"name": " Bee  keepers ", "description": "All", "private": True})
    assert got.status == 201
    made = got.json["data"]["id"]
    assert got.json == {"data": {"id": made, "name": "Bee keepers"}}
    for one in (two, three, three):
        got = await house.json("POST", f"/2/lists/{made}/members", who, {"user_id": str(one.id)})
        assert (got.status, got.json) == (200, {"data": {"is_member": True}})
    first, second = await post(house.db, two), await post(house.db, three)
    assert await ids(house, ann, f"/2/lists/{made}/members") == [str(three.id), str(two.id)]
    assert await ids(house, ann, f"/2/lists/{made}/tweets") == [str(second), str(first)]
    reader = await house.signed(ann, "Reader")
    own = (await house.get(f"/2/users/{ann.id}/owned_lists?expansions=owner_id", reader)).json
    assert own["data"] == [{"id": made, "name": "Bee keepers", "owner_id": str(ann.id)}], "private ones too"
    assert [one["username"] for one in own["includes"]["users"]] == [ann.username]
    seen = await shown(house, ann, int(made))
    assert (seen["private"], seen["member_count"], seen["description"]) == (True, 2, "All")
    got = await house.json("PUT", f"/2/lists/{made}", who, {"description": "", "private": False})
    assert (got.status, got.json) == (200, {"data": {"updated": True}})
    seen = await shown(house, three, int(made))
    assert (seen["name"], seen["private"], seen["description"]) == ("Bee keepers", False, "")
    for _ in range(2):
        got = await house.send("DELETE", f"/2/lists/{made}/members/{two.id}", who)
        assert (got.status, got.json) == (200, {"data": {"is_member": False}})
    assert (await shown(house, three, int(made)))["member_count"] == 1
    assert (await house.send("DELETE", f"/2/lists/{made}", who)).json == {"data": {"deleted": True}}
    assert (await house.send("DELETE", f"/2/lists/{made}", who)).status == 404
    for target in reading(int(made), three):
        got = await house.get(target, who)
        assert (got.status, "data" in got.json) == (200, False)


@pytest.mark.claim("C052")
async def test_lists_are_followed_and_pinned(each_house: House) -> None:
    house = each_house
    ann, carol = await newcomer(house.db), await newcomer(house.db)
    made = await list_of(house.db, ann)
    who = await house.bearer(carol)
    for name, word in (("followed_lists", "following"), ("pinned_lists", "pinned")):
        for _ in range(2):
            got = await house.json("POST", f"/2/users/{carol.id}/{name}", who, {"list_id": str(made)})
            assert (got.status, got.json) == (200, {"data": {word: True}})
        assert await ids(house, carol, f"/2/users/{carol.id}/{name}") == [str(made)]
    assert await ids(house, ann, f"/2/lists/{made}/followers") == [str(carol.id)]
    assert await ids(house, ann, f"/2/users/{carol.id}/followed_lists") == [str(made)]
    assert (await shown(house, carol, made))["follower_count"] == 1
    for name, word in (("followed_lists", "following"), ("pinned_lists", "pinned")):
        for _ in range(2):
            got = await house.send("DELETE", f"/2/users/{carol.id}/{name}/{made}", who)
            assert (got.status, got.json) == (200, {"data": {word: False}})
        assert await ids(house, carol, f"/2/users/{carol.id}/{name}") == []
    assert (await shown(house, carol, made))["follower_count"] == 0
    empty = await house.get(f"/2/users/{carol.id}/pinned_lists", who)
    assert empty.json == {"meta": {"result_count": 0}}


# ---------------------------------------------------------------------------------------------------------- who sees them


@pytest.mark.attack("SR-204")
async def test_a_private_list_is_like_a_missing_one_to_all_but_its_owner(each_house: House) -> None:
    house = each_house
    ann, member, mallory = [await newcomer(house.db) for _ in range(3)]
    hidden = await list_of(house.db, ann, member, name="marker-of-ann", private=True)
    await post(house.db, member, f"seen by way of {hidden}")
    missing = hidden + 1
    who = [await house.bearer(mallory), await house.bearer(member), house.app_only()]
    for caller in who:
        for there, nowhere in zip(reading(hidden, member), reading(missing, member), strict=True):
            got, other = await house.get(there, caller), await house.get(nowhere, caller)
            assert b"marker-of-ann" not in got.body
            assert "data" not in got.json
            assert got.status == other.status
            assert got.body.replace(str(hidden).encode(), b"ID") == other.body.replace(str(missing).encode(), b"ID")
    assert await listed_count(house, member) == 0, "a number would tell of it too"
    caller = await house.bearer(mallory)
    for name in ("followed_lists", "pinned_lists"):
        answers = [
            await house.json("POST", f"/2/users/{mallory.id}/{name}", caller, {"list_id": str(one)})
            for one in (hidden, missing)
        ]
        assert [got.status for got in answers] == [404, 404]
        assert answers[0].body == answers[1].body
    assert await ids(house, ann, f"/2/lists/{hidden}/members") == [str(member.id)], "the control: its owner sees it"
    assert await ids(house, ann, f"/2/users/{member.id}/list_memberships") == [str(hidden)]
    poor = await house.bearer(ann, "tweet.read users.read list.write follows.read")
    for target in reading(hidden, member):
        assert (await house.get(target, poor)).status == 403, "without list.read"


@pytest.mark.attack("SR-205")
@pytest.mark.parametrize("private", [False, True])
async def test_nobody_changes_anothers_list(each_house: House, private: bool) -> None:
    house = each_house
    ann, member, mallory = [await newcomer(house.db) for _ in range(3)]
    made = await list_of(house.db, ann, member, private=private)
    before = await shown(house, ann, made)
    for who in (await house.bearer(mallory), await house.bearer(member), await house.signed(mallory)):
        tried = [
            await house.json("PUT", f"/2/lists/{made}", who, {"name": "Mine", "private": False}),
            await house.send("DELETE", f"/2/lists/{made}", who),
            await house.json("POST", f"/2/lists/{made}/members", who, {"user_id": str(mallory.id)}),
            await house.send("DELETE", f"/2/lists/{made}/members/{member.id}", who),
        ]
        assert [got.status for got in tried] == [404 if private else 403] * 4
    assert await shown(house, ann, made) == before
    assert await ids(house, ann, f"/2/lists/{made}/members") == [str(member.id)]


@pytest.mark.attack("SR-206")
@pytest.mark.parametrize("name", ["followed_lists", "pinned_lists"])
async def test_nobody_follows_or_pins_by_anothers_id(each_house: House, name: str) -> None:
    house = each_house
    ann, mallory = await newcomer(house.db), await newcomer(house.db)
    made, other = await list_of(house.db, ann), await list_of(house.db, ann)
    await does(house.db, follow_list if name == "followed_lists" else pin_list, ann, made)
    who = await house.bearer(mallory)
    tried = [
        await house.json("POST", f"/2/users/{ann.id}/{name}", who, {"list_id": str(other)}),
        await house.send("DELETE", f"/2/users/{ann.id}/{name}/{made}", who),
    ]
    assert [got.status for got in tried] == [403, 403]
    assert await ids(house, ann, f"/2/users/{ann.id}/{name}") == [str(made)]
    assert await ids(house, mallory, f"/2/users/{mallory.id}/{name}") == []


@pytest.mark.attack("SR-192", "SR-199", "SR-212")
async def test_a_list_shows_only_what_its_reader_may_see(each_house: House) -> None:
    house = each_house
    ann, bob, carol, gone, friend = [await newcomer(house.db) for _ in range(5)]
    await act(house.db, follow, friend, bob)
    await protect(house.db, bob)
    made = await list_of(house.db, ann, bob, carol, gone)
    public = await post(house.db, carol)
    kept, lost = await post(house.db, bob), await post(house.db, gone)
    target = f"/2/lists/{made}/tweets"
    assert await ids(house, friend, target) == [str(lost), str(kept), str(public)]
    await house.db.write(_suspend, gone.id)
    assert await ids(house, friend, target) == [str(kept), str(public)], "the control: an accepted follower"
    for who in (ann, carol):
        assert await ids(house, who, target) == [str(public)], "its owner sees no more than others"
    assert str(gone.id) not in await ids(house, ann, f"/2/lists/{made}/members")
    got = await house.get(target, house.app_only())
    assert [one["id"] for one in got.json["data"]] == [str(public)]
    await act(house.db, unfollow, friend, bob)
    assert await ids(house, friend, target) == [str(public)]


@pytest.mark.attack("SR-199", "SR-201")
async def test_lists_of_a_protected_account_are_for_its_followers(each_house: House) -> None:
    house = each_house
    bob, friend, mallory, member = [await newcomer(house.db) for _ in range(4)]
    made = [await list_of(house.db, bob, member) for _ in range(3)]
    await act(house.db, follow, friend, bob)
    who, target = await house.bearer(mallory), f"/2/users/{bob.id}/owned_lists?max_results=1"
    token = (await house.get(target, who)).json["meta"]["next_token"]
    await protect(house.db, bob)
    after = await house.get(f"{target}&pagination_token={token}", who)
    assert set(after.json) == {"errors"}
    assert after.json["errors"][0]["title"] == "Authorization Error"
    for one in reading(made[0], member)[:4]:
        assert "data" not in (await house.get(one, who)).json
    assert await ids(house, mallory, f"/2/users/{member.id}/list_memberships") == []
    assert await ids(house, friend, f"/2/users/{member.id}/list_memberships") == [str(one) for one in reversed(made)]
    assert await ids(house, friend, f"/2/lists/{made[0]}/members") == [str(member.id)]


@pytest.mark.attack("SR-228")
@pytest.mark.parametrize("blocker_owns", [True, False])
async def test_a_block_takes_each_off_the_others_lists(each_house: House, blocker_owns: bool) -> None:
    house = each_house
    alice, mallory = await newcomer(house.db), await newcomer(house.db)
    owner, other = (alice, mallory) if blocker_owns else (mallory, alice)
    public, private = await list_of(house.db, owner, other), await list_of(house.db, owner, other, private=True)
    for what in (follow_list, pin_list):
        await does(house.db, what, other, public)
    assert await listed_count(house, other) == 1
    await act(house.db, block, alice, mallory)
    for one in (public, private):
        seen = await shown(house, owner, one)
        assert (seen["member_count"], seen["follower_count"]) == (0, 0)
        assert await ids(house, owner, f"/2/lists/{one}/members") == []
    assert await listed_count(house, other) == 0
    who = await house.bearer(owner)
    got = await house.json("POST", f"/2/lists/{public}/members", who, {"user_id": str(other.id)})
    assert (got.status, got.json["detail"]) == (403, "You are not allowed to add this account to a List.")
    got = await house.json(
        "POST", f"/2/users/{other.id}/followed_lists", await house.bearer(other), {"list_id": str(public)}
    )
    assert got.status == 404
    assert "data" not in (await house.get(f"/2/lists/{public}", await house.bearer(other))).json
    await act(house.db, unblock, alice, mallory)
    assert await ids(house, other, f"/2/users/{other.id}/pinned_lists") == [], "what a block ended does not come back"
    assert await ids(house, owner, f"/2/lists/{public}/members") == []
    got = await house.json("POST", f"/2/lists/{public}/members", who, {"user_id": str(other.id)})
    assert got.status == 200


async def test_a_list_that_becomes_private_is_left_by_everybody_else(each_house: House) -> None:
    house = each_house
    ann, fan, member = [await newcomer(house.db) for _ in range(3)]
    made = await list_of(house.db, ann, member)
    for person in (ann, fan):
        for what in (follow_list, pin_list):
            await does(house.db, what, person, made)
    assert (await listed_count(house, member), (await shown(house, ann, made))["follower_count"]) == (1, 2)
    for _ in range(2):
        await does(house.db, update_list, ann, made, Changes(private=True))
    assert (await listed_count(house, member), (await shown(house, ann, made))["follower_count"]) == (0, 1)
    assert await ids(house, ann, f"/2/users/{ann.id}/pinned_lists") == [str(made)]
    await does(house.db, update_list, ann, made, Changes(private=False))
    assert (await listed_count(house, member), (await shown(house, fan, made))["follower_count"]) == (1, 1)
    assert await ids(house, fan, f"/2/users/{fan.id}/followed_lists") == []
    assert await ids(house, fan, f"/2/users/{fan.id}/pinned_lists") == []


# ------------------------------------------------------------------------------------------------------------- what cannot be


async def test_what_cannot_be_is_refused_plainly(house: House) -> None:
    ann = await newcomer(house.db)
    made = await list_of(house.db, ann)
    who = await house.bearer(ann)
    nobody = await newcomer(house.db)
    await house.db.write(_suspend, nobody.id)
    for body in (
        {}, {"name": ""}, {"name": "  "}, {"name": "\u200b"}, {"name": "x" * 26}, {"name": 5},
        {"name": "a", "description": "x" * 101}, {"name": "a", "private": "yes"}, {"name": "a", "owner_id": "1"},
    ):  # fmt: skip
        got = await house.json("POST", "/2/lists", who, body)
        assert (got.status, got.json["title"]) == (400, "Invalid Request"), body
        if body != {"name": "a", "private": "yes"}:
            assert (await house.json("PUT", f"/2/lists/{made}", who, body)).status == 400
    for user, status in ((str(nobody.id), 404), ("12345", 404), ("x", 400), ("", 400)):
        got = await house.json("POST", f"/2/lists/{made}/members", who, {"user_id": user})
        assert got.status == status, user
    for target in ("/2/lists/x", f"/2/lists/{made}?list.fields=nothing", f"/2/lists/{made}/tweets?max_results=101"):
        assert (await house.get(target, who)).status == 400
    assert (
        (await house.get(f"/2/users/{nobody.id}/owned_lists", who))
        .json["errors"][0]["detail"]
        .startswith("User has been suspended")
    )


async def test_there_is_an_end_to_everything(each_house: House) -> None:
    db = each_house.db
    ann, carol = await newcomer(db), await newcomer(db)
    made = [await list_of(db, carol) for _ in range(6)]
    for one in made[:5]:
        await does(db, pin_list, ann, one)
    await does(db, pin_list, ann, made[0])
    with pytest.raises(TooManyPins):
        await does(db, pin_list, ann, made[5])
    assert len(await ids(each_house, ann, f"/2/users/{ann.id}/pinned_lists")) == 5
    await db.write(_fill, made[0])
    with pytest.raises(TooManyMembers):
        await does(db, add_member, carol, made[0], ann.id)
    assert await ids(each_house, carol, f"/2/lists/{made[0]}/members") == []
    await db.write(_fill, made[0], MOST_MEMBERS - 1)
    sent = f"list_id={made[0]}&user_id={ann.id},{(await newcomer(db)).id}".encode()
    target, form = "/1.1/lists/members/create_all.json", "application/x-www-form-urlencoded"
    got = await each_house.send("POST", target, await each_house.signed(carol), body=sent, kind=form)
    assert (got.status, await ids(each_house, carol, f"/2/lists/{made[0]}/members")) == (403, [])  # all of them or none
    await does(db, _make_many, ann, MOST_LISTS)
    with pytest.raises(TooManyLists):
        await does(db, create_list, ann, "One more")


async def _make_many(tx: Tx, caller: Caller, count: int) -> None:
    for number in range(count):
        await create_list(tx, caller, f"Number {number}")


@pytest.mark.parametrize("name", ["\U0001f41d bees", "Größe", "日本語", "<b>bold</b>", "a\u202eb", "x\r\ny", "'; DROP"])
@pytest.mark.attack("SR-245", "SR-283")
async def test_names_come_back_as_one_harmless_line(each_house: House, name: str) -> None:
    ann = await newcomer(each_house.db)
    got = await each_house.json("POST", "/2/lists", await each_house.bearer(ann), {"name": name})
    kept = got.json["data"]["name"]
    assert kept == " ".join(name.replace("\u202e", "").split())
    assert (await shown(each_house, ann, int(got.json["data"]["id"])))["name"] == kept
