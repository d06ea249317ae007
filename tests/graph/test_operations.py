"""The operations over HTTP: what each does, for whom, and what it says to everybody else.

Missing credentials, scopes and levels, other kinds of credentials, and limits are tested for every operation at once (tests/server).
"""

from typing import Any

import pytest

from tests.graph.people import act, newcomer, post
from tests.server import contract
from tests.server.house import Got, House
from volary.accounts.models import AccountRow
from volary.graph.actions.blocks import block
from volary.graph.actions.follows import accept_request, follow, remove_follower
from volary.graph.actions.mutes import mute
from volary.graph.queries.connections import connections

FORM = "application/x-www-form-urlencoded"
DETAIL = "Sorry, you are not authorized to see the user with id: [{id}]."


async def start(
    house: House, who: AccountRow, what: str, whom: AccountRow | int, path: AccountRow | None = None
) -> Got:
    """Follow, block or mute over HTTP. `path` is whose id stands in the path, where that is not the caller's."""
    target = whom if isinstance(whom, int) else whom.id
    body = {"target_user_id": str(target)}
    return await house.json("POST", f"/2/users/{(path or who).id}/{what}", await house.bearer(who), body)


async def end(house: House, who: AccountRow, what: str, whom: AccountRow, path: AccountRow | None = None) -> Got:
    target = f"/2/users/{(path or who).id}/{what}/{whom.id}"
    return await house.send("DELETE", target, await house.signed(who))


async def names(house: House, who: AccountRow, target: str) -> list[str]:
    got = await house.get(target, await house.bearer(who))
    assert got.status == 200, got.body
    return [one["username"] for one in got.json.get("data", [])]


async def between(house: House, one: AccountRow, other: AccountRow) -> set[str]:
    return (await connections(house.db, one.id, [other.id]))[other.id]


@pytest.mark.claim("C039", "C049", "C077", "C083")
async def test_following_over_http(each_house: House) -> None:
    house = each_house
    one, two = await newcomer(house.db), await newcomer(house.db)
    for _ in range(2):
        got = await start(house, one, "following", two)
        assert (got.status, got.json) == (200, {"data": {"following": True, "pending_follow": False}})
    assert await names(house, one, f"/2/users/{one.id}/following") == [two.username]
    assert await names(house, two, f"/2/users/{two.id}/followers") == [one.username]
    shown = (await house.get(f"/2/users/{two.id}?user.fields=public_metrics", house.app_only())).json["data"]
    assert shown["public_metrics"]["followers_count"] == 1
    for _ in range(2):
        assert (await end(house, one, "following", two)).json == {"data": {"following": False}}
    assert await names(house, one, f"/2/users/{one.id}/following") == []


async def test_a_protected_account_is_asked(each_house: House) -> None:
    house = each_house
    one, two = await newcomer(house.db), await newcomer(house.db, protected=True)
    for _ in range(2):
        got = await start(house, one, "following", two)
        assert (got.status, got.json) == (200, {"data": {"following": False, "pending_follow": True}})
    assert await between(house, one, two) == {"follow_request_sent"}
    await end(house, one, "following", two)
    assert await between(house, one, two) == set()


@pytest.mark.claim("C039", "C050", "C078")
@pytest.mark.parametrize(("what", "how"), [("blocking", "blocking"), ("muting", "muting")])
async def test_blocking_and_muting_over_http(each_house: House, what: str, how: str) -> None:
    house = each_house
    one, two = await newcomer(house.db), await newcomer(house.db)
    for _ in range(2):
        assert (await start(house, one, what, two)).json == {"data": {what: True}}
    assert await between(house, one, two) == {how}
    assert await names(house, one, f"/2/users/{one.id}/{what}") == [two.username]
    assert await names(house, two, f"/2/users/{two.id}/{what}") == []
    for _ in range(2):
        assert (await end(house, one, what, two)).json == {"data": {what: False}}
    assert await names(house, one, f"/2/users/{one.id}/{what}") == []


