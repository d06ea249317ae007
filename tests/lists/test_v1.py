"""v1.1's calls on Lists: thin views of the same actions, with v1.1's numbers, cursors and answers (X facts 1.7, 7.1, 7.2, 7.4)."""

from typing import Any

import pytest

from tests.graph.people import act, calling, newcomer, post, protect
from tests.lists.making import does, list_of
from tests.server.house import Got, House, Signed
from volary.graph.actions.blocks import block
from volary.graph.actions.follows import follow
from volary.lists.actions.following import follow_list
from volary.posts.actions.likes import like
from volary.posts.actions.reposts import repost

FORM = "application/x-www-form-urlencoded"
READING = {"show", "list", "ownerships", "subscriptions", "memberships", "statuses", "members", "subscribers"}
READING |= {"members/show", "subscribers/show"}


async def call(house: House, who: Signed, path: str, sent: str) -> Got:
    target = f"/1.1/lists/{path}.json"
    if path in READING:
        return await house.get(f"{target}?{sent}", who)
    return await house.send("POST", target, who, body=sent.encode(), kind=FORM)


async def told(house: House, who: Signed, path: str, sent: str) -> Any:
    got = await call(house, who, path, sent)
    assert got.status == 200, got.body
    return got.json


def codes(got: Got) -> tuple[int, list[int]]:
    return got.status, [error["code"] for error in got.json["errors"]]


@pytest.mark.claim("C040", "C052")
async def test_a_list_from_its_making_to_its_end(each_house: House) -> None:
    house = each_house
    ann, two, three = [await newcomer(house.db) for _ in range(3)]
    who = await house.signed(ann, "Writer")
    made = await told(house, who, "create", "name=Bee+Keepers!&mode=private&description=All")
    assert made["user"]["screen_name"] == ann.username
    assert {name: made[name] for name in ("slug", "full_name", "uri", "mode", "member_count", "following")} == {
        "slug": "bee-keepers",
        "full_name": f"@{ann.username}/bee-keepers",
        "uri": f"/{ann.username}/lists/bee-keepers",
        "mode": "private",
        "member_count": 0,
        "following": False,
    }
    by_id, by_slug = f"list_id={made['id']}", f"slug=bee-keepers&owner_screen_name={ann.username}"
    assert await told(house, who, "show", by_slug) == made
    added = await told(house, who, "members/create", f"{by_slug}&screen_name={two.username}")
    assert added["member_count"] == 1
    added = await told(house, who, "members/create_all", f"{by_id}&user_id={two.id},{three.id},12345")
    assert added["member_count"] == 2
    written = [await post(house.db, one) for one in (two, three, two)]
    statuses = await told(house, who, "statuses", by_id)
    assert [one["id"] for one in statuses] == written[::-1]
    assert statuses[0]["user"]["screen_name"] == two.username
    older = await told(house, who, "statuses", f"{by_id}&max_id={written[1]}&since_id={written[0]}&tweet_mode=extended")
    assert [(one["id"], "full_text" in one) for one in older] == [(written[1], True)]
    assert (await told(house, who, "members/show", f"{by_id}&user_id={two.id}"))["id"] == two.id
    changed = await told(house, who, "update", f"{by_id}&mode=public&name=Bees")
    assert (changed["mode"], changed["slug"], changed["description"]) == ("public", "bees", "All")
    removed = await told(house, who, "members/destroy", f"{by_id}&user_id={two.id}")
    assert removed["member_count"] == 1
    assert codes(await call(house, who, "members/destroy", f"{by_id}&user_id={two.id}")) == (400, [110])
    assert codes(await call(house, who, "members/show", f"{by_id}&user_id={two.id}")) == (404, [109])
    assert (await told(house, who, "members/destroy_all", f"{by_id}&screen_name={three.username}"))["member_count"] == 0
    assert (await told(house, who, "destroy", by_id))["id"] == made["id"]
    assert codes(await call(house, who, "show", by_id)) == (404, [34])


