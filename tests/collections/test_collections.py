"""Collections over HTTP: what each call does, for whom, and what it says to everybody else (X facts 7.5)."""

import json
from typing import Any

import pytest

from tests.graph.people import act, calling, newcomer, post, protect
from tests.server.house import Credentials, Got, House, Signed
from volary.accounts.models import AccountRow
from volary.graph.actions.blocks import block
from volary.graph.actions.follows import follow
from volary.posts.actions.likes import like
from volary.posts.actions.writing import delete_post

FORM = "application/x-www-form-urlencoded"


async def call(house: House, who: Credentials, path: str, sent: str) -> Got:
    """A call of v1.1: what is read has its parameters in the query, what changes things in a form."""
    target = f"/1.1/collections/{path}.json"
    if path in {"show", "list", "entries"}:
        return await house.get(f"{target}?{sent}", who)
    return await house.send("POST", target, who, body=sent.encode(), kind=FORM)


async def made_by(house: House, who: Signed, **fields: str) -> str:
    """A new collection; its id on the wire."""
    sent = "&".join(f"{name}={value}" for name, value in ({"name": "Best"} | fields).items())
    got = await call(house, who, "create", sent)
    assert got.status == 200, got.body
    return str(got.json["response"]["timeline_id"])


async def put(house: House, who: Signed, made: str, post_id: int, more: str = "", path: str = "add") -> list[Any]:
    """Put a post in, move it or take it out; the errors that were told."""
    got = await call(house, who, f"entries/{path}", f"id={made}&tweet_id={post_id}{more}")
    assert (got.status, got.json["objects"]) == (200, {}), got.body
    found: list[Any] = got.json["response"]["errors"]
    return found


async def shown(house: House, who: Credentials, made: str, more: str = "") -> list[int]:
    """The posts of a collection, in its order."""
    got = await call(house, who, "entries", f"id={made}{more}")
    assert got.status == 200, got.body
    return [int(one["tweet"]["id"]) for one in got.json["response"]["timeline"]]


async def somebody(house: House, app: str = "Writer") -> tuple[AccountRow, Signed]:
    person = await newcomer(house.db)
    return person, await house.signed(person, app)


def codes(got: Got) -> tuple[int, list[int]]:
    return got.status, [error["code"] for error in got.json["errors"]]


@pytest.mark.claim("C041", "C053")
async def test_a_collection_is_made_filled_changed_read_and_deleted(each_house: House) -> None:
    house = each_house
    ann, who = await somebody(house)
    author = await newcomer(house.db)
    first, second = await post(house.db, author), await post(house.db, author)
    got = await call(house, who, "create", "name=Best+of+bees&description=All&url=https%3A%2F%2Fbees.example%2F")
    made = got.json["response"]["timeline_id"]
    assert made.startswith("custom-")
    address = f"http://localhost:8000/{ann.username}/timelines/{made.removeprefix('custom-')}"
    timeline = {
        "name": "Best of bees",
        "user_id": str(ann.id),
        "collection_url": address,
        "custom_timeline_url": address,
        "description": "All",
        "url": "https://bees.example/",
        "visibility": "public",
        "timeline_order": "curation_reverse_chron",
        "collection_type": "user",
        "custom_timeline_type": "user",
    }
    assert got.json["objects"]["timelines"] == {made: timeline}
    assert got.json["objects"]["users"][str(ann.id)]["screen_name"] == ann.username
    assert await put(house, who, made, first) == await put(house, who, made, second) == []
    reader = await house.signed(ann, "Reader")
    assert (await call(house, reader, "show", f"id={made}")).json == got.json
    entries = (await call(house, reader, "entries", f"id={made}")).json
    assert set(entries["objects"]) == {"users", "tweets", "timelines"}
    assert set(entries["objects"]["users"]) == {str(ann.id), str(author.id)}
    assert set(entries["objects"]["tweets"]) == {str(first), str(second)}
    assert entries["objects"]["tweets"][str(first)]["user"] == {"id": author.id, "id_str": str(author.id)}
    told = entries["response"]
    assert told["timeline_id"] == made
    assert [one["tweet"]["id"] for one in told["timeline"]] == [str(second), str(first)]
    places = [one["tweet"]["sort_index"] for one in told["timeline"]]
    assert told["position"] == {"was_truncated": False, "max_position": places[0], "min_position": places[1]}
    listed = (await call(house, reader, "list", f"user_id={ann.id}")).json
    assert listed["response"] == {"results": [{"timeline_id": made}], "cursors": {}}
    assert set(listed["objects"]["timelines"]) == {made}
    changed = await call(house, who, "update", f"id={made}&description=&name=Worst")
    assert changed.json["objects"]["timelines"][made] == timeline | {"name": "Worst", "description": ""}
    assert await put(house, who, made, first, path="remove") == []
    assert await shown(house, reader, made) == [second]
    assert (await call(house, who, "destroy", f"id={made}")).json == {"destroyed": True}
    for path in ("show", "entries", "destroy"):
        assert codes(await call(house, who, path, f"id={made}")) == (404, [34])