@pytest.mark.attack("SR-206")
@pytest.mark.parametrize("what", ["following", "muting", "blocking"])
async def test_nobody_acts_by_anothers_id(house: House, what: str) -> None:
    ann, mallory, third = await newcomer(house.db), await newcomer(house.db), await newcomer(house.db)
    for begin in (follow, mute, block):
        await act(house.db, begin, ann, third if begin is not block else mallory)
    before = house.rows()
    tried = [
        await start(house, mallory, what, third, path=ann),
        await start(house, mallory, what, mallory, path=ann),
        await end(house, mallory, what, third, path=ann),
        await end(house, mallory, what, mallory, path=ann),
    ]
    after = house.rows()
    assert [got.status for got in tried] == [403] * 4
    for tables in ("follows", "mutes", "blocks", "follow_requests"):
        assert after[tables] == before[tables]
    assert await between(house, ann, third) == {"following", "muting"}
    assert await between(house, ann, mallory) == {"blocking"}
    if what != "following":
        got = await house.get(f"/2/users/{ann.id}/{what}", await house.bearer(mallory))
        assert (got.status, "data" in got.json) == (403, False)


@pytest.mark.claim("C050")
@pytest.mark.attack("SR-210", "SR-228")
async def test_whom_one_blocked_cannot_follow_read_or_write(each_house: House) -> None:
    house = each_house
    ann, mallory = await newcomer(house.db), await newcomer(house.db)
    made = await post(house.db, ann)
    who = await house.bearer(mallory)
    await act(house.db, follow, ann, mallory)
    await act(house.db, follow, mallory, ann)
    assert (await start(house, ann, "blocking", mallory)).status == 200
    assert await between(house, ann, mallory) == {"blocking"}
    for one in (ann, mallory):
        row = (await house.get(f"/2/users/{one.id}?user.fields=public_metrics", who)).json["data"]
        assert row["public_metrics"]["followers_count"] == row["public_metrics"]["following_count"] == 0
    assert (await start(house, mallory, "following", ann)).status == 403
    assert (await start(house, ann, "following", mallory)).status == 403
    read = await house.get(f"/2/tweets/{made}", who)
    assert "data" not in read.json
    for path in (f"/2/users/{ann.id}/tweets", f"/2/users/{ann.id}/followers", f"/2/users/{ann.id}/following"):
        got = await house.get(path, who)
        assert [one["detail"] for one in got.json["errors"]] == [DETAIL.format(id=ann.id)]
        assert "data" not in got.json
    sent = await house.json("POST", f"/2/dm_conversations/with/{ann.id}/messages", who, {"text": "let me in"})
    assert (sent.status, sent.json["detail"]) == (403, "You cannot send messages to this user.")
    answer = await house.json("POST", "/2/tweets", who, {"text": "yes", "reply": {"in_reply_to_tweet_id": str(made)}})
    assert answer.status == 403


@pytest.mark.claim("C037", "C076", "C077")
@pytest.mark.attack("SR-199")
async def test_only_an_accepted_follower_with_the_right_permission_reads_protected_posts(each_house: House) -> None:
    house = each_house
    bob, friend, asker = await newcomer(house.db, protected=True), await newcomer(house.db), await newcomer(house.db)
    made = await post(house.db, bob, "for friends, marker-of-bob")
    await act(house.db, follow, friend, bob)
    await act(house.db, accept_request, bob, friend)
    await act(house.db, follow, asker, bob)
    targets = [f"/2/tweets/{made}", f"/2/tweets?ids={made}", f"/2/users/{bob.id}/tweets"]
    lists = [f"/2/users/{bob.id}/followers", f"/2/users/{bob.id}/following"]

    async def statuses(who: Any) -> list[tuple[int, bool]]:
        found = [await house.get(target, who) for target in targets]
        assert all((b"marker-of-bob" in got.body) == ("data" in got.json) for got in found)
        return [(got.status, "data" in got.json) for got in found]

    seen, hidden, refused = [(200, True)] * 3, [(200, False)] * 3, [(403, False)] * 3
    with_reading = await house.bearer(friend, "tweet.read users.read")
    assert await statuses(with_reading) == seen
    assert await statuses(await house.signed(friend, "Reader")) == seen
    assert await statuses(await house.bearer(friend, "users.read follows.read")) == refused
    assert await statuses(house.app_only()) == hidden
    assert await statuses(await house.bearer(asker)) == hidden
    for target in lists:
        assert (await house.get(target, await house.bearer(friend))).json["meta"]["result_count"] in {0, 1}
        for who in (house.app_only(), await house.bearer(asker)):
            got = await house.get(target, who)
            assert [one["detail"] for one in got.json["errors"]] == [DETAIL.format(id=bob.id)]
            assert "meta" not in got.json
    await act(house.db, remove_follower, bob, friend)
    assert await statuses(with_reading) == hidden