async def test_a_lists_posts_say_which_of_them_the_caller_likes(house: House) -> None:
    ann, author = await newcomer(house.db), await newcomer(house.db)
    made = await list_of(house.db, ann, author)
    liked, other = await post(house.db, author), await post(house.db, author)
    await house.db.write(like, calling(ann), liked)
    statuses = await told(house, await house.signed(ann), "statuses", f"list_id={made}")
    assert [(one["id"], one["favorited"]) for one in statuses] == [(other, False), (liked, True)]


@pytest.mark.parametrize(("sent", "whole"), [("include_rts=False&trim_user=True", False), ("", True)])
async def test_switches_are_understood_as_clients_write_them(house: House, sent: str, whole: bool) -> None:
    ann, author = await newcomer(house.db), await newcomer(house.db)
    made = await list_of(house.db, ann, author)
    own, other = await post(house.db, author), await post(house.db, ann)
    await house.db.write(repost, calling(author), other)
    statuses = await told(house, await house.signed(ann), "statuses", f"list_id={made}&{sent}")
    assert ([one["id"] for one in statuses][-1], len(statuses)) == (own, 2 if whole else 1)
    assert ("screen_name" in statuses[0]["user"]) is whole


async def test_subscribing_and_whose_lists(each_house: House) -> None:
    house = each_house
    ann, fan = await newcomer(house.db), await newcomer(house.db)
    one, other = await list_of(house.db, ann, fan), await list_of(house.db, fan, ann)
    who, as_ann = await house.signed(fan), await house.signed(ann)
    followed = await told(house, who, "subscribers/create", f"list_id={one}")
    assert (followed["following"], followed["subscriber_count"]) == (True, 1)
    assert (await told(house, as_ann, "show", f"list_id={one}"))["following"] is False
    assert (await told(house, as_ann, "subscribers/show", f"list_id={one}&user_id={fan.id}"))["id"] == fan.id
    assert [row["id"] for row in (await told(house, as_ann, "subscribers", f"list_id={one}"))["users"]] == [fan.id]

    async def ids(path: str, sent: str = "") -> list[int]:
        found = await told(house, who, path, sent)
        return [row["id"] for row in (found if isinstance(found, list) else found["lists"])]

    assert await ids("list") == [one, other]
    assert await ids("list", "reverse=true") == [other, one]
    assert (await ids("ownerships"), await ids("subscriptions")) == ([other], [one])
    assert await ids("memberships") == [one]
    assert await ids("memberships", f"user_id={ann.id}&filter_to_owned_lists=1") == [other]
    assert await ids("memberships", f"user_id={fan.id}&filter_to_owned_lists=1") == []
    assert (await told(house, who, "subscribers/destroy", f"list_id={one}"))["following"] is False
    assert codes(await call(house, as_ann, "subscribers/show", f"list_id={one}&user_id={fan.id}")) == (404, [109])


async def test_cursors_lead_there_and_back(each_house: House) -> None:
    house = each_house
    ann = await newcomer(house.db)
    people = [await newcomer(house.db) for _ in range(5)]
    made, who = await list_of(house.db, ann, *people), await house.signed(ann)
    wanted = [one.id for one in reversed(people)]

    async def page(cursor: object) -> tuple[list[int], int, int]:
        found = await told(house, who, "members", f"list_id={made}&count=2&cursor={cursor}")
        for name in ("next_cursor", "previous_cursor"):
            assert found[f"{name}_str"] == str(found[name])
        return [one["id"] for one in found["users"]], found["next_cursor"], found["previous_cursor"]

    first, on, back = await page(-1)
    assert (first, back) == (wanted[:2], 0)
    second, further, back = await page(on)
    assert second == wanted[2:4]
    last, end, _ = await page(further)
    assert (last, end) == (wanted[4:], 0)
    again, on_again, none = await page(back)
    assert (again, on_again, none) == (first, on, 0)