async def test_what_cannot_be_done_is_told_for_each_change(each_house: House) -> None:
    house = each_house
    _, who = await somebody(house)
    bob = await newcomer(house.db)
    one, two = await post(house.db, bob), await post(house.db, bob)
    made = await made_by(house, who)
    assert await put(house, who, made, one) == []
    assert await put(house, who, made, one) == [{"reason": "duplicate", "change": {"op": "add", "tweet_id": str(one)}}]
    for path, post_id, more in (
        ("remove", two, ""),
        ("add", 12345, ""),
        ("add", two, "&relative_to=12345"),
        ("move", two, f"&relative_to={one}"),
        ("move", one, f"&relative_to={two}"),
    ):
        told = await put(house, who, made, post_id, more, path)
        assert told == [{"reason": "not_found", "change": {"op": path, "tweet_id": str(post_id)}}], (path, more)
    assert await shown(house, who, made) == [one]
    changes = [
        {"op": "add", "tweet_id": str(two)},
        {"op": "add", "tweet_id": "5"},
        {"op": "remove", "tweet_id": str(one)},
    ]
    got = await house.json("POST", "/1.1/collections/entries/curate.json", who, {"id": made, "changes": changes})
    assert got.json["response"]["errors"] == [{"reason": "not_found", "change": changes[1]}]
    assert await shown(house, who, made) == [two]


async def test_entries_stand_where_they_were_put(each_house: House) -> None:
    house = each_house
    _, who = await somebody(house)
    author = await newcomer(house.db)
    a, b, c, d = [await post(house.db, author) for _ in range(4)]
    made = await made_by(house, who)
    for one, more in ((a, ""), (b, "&above=false"), (c, f"&relative_to={b}"), (d, f"&relative_to={b}&above=false")):
        assert await put(house, who, made, one, more) == []
    assert await shown(house, who, made) == [a, c, b, d]
    for one, other, above, wanted in (
        (d, a, "true", [d, a, c, b]),
        (d, c, "0", [a, c, d, b]),
        (a, b, "f", [c, d, b, a]),
        (b, c, "1", [b, c, d, a]),
        (b, c, "true", [b, c, d, a]),
    ):
        assert await put(house, who, made, one, f"&relative_to={other}&above={above}", "move") == []
        assert await shown(house, who, made) == wanted


async def test_there_is_always_room_between_two(each_house: House) -> None:
    """Each one goes right under the first, which halves the room there; forty halvings leave none, so all are spread out anew."""
    house = each_house
    _, who = await somebody(house)
    author = await newcomer(house.db)
    top, *rest = [await post(house.db, author) for _ in range(80)]
    made = await made_by(house, who)
    await put(house, who, made, top)
    for one in rest:
        assert await put(house, who, made, one, f"&relative_to={top}&above=false") == []
    wanted = [top, *reversed(rest)]
    assert await shown(house, who, made, "&count=200") == wanted
    pages, below = [], ""
    while True:
        told = (await call(house, who, "entries", f"id={made}&count=30{below}")).json["response"]
        pages += [int(one["tweet"]["id"]) for one in told["timeline"]]
        if not told["position"]["was_truncated"]:
            break
        below = f"&max_position={told['position']['min_position']}"
    assert pages == wanted
    newest = (await call(house, who, "entries", f"id={made}&count=2")).json["response"]["position"]
    assert await shown(house, who, made, f"&min_position={newest['min_position']}") == [top]
    beyond = (await call(house, who, "entries", f"id={made}&min_position={newest['max_position']}")).json["response"]
    assert (beyond["timeline"], beyond["position"]) == ([], {"was_truncated": False})


@pytest.mark.parametrize(("order", "newest_first"), [("tweet_chron", False), ("tweet_reverse_chron", True)])
async def test_an_order_by_time_is_kept(each_house: House, order: str, newest_first: bool) -> None:
    house = each_house
    _, who = await somebody(house)
    author = await newcomer(house.db)
    a, b, c = [await post(house.db, author) for _ in range(3)]
    made = await made_by(house, who, timeline_order=order)
    for one, more in ((b, ""), (a, ""), (c, f"&relative_to={b}")):
        assert await put(house, who, made, one, more) == []
    wanted = [c, b, a] if newest_first else [a, b, c]
    assert await shown(house, who, made) == wanted
    told = await put(house, who, made, a, f"&relative_to={c}", "move")
    assert [one["reason"] for one in told] == ["not_curated"]
    told = (await call(house, who, "entries", f"id={made}&count=2")).json["response"]
    assert await shown(house, who, made, f"&max_position={told['position']['min_position']}") == wanted[2:]