async def test_quoted_protected_posts_are_included_for_followers_alone(each_house: House) -> None:
    house = each_house
    bob, friend, stranger = await newcomer(house.db, protected=True), await newcomer(house.db), await newcomer(house.db)
    await act(house.db, follow, friend, bob)
    await act(house.db, accept_request, bob, friend)
    hidden = await post(house.db, bob, "marker-of-bob again")
    quote = await post(house.db, friend, quote_of_id=hidden)
    target = f"/2/tweets/{quote}?expansions=referenced_tweets.id,referenced_tweets.id.author_id"
    seen = await house.get(target, await house.bearer(friend))
    assert [one["id"] for one in seen.json["includes"]["tweets"]] == [str(hidden)]
    unseen = await house.get(target, await house.bearer(stranger))
    assert b"marker-of-bob" not in unseen.body
    assert [one["resource_id"] for one in unseen.json["errors"]] == [str(hidden)]


@pytest.mark.parametrize("what", ["following", "muting", "blocking"])
async def test_what_cannot_be_is_refused_plainly(house: House, what: str) -> None:
    one = await newcomer(house.db)
    assert (await start(house, one, what, one)).status == 403
    assert (await start(house, one, what, 12345)).status == 404
    who = await house.bearer(one)
    wrong: list[object] = [{}, {"target_user_id": "x"}, {"target_user_id": 5}, {"target_user_id": "1", "more": 1}, []]
    for body in wrong:
        got = await house.json("POST", f"/2/users/{one.id}/{what}", who, body)
        assert (got.status, got.json["title"]) == (400, "Invalid Request"), body
    for target in (f"/2/users/x/{what}", f"/2/users/{one.id}/{what}?max_results=1001", f"/2/users/{one.id}/{what}?a=b"):
        assert (await house.get(target, who)).status == 400
    assert (await house.send("DELETE", f"/2/users/{one.id}/{what}/x", who)).status == 400


async def test_lists_have_pages_bound_to_list_and_caller(each_house: House) -> None:
    house = each_house
    star, other = await newcomer(house.db), await newcomer(house.db)
    fans = [await newcomer(house.db) for _ in range(5)]
    for fan in fans:
        await act(house.db, follow, fan, star)
    who, target = await house.bearer(star), f"/2/users/{star.id}/followers?max_results=2"
    wanted = [fan.username for fan in reversed(fans)]
    pages, token = [], ""
    while True:
        got = (await house.get(target + token, who)).json
        pages.append([one["username"] for one in got["data"]])
        if "next_token" not in got["meta"]:
            break
        token = f"&pagination_token={got['meta']['next_token']}"
        late = await newcomer(house.db)
        await act(house.db, follow, late, star)
    assert [name for page in pages for name in page] == wanted
    back = (await house.get(f"{target}&pagination_token={got['meta']['previous_token']}", who)).json
    assert [one["username"] for one in back["data"]] == wanted[2:4]
    for elsewhere, caller in (
        (f"/2/users/{star.id}/following?max_results=2", who),
        (f"/2/users/{other.id}/followers?max_results=2", who),
        (target, await house.bearer(other)),
        (target, house.app_only()),
    ):
        assert (await house.get(elsewhere + token, caller)).status == 400