@pytest.mark.attack("SR-204", "SR-205")
async def test_what_is_not_for_one_is_like_what_is_not_there(each_house: House) -> None:
    house = each_house
    ann, member, mallory = [await newcomer(house.db) for _ in range(3)]
    private = await list_of(house.db, ann, member, name="marker-of-ann", private=True)
    public = await list_of(house.db, ann, member)
    who = await house.signed(mallory)
    named = f"user_id={member.id}"
    for path in (*sorted(READING - {"list", "ownerships", "subscriptions", "memberships"}), "subscribers/create"):
        for which in (f"list_id={private}", f"slug=marker-of-ann&owner_id={ann.id}"):
            assert codes(await call(house, who, path, f"{which}&{named}")) == (404, [34]), path
    for path in ("ownerships", "list", "memberships"):
        got = await call(house, who, path, f"user_id={member.id if path == 'memberships' else ann.id}")
        assert got.status == 200
        assert b"marker-of-ann" not in got.body
        assert str(public).encode() in got.body, "the control"
    before = house.rows() if house.file else None
    for path, code in (
        *(("update", 220), ("destroy", 220), ("members/create", 104), ("members/create_all", 104)),
        *(("members/destroy", 104), ("members/destroy_all", 104)),
    ):
        sent = f"{named}&name=Mine&mode=private"
        assert codes(await call(house, who, path, f"list_id={public}&{sent}")) == (403, [code]), path
        assert codes(await call(house, who, path, f"list_id={private}&{sent}")) == (404, [34]), path
    assert before == (house.rows() if house.file else None)
    await protect(house.db, ann)
    assert codes(await call(house, who, "ownerships", f"user_id={ann.id}")) == (403, [220])
    assert codes(await call(house, who, "show", f"list_id={public}")) == (404, [34])


async def test_what_cannot_be_is_refused_with_a_number(house: House) -> None:
    ann, foe = await newcomer(house.db), await newcomer(house.db)
    made, who = await list_of(house.db, ann), await house.signed(ann)
    await act(house.db, block, foe, ann)
    many = ",".join(str(number) for number in range(1, 102))
    for path, sent, wanted in (
        ("show", "", (400, [112])),
        ("show", "slug=bees", (400, [112])),
        ("show", "list_id=x", (404, [34])),
        ("show", "list_id=99999999999999999999999", (404, [34])),
        ("show", f"slug=none&owner_id={ann.id}", (404, [34])),
        ("show", "slug=bees&owner_screen_name=nobody_x", (404, [50])),
        ("create", "", (403, [38])),
        ("create", "name=" + "x" * 26, (403, [85])),
        ("update", f"list_id={made}&description=" + "x" * 101, (403, [85])),
        ("members/create", f"list_id={made}", (403, [38])),
        ("members/create", f"list_id={made}&user_id=12345", (404, [50])),
        ("members/create", f"list_id={made}&user_id={foe.id}", (403, [106])),
        ("members/create_all", f"list_id={made}", (403, [38])),
        ("members/create_all", f"list_id={made}&user_id={many}", (403, [18])),
        ("ownerships", "user_id=12345", (404, [50])),
    ):
        assert codes(await call(house, who, path, sent)) == wanted, (path, sent)
    for odd in ("count=-5", "count=x", "cursor=x", "cursor=-", "cursor=0", "cursor=--1", "count=0", "count=100000"):
        assert (await call(house, who, "members", f"list_id={made}&{odd}")).status == 200, odd
    await does(house.db, follow_list, ann, made)
    assert (await told(house, who, "list", ""))[0]["id"] == made
    assert len(await told(house, who, "list", "")) == 1, "a List that is both one's own and followed comes once"


async def test_statuses_are_shown_as_their_reader_may_see_them(each_house: House) -> None:
    house = each_house
    ann, author = [await newcomer(house.db) for _ in range(2)]
    who = await house.signed(ann, "Writer")
    made = await list_of(house.db, ann, author)
    await act(house.db, follow, ann, author)
    await protect(house.db, author)
    hidden = await post(house.db, author, "for followers")
    await does(house.db, repost, author, hidden)
    await does(house.db, like, ann, hidden)
    shown = await told(house, who, "statuses", f"list_id={made}")
    assert [(one["favorited"], one.get("retweeted_status", one)["text"]) for one in shown] == [
        (True, "for followers")
    ] * 2
    assert shown[0]["text"].endswith(": for followers")