# ---------------------------------------------------------------------------------------------------------- who sees them


@pytest.mark.attack("SR-192", "SR-199", "SR-210")
async def test_each_reader_sees_only_posts_that_they_may_see(each_house: House) -> None:
    house = each_house
    _, who = await somebody(house)
    bob, carol, friend, stranger = [await newcomer(house.db) for _ in range(4)]
    await act(house.db, follow, friend, bob)
    made = await made_by(house, who)
    kept, public, gone = (
        await post(house.db, bob, "marker-of-bob"),
        await post(house.db, carol),
        await post(house.db, bob),
    )
    for one in (kept, public, gone):
        assert await put(house, who, made, one) == []
    await house.db.write(delete_post, calling(bob), gone)
    await protect(house.db, bob)
    assert await shown(house, await house.signed(friend), made) == [public, kept]
    for reader in (who, await house.signed(stranger)):
        got = await call(house, reader, "entries", f"id={made}")
        assert [one["tweet"]["id"] for one in got.json["response"]["timeline"]] == [str(public)]
        assert b"marker-of-bob" not in got.body
        assert str(bob.id) not in got.json["objects"]["users"]
    await act(house.db, block, carol, stranger)
    assert await shown(house, await house.signed(stranger), made) == []


@pytest.mark.attack("SR-192")
async def test_only_public_posts_are_put_in(each_house: House) -> None:
    house = each_house
    ann, who = await somebody(house)
    bob, foe = await newcomer(house.db), await newcomer(house.db)
    await act(house.db, follow, ann, bob)
    await protect(house.db, bob)
    await act(house.db, block, foe, ann)
    made = await made_by(house, who)
    for author in (bob, foe):
        told = await put(house, who, made, await post(house.db, author))
        assert [one["reason"] for one in told] == ["not_found"], "like one that is not there"
    await protect(house.db, ann)
    assert [one["reason"] for one in await put(house, who, made, await post(house.db, ann))] == ["not_found"]
    assert await shown(house, who, made) == []


@pytest.mark.attack("SR-199", "SR-205")
async def test_collections_are_their_owners_and_public_unless_the_owner_is_protected(each_house: House) -> None:
    house = each_house
    ann, who = await somebody(house)
    friend, as_friend = await somebody(house)
    mallory, as_mallory = await somebody(house)
    one = await post(house.db, friend)
    made = await made_by(house, who, name="marker-of-ann")
    await put(house, who, made, one)
    await act(house.db, follow, friend, ann)
    assert await shown(house, as_mallory, made) == [one]
    writing = {
        "update": f"id={made}&name=Mine",
        "destroy": f"id={made}",
        "entries/add": f"id={made}&tweet_id={await post(house.db, mallory)}",
        "entries/remove": f"id={made}&tweet_id={one}",
        "entries/move": f"id={made}&tweet_id={one}&relative_to={one}",
    }
    curate = {"id": made, "changes": [{"op": "remove", "tweet_id": str(one)}]}
    for path, sent in writing.items():
        assert codes(await call(house, as_mallory, path, sent)) == (403, [220]), path
    got = await house.json("POST", "/1.1/collections/entries/curate.json", as_mallory, curate)
    assert codes(got) == (403, [220])
    await protect(house.db, ann)
    for path, sent in {"show": f"id={made}", "entries": f"id={made}"}.items() | writing.items():
        got = await call(house, as_mallory, path, sent)
        assert codes(got) == (404, [34]), path
        assert got.body == (await call(house, as_mallory, path, sent.replace(made, "custom-1"))).body
    got = await call(house, as_mallory, "list", f"user_id={ann.id}")
    assert codes(got) == (403, [220])
    assert b"marker-of-ann" not in got.body
    assert await shown(house, as_friend, made) == [one]
    listed = (await call(house, as_friend, "list", f"screen_name={ann.username}")).json
    assert listed["objects"]["timelines"][made]["name"] == "marker-of-ann"
    await act(house.db, block, ann, friend)
    assert codes(await call(house, as_friend, "show", f"id={made}")) == (404, [34])