@pytest.mark.attack("SR-201")
async def test_a_list_that_closes_between_two_pages_shows_no_more(each_house: House) -> None:
    house = each_house
    star, mallory = await newcomer(house.db), await newcomer(house.db)
    for _ in range(3):
        await act(house.db, follow, await newcomer(house.db), star)
    who, target = await house.bearer(mallory), f"/2/users/{star.id}/followers?max_results=1"
    token = (await house.get(target, who)).json["meta"]["next_token"]
    await act(house.db, block, star, mallory)
    got = await house.get(f"{target}&pagination_token={token}", who)
    assert set(got.json) == {"errors"}


async def test_connections_are_told_as_far_as_was_permitted(each_house: House) -> None:
    house = each_house
    me, friend, foe = await newcomer(house.db, protected=True), await newcomer(house.db), await newcomer(house.db)
    await act(house.db, follow, me, friend)
    await act(house.db, follow, friend, me)
    await act(house.db, mute, me, friend)
    await act(house.db, block, me, foe)
    target = f"/2/users?ids={friend.id},{foe.id},{me.id}&user.fields=connection_status,receives_your_dm"

    async def told(who: Any) -> list[Any]:
        got = await house.get(target, who)
        assert contract.differences(got.json, contract.response("GET", "/2/users", 200)) == []
        return [one.get("connection_status") for one in got.json["data"]]

    everything = [["following", "follow_request_received", "muting"], ["blocking"], []]
    assert await told(await house.bearer(me)) == everything
    assert await told(await house.signed(me, "Reader")) == everything
    read = "tweet.read users.read"
    assert await told(await house.bearer(me, f"{read} follows.read")) == [everything[0][:2], [], []]
    assert await told(await house.bearer(me, read)) == [[], [], []]
    assert await told(house.app_only()) == [None] * 3
    got = await house.get(target, await house.bearer(foe))
    assert [one["connection_status"] for one in got.json["data"]] == [[], [], []], "who blocks somebody is not told"
    assert [one["receives_your_dm"] for one in got.json["data"]] == [True, False, False]


async def test_users_by_ids_and_names_come_in_order_with_errors_for_the_rest(each_house: House) -> None:
    house = each_house
    ann, bob = house.cast.ann, house.cast.bob
    got = await house.get(f"/2/users?ids={bob.id},12345,{ann.id},{bob.id}", house.app_only())
    assert [one["username"] for one in got.json["data"]] == ["bob", "ann"]
    assert [(one["parameter"], one["value"]) for one in got.json["errors"]] == [("ids", "12345")]
    got = await house.get("/2/users/by?usernames=BOB,nobody_x,ann", house.app_only())
    assert [one["username"] for one in got.json["data"]] == ["bob", "ann"]
    assert [(one["parameter"], one["value"]) for one in got.json["errors"]] == [("usernames", "nobody_x")]
    many = ",".join(["1"] * 101)
    for target in ("/2/users", "/2/users?ids=x", f"/2/users?ids={many}", "/2/users/by?usernames=a-b", "/2/users/by"):
        assert (await house.get(target, house.app_only())).status == 400


# ------------------------------------------------------------------------------------------------------------------- v1.1


async def old(house: House, who: AccountRow, path: str, **form: str) -> Got:
    body = "&".join(f"{name}={value}" for name, value in form.items()).encode()
    return await house.send("POST", f"/1.1/{path}.json", await house.signed(who, "Writer"), body=body, kind=FORM)


@pytest.mark.claim("C049", "C050")
async def test_the_older_calls_do_the_same(each_house: House) -> None:
    house = each_house
    one, two, shy = await newcomer(house.db), await newcomer(house.db), await newcomer(house.db, protected=True)
    got = (await old(house, one, "friendships/create", screen_name=two.username)).json
    assert (got["id"], got["following"], got["follow_request_sent"], got["followers_count"]) == (two.id, True, False, 1)
    got = (await old(house, one, "friendships/create", user_id=str(shy.id))).json
    assert (got["following"], got["follow_request_sent"]) == (False, True)
    assert codes(await old(house, one, "friendships/create", user_id=str(shy.id))) == (403, [160])
    got = (await old(house, one, "friendships/destroy", user_id=str(two.id))).json
    assert (got["following"], got["followers_count"]) == (False, 0)
    assert (await old(house, one, "mutes/users/create", screen_name=two.username)).json["id_str"] == str(two.id)
    assert (await old(house, one, "blocks/create", screen_name=two.username, skip_status="1")).json["id"] == two.id
    assert await between(house, one, two) == {"blocking", "muting"}
    assert codes(await old(house, two, "friendships/create", user_id=str(one.id))) == (403, [162])
    assert (await old(house, one, "blocks/destroy", user_id=str(two.id))).status == 200
    assert (await old(house, one, "mutes/users/destroy", user_id=str(two.id))).status == 200
    assert codes(await old(house, one, "mutes/users/destroy", user_id=str(two.id))) == (403, [272])
    assert await between(house, one, two) == set()


def codes(got: Got) -> tuple[int, list[int]]:
    return got.status, [one["code"] for one in got.json["errors"]]


async def test_the_older_calls_refuse_with_their_numbers(house: House) -> None:
    one = await newcomer(house.db)
    table = {"friendships/create": 158, "blocks/create": 220, "mutes/users/create": 271}
    for path, code in table.items():
        assert codes(await old(house, one, path, user_id=str(one.id))) == (403, [code])
    for path in (*table, "friendships/destroy", "blocks/destroy", "mutes/users/destroy"):
        assert codes(await old(house, one, path)) == (403, [38])
        for form in ({"user_id": "12345"}, {"user_id": "9" * 30}, {"screen_name": "nobody_x"}, {"user_id": "x"}):
            assert codes(await old(house, one, path, **form)) == (404, [50]), (path, form)


async def test_a_relationship_is_told_in_full_to_its_source_alone(each_house: House) -> None:
    house = each_house
    one, two, third = await newcomer(house.db), await newcomer(house.db), await newcomer(house.db)
    await act(house.db, follow, two, one)
    await act(house.db, mute, one, two)
    pair = f"source_id={one.id}&target_screen_name={two.username}"
    got = (await house.get(f"/1.1/friendships/show.json?{pair}", await house.signed(one))).json["relationship"]
    near, far = got["source"], got["target"]
    assert (near["id"], near["following"], near["followed_by"], near["muting"]) == (one.id, False, True, True)
    assert (near["blocking"], near["blocked_by"], near["can_dm"]) == (False, False, True)
    assert (far["id_str"], far["following"], far["followed_by"]) == (str(two.id), True, False)
    for other in (two, third):
        got = (await house.get(f"/1.1/friendships/show.json?{pair}", await house.signed(other))).json["relationship"]
        assert (got["source"]["followed_by"], got["source"]["muting"], got["source"]["blocking"]) == (True, None, None)
    got = await house.get(f"/1.1/friendships/show.json?source_id={one.id}", await house.signed(one))
    assert codes(got) == (403, [38])


async def test_whom_protected_accounts_follow_is_told_to_nobody_else(each_house: House) -> None:
    house = each_house
    shy, star, third = await newcomer(house.db, protected=True), await newcomer(house.db), await newcomer(house.db)
    await act(house.db, follow, shy, star)
    for pair in (f"source_id={shy.id}&target_id={star.id}", f"source_id={star.id}&target_id={shy.id}"):
        assert codes(await house.get(f"/1.1/friendships/show.json?{pair}", await house.signed(third))) == (403, [220])
        for one in (shy, star):
            assert (await house.get(f"/1.1/friendships/show.json?{pair}", await house.signed(one))).status == 200