async def test_an_accounts_collections_come_by_pages_and_by_what_they_hold(each_house: House) -> None:
    house = each_house
    ann, who = await somebody(house)
    made = [await made_by(house, who) for _ in range(5)]
    one = await post(house.db, ann)
    for holding in (made[1], made[3]):
        await put(house, who, holding, one)

    async def page(more: str) -> tuple[list[str], dict[str, str]]:
        told = (await call(house, who, "list", f"user_id={ann.id}{more}")).json["response"]
        return [row["timeline_id"] for row in told["results"]], told["cursors"]

    assert await page("") == (made[::-1], {})
    assert await page(f"&tweet_id={one}") == ([made[3], made[1]], {})
    first, cursors = await page("&count=2&cursor=-1")
    assert (first, set(cursors)) == (made[:2:-1], {"next_cursor"})
    second, more = await page(f"&count=2&cursor={cursors['next_cursor']}")
    assert (second, set(more)) == ([made[2], made[1]], {"next_cursor", "previous_cursor"})
    assert (await page(f"&count=2&cursor={more['previous_cursor']}"))[0] == first
    other = await newcomer(house.db)
    got = await call(house, who, "list", f"user_id={other.id}&cursor={cursors['next_cursor']}")
    assert codes(got) == (400, [214]), "a cursor is good for one account's collections"


@pytest.mark.attack("SR-245", "SR-277")
async def test_what_cannot_be_is_refused_plainly(house: House) -> None:
    ann, who = await somebody(house)
    made = await made_by(house, who)
    one = await post(house.db, ann)
    for path, sent, wanted in (
        ("create", "", (403, [38])),
        ("create", "name=%20", (400, [214])),
        ("create", "name=" + "x" * 26, (400, [214])),
        ("create", "name=a&description=" + "x" * 161, (400, [214])),
        ("create", "name=a&url=javascript:alert(1)", (400, [214])),
        ("create", "name=a&timeline_order=sideways", (400, [214])),
        ("show", "", (403, [38])),
        ("show", "id=5", (404, [34])),
        ("show", "id=custom-x", (404, [34])),
        ("show", "id=custom-" + "9" * 30, (404, [34])),
        ("show", "id=custom-9223372036854775807", (404, [34])),
        ("list", "", (403, [38])),
        ("list", "user_id=12345", (404, [50])),
        ("list", f"user_id={ann.id}&tweet_id=x", (404, [144])),
        ("list", f"user_id={ann.id}&cursor=made-up", (400, [214])),
        ("entries/add", f"id={made}", (403, [38])),
        ("entries/add", f"id={made}&tweet_id=x", (404, [144])),
        ("entries/move", f"id={made}&tweet_id={one}", (403, [38])),
        ("update", f"id={made}&name=", (400, [214])),
    ):
        assert codes(await call(house, who, path, sent)) == wanted, (path, sent)
    for body in (
        {"id": made}, {"id": made, "changes": []}, {"id": made, "changes": [{"op": "add"}]},
        {"id": made, "changes": [{"op": "move", "tweet_id": str(one)}]},
        {"id": made, "changes": [{"op": "add", "tweet_id": str(one)}] * 101},
    ):  # fmt: skip
        got = await house.json("POST", "/1.1/collections/entries/curate.json", who, body)
        assert codes(got) == (400, [214]), json.dumps(body)[:200]
    for odd in ("count=0", "count=x", "count=99999", "max_position=x", "min_position=-5", "tweet_mode=extended"):
        assert (await call(house, who, "entries", f"id={made}&{odd}")).status == 200, odd
    assert await shown(house, who, made) == []


async def test_posts_come_whole_where_that_is_asked_for(house: House) -> None:
    ann, who = await somebody(house)
    made = await made_by(house, who)
    one = await post(house.db, ann, "all of it")
    await put(house, who, made, one)
    got = (await call(house, who, "entries", f"id={made}&tweet_mode=extended")).json["objects"]["tweets"][str(one)]
    assert (got["full_text"], got["display_text_range"], "text" in got) == ("all of it", [0, 9], False)


async def test_posts_say_which_of_them_the_caller_likes(house: House) -> None:
    ann, who = await somebody(house)
    made = await made_by(house, who)
    liked, other = await post(house.db, ann), await post(house.db, ann)
    for one in (liked, other):
        await put(house, who, made, one)
    await house.db.write(like, calling(ann), liked)
    found = (await call(house, who, "entries", f"id={made}")).json["objects"]["tweets"]
    assert {int(name): one["favorited"] for name, one in found.items()} == {liked: True, other: False}


async def test_posts_are_shown_as_their_reader_may_see_them(house: House) -> None:
    ann, who = await somebody(house)
    author = await newcomer(house.db)
    made = await made_by(house, who)
    await act(house.db, follow, ann, author)
    await protect(house.db, author)
    quoted = await post(house.db, author, "for followers")
    one = await post(house.db, ann, "look", quote_of_id=quoted)
    await house.db.write(like, calling(ann), one)
    await put(house, who, made, one)
    got = (await call(house, who, "entries", f"id={made}")).json["objects"]["tweets"][str(one)]
    assert (got["favorited"], got["quoted_status"]["text"]) == (True, "for followers")
