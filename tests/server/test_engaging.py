"""Reposts, likes and bookmarks over HTTP, in both vocabularies and over v1.1."""

import asyncio
from typing import Any

import pytest

from tests.graph.people import befriend
from tests.media.making import made as attached
from tests.server.calls import calling, post_of
from tests.server.house import Bearer, House
from volary.posts.actions.writing import Draft, create_post


async def made(house: House, who: Bearer, path: str, post: int, **more: Any) -> Any:
    got = await house.json("POST", path, who, {"tweet_id": str(post), **more})
    assert got.status == 200, got.body
    return got.json["data"]


@pytest.mark.claim("C035", "C047")
async def test_a_repost_in_both_vocabularies(each_house: House) -> None:
    house, cast = each_house, each_house.cast
    ann = await house.bearer(cast.ann)
    original = await post_of(house, cast.carol, "bees #hive @dave")
    answer = await made(house, ann, f"/2/users/{cast.ann.id}/retweets", original)
    assert answer["retweeted"] is True
    shown = answer["rest_id"]
    assert (await made(house, ann, f"/2/users/{cast.ann.id}/retweets", original)) == answer
    old = "tweet.fields=referenced_tweets,entities,public_metrics&expansions=referenced_tweets.id.author_id"
    new = "post.fields=referenced_posts,public_metrics&expansions=referenced_posts"
    got = (await house.get(f"/2/tweets/{shown}?{old}", house.app_only())).json
    assert got["data"]["text"] == "RT @Carol_C: bees #hive @dave"
    assert got["data"]["referenced_tweets"] == [{"type": "retweeted", "id": str(original)}]
    assert [one["username"] for one in got["data"]["entities"]["mentions"]] == ["Carol_C", "dave"]
    assert got["data"]["public_metrics"]["retweet_count"] == 1
    assert [one["id"] for one in got["includes"]["tweets"]] == [str(original)]
    assert [one["username"] for one in got["includes"]["users"]] == ["Carol_C"]
    got = (await house.get(f"/2/tweets/{original}/retweets?{new}", house.app_only())).json
    assert [one["id"] for one in got["data"]] == [shown]
    assert got["data"][0]["referenced_posts"] == [{"type": "retweeted", "id": str(original)}]
    assert got["data"][0]["public_metrics"]["repost_count"] == 1
    assert [one["id"] for one in got["includes"]["posts"]] == [str(original)]
    got = (await house.get(f"/2/tweets/{original}/retweeted_by", house.app_only())).json
    assert [one["username"] for one in got["data"]] == ["ann"]
    listed = f"/2/users/{cast.ann.id}/tweets"
    assert shown in [one["id"] for one in (await house.get(listed, ann)).json["data"]]
    without = (await house.get(f"{listed}?exclude=retweets", ann)).json
    assert shown not in [one["id"] for one in without.get("data", [])]
    got = await house.send("DELETE", f"/2/users/{cast.ann.id}/retweets/{original}", ann)
    assert got.json == {"data": {"retweeted": False}}
    assert "data" not in (await house.get(f"/2/tweets/{shown}", ann)).json


async def test_what_a_protected_account_posts_cannot_be_reposted_by_a_follower(house: House) -> None:
    bob, ann = house.cast.bob, house.cast.ann
    await befriend(house.db, ann, bob)
    post = await post_of(house, bob)
    who = await house.bearer(ann)
    got = await house.json("POST", f"/2/users/{ann.id}/retweets", who, {"tweet_id": str(post)})
    assert (got.status, got.json["detail"]) == (403, "Retweet is not permissible for this status.")
    signed = await house.signed(ann)
    got = await house.send("POST", f"/1.1/statuses/retweet/{post}.json", signed)
    assert (got.status, got.json["errors"][0]["code"]) == (403, 328)


async def test_pages_of_who_likes_a_post(house: House) -> None:
    cast = house.cast
    post = await post_of(house, cast.carol)

    async def likes_of_dev() -> int:
        me = (await house.get("/2/users/me?user.fields=public_metrics", await house.bearer(cast.dev))).json
        return int(me["data"]["public_metrics"]["like_count"])

    before = await likes_of_dev()
    for person in (cast.ann, cast.dave, cast.dev):
        await made(house, await house.bearer(person), f"/2/users/{person.id}/likes", post)
    who, names, token = await house.bearer(cast.carol), [], ""
    while True:
        got = (await house.get(f"/2/tweets/{post}/liking_users?max_results=2{token}", who)).json
        names += [one["username"] for one in got["data"]]
        if "next_token" not in got["meta"]:
            break
        token = f"&pagination_token={got['meta']['next_token']}"
    assert names == ["dev", "dave", "ann"]
    assert set(got["meta"]) == {"result_count", "previous_token"}
    wrong = await house.get(f"/2/tweets/{post}/retweeted_by?{token[1:]}", who)
    assert wrong.status == 400  # a token is good for its own list alone
    assert await likes_of_dev() == before + 1


async def test_folders_of_bookmarks(house: House) -> None:
    ann = house.cast.ann
    who, base = await house.bearer(ann), f"/2/users/{ann.id}/bookmarks"
    post, other = await post_of(house, house.cast.carol), await post_of(house, house.cast.carol)
    names = ("Bees", "Hives", "Honey")
    found = [(await house.json("POST", f"{base}/folders", who, {"name": name})).json["data"] for name in names]
    assert [one["name"] for one in found] == list(names)
    first = (await house.get(f"{base}/folders?max_results=2", who)).json
    assert first["data"] == found[:0:-1]
    token = first["meta"]["next_token"]
    rest = (await house.get(f"{base}/folders?max_results=2&pagination_token={token}", who)).json
    assert rest["data"][0] == found[0]
    whole = (await house.get(f"{base}/folders", who)).json
    assert "meta" not in whole  # X's contract has none here
    await made(house, who, base, post, folder_id=found[0]["id"])
    await made(house, who, base, other)
    assert (await house.get(f"{base}/folders/{found[0]['id']}", who)).json == {"data": [{"id": str(post)}]}
    assert (await house.get(f"{base}/folders/{found[1]['id']}", who)).json == {}
    listed = (await house.get(f"{base}?max_results=2", who)).json["data"]
    assert [one["id"] for one in listed] == [str(other), str(post)]
    for missing in ("1", "99999999999999999999", "x"):
        got = await house.get(f"{base}/folders/{missing}", who)
        assert got.status == (404 if missing == "1" else 400)
    for body in ({"name": ""}, {"name": "x" * 26}, {"name": " "}, {}, {"name": 1}, {"name": "x", "more": 1}):
        assert (await house.json("POST", f"{base}/folders", who, body)).status == 400


async def test_v1_1_shows_reposts_and_what_the_caller_did(house: House) -> None:
    cast = house.cast
    who = await house.signed(cast.ann)
    inner = await post_of(house, cast.dave, "what is quoted")
    post = await post_of(house, cast.carol, "look", quote_of_id=inner)
    target = f"/1.1/statuses/retweet/{post}.json"
    got = (await house.send("POST", target, who)).json
    assert got["text"] == "RT @Carol_C: look"
    assert (got["retweeted"], got["favorited"], got["retweet_count"]) == (True, False, 1)
    assert (got["retweeted_status"]["id"], got["retweeted_status"]["text"]) == (post, "look")
    assert got["retweeted_status"]["retweeted"] is True
    assert got["retweeted_status"]["quoted_status"]["text"] == "what is quoted"
    again = await house.send("POST", target, who)
    assert (again.status, again.json["errors"][0]["code"]) == (403, 327)
    liked = (await house.send("POST", f"/1.1/favorites/create.json?id={got['id']}", who)).json
    assert (liked["id"], liked["favorited"], liked["favorite_count"]) == (post, True, 1)  # the original
    again = await house.send("POST", f"/1.1/favorites/create.json?id={post}", who)
    assert (again.status, again.json["errors"][0]["code"]) == (403, 139)
    shown = (await house.get(f"/1.1/statuses/show.json?id={got['id']}&tweet_mode=extended&trim_user=1", who)).json
    assert (shown["full_text"], shown["favorited"], shown["retweeted"]) == ("RT @Carol_C: look", True, True)
    assert shown["user"] == {"id": cast.ann.id, "id_str": str(cast.ann.id)}
    other = (await house.get(f"/1.1/statuses/show/{post}.json", await house.signed(cast.dave))).json
    assert (other["favorited"], other["retweeted"], other["favorite_count"]) == (False, False, 1)
    back = (await house.send("POST", f"/1.1/statuses/unretweet/{post}.json", who)).json
    assert (back["id"], back["retweeted"], back["retweet_count"]) == (post, False, 0)
    ended = (await house.send("POST", f"/1.1/favorites/destroy.json?id={post}", who)).json
    assert (ended["favorited"], ended["favorite_count"]) == (False, 0)
    twice = await house.send("POST", f"/1.1/favorites/destroy.json?id={post}", who)
    assert (twice.status, twice.json["errors"][0]["code"]) == (404, 144)


async def test_v1_1_lists_likes_by_the_ids_of_posts(house: House) -> None:
    cast = house.cast
    who = await house.signed(cast.dev)
    posts = [await post_of(house, cast.carol) for _ in range(4)]
    for post in (posts[2], posts[0], posts[3], posts[1]):
        assert (await house.send("POST", f"/1.1/favorites/create.json?id={post}", who)).status == 200

    async def listed(more: str, reader: Any = who) -> list[int]:
        got = await house.get(f"/1.1/favorites/list.json?{more}", reader)
        assert got.status == 200, got.body
        return [one["id"] for one in got.json if one["id"] in posts]

    assert await listed("") == posts[::-1]
    assert await listed("count=2") == [posts[3], posts[2]]
    assert await listed(f"count=2&max_id={posts[2] - 1}") == [posts[1], posts[0]]
    assert await listed(f"since_id={posts[1]}") == [posts[3], posts[2]]
    assert await listed(f"max_id={2**63 - 1}") == posts[::-1]
    assert await listed("screen_name=dev", await house.signed(cast.dave)) == posts[::-1]
    for query, status, code in (
        ("count=x", 400, 44),
        (f"max_id={2**63}", 400, 44),
        ("screen_name=nobody_here", 404, 50),
        ("screen_name=bob", 401, 179),
    ):
        got = await house.get(f"/1.1/favorites/list.json?{query}", who)
        assert (got.status, got.json["errors"][0]["code"]) == (status, code)


async def test_v1_1_answers_wrong_ids_calmly(house: House) -> None:
    who = await house.signed(house.cast.ann)
    theirs = await post_of(house, house.cast.carol)
    got = await house.send("POST", f"/1.1/statuses/destroy/{theirs}.json", who)
    assert (got.status, got.json["errors"][0]["code"]) == (403, 183)
    for name in ("destroy", "retweet", "unretweet"):
        for value in ("1.json", "x.json", "9" * 30 + ".json", ".json", "-1.json"):
            got = await house.send("POST", f"/1.1/statuses/{name}/{value}", who)
            assert (got.status, got.json["errors"][0]["code"]) == (404, 144), value
        for value in ("1", "1.xml", f"{theirs}"):
            got = await house.send("POST", f"/1.1/statuses/{name}/{value}", who)
            assert (got.status, got.json["errors"][0]["code"]) == (404, 34), value
    for target in ("/1.1/statuses/show.json", "/1.1/statuses/show.json?id=x"):
        assert (await house.get(target, who)).status == 404
    own = await post_of(house, house.cast.ann, "goes")
    got = await house.send("POST", f"/1.1/statuses/destroy/{own}.json", who)
    assert (got.status, got.json["text"]) == (200, "goes")
    assert (await house.send("POST", f"/1.1/statuses/destroy/{own}.json", who)).status == 404


@pytest.mark.attack("SR-318")
async def test_many_requests_at_once_count_once(each_house: House) -> None:
    house, ann = each_house, each_house.cast.ann
    who, post = await house.bearer(ann), await post_of(house, house.cast.carol)
    body = {"tweet_id": str(post)}
    for path in ("retweets", "likes", "bookmarks"):
        target = f"/2/users/{ann.id}/{path}"
        answers = await asyncio.gather(*(house.json("POST", target, who, body) for _ in range(30)))
        assert {one.status for one in answers} == {200}
        assert len({one.body for one in answers}) == 1
    fields = "tweet.fields=public_metrics"
    counts = (await house.get(f"/2/tweets/{post}?{fields}", who)).json["data"]["public_metrics"]
    assert [counts[name] for name in ("retweet_count", "like_count", "bookmark_count")] == [1, 1, 1]


async def test_a_repost_shows_the_pictures_of_its_original(house: House) -> None:
    cast = house.cast
    picture = await attached(house, cast.carol, text="a hive")
    draft = Draft("", media_ids=(picture.id,))
    post = (await house.db.write(create_post, calling(cast.carol), draft)).id
    who = await house.bearer(cast.ann)
    rest_id = (await made(house, who, f"/2/users/{cast.ann.id}/retweets", post))["rest_id"]
    fields = "expansions=attachments.media_keys&media.fields=alt_text"
    got = (await house.get(f"/2/tweets/{rest_id}?{fields}", house.app_only())).json
    assert got["data"]["text"] == "RT @Carol_C:"
    assert got["data"]["attachments"] == {"media_keys": [f"3_{picture.id}"]}
    assert got["includes"]["media"][0]["alt_text"] == "a hive"
    old = (await house.get(f"/1.1/statuses/show.json?id={rest_id}", await house.signed(cast.dave))).json
    assert [one["id"] for one in old["extended_entities"]["media"]] == [picture.id]
    await house.send("DELETE", f"/2/users/{cast.ann.id}/retweets/{post}", who)
    still = (await house.get(f"/2/tweets/{post}?{fields}", house.app_only())).json
    assert still["includes"]["media"][0]["alt_text"] == "a hive"


@pytest.mark.attack("SR-211")
async def test_the_private_numbers_of_a_repost_are_nobodys(house: House) -> None:
    cast = house.cast
    post = await post_of(house, cast.carol)
    who = await house.bearer(cast.ann)
    rest_id = (await made(house, who, f"/2/users/{cast.ann.id}/retweets", post))["rest_id"]
    got = (await house.get(f"/2/tweets/{rest_id}?tweet.fields=non_public_metrics,organic_metrics", who)).json
    assert not set(got["data"]) & {"non_public_metrics", "organic_metrics"}
    assert {one["field"] for one in got["errors"]} == {"non_public_metrics", "organic_metrics"}


async def test_an_edited_post_keeps_its_reposts_and_takes_them_along(house: House) -> None:
    cast = house.cast
    carol, ann = await house.bearer(cast.carol), await house.bearer(cast.ann)
    first = await post_of(house, cast.carol, "before the edit")
    rest_id = (await made(house, ann, f"/2/users/{cast.ann.id}/retweets", first))["rest_id"]
    await made(house, ann, f"/2/users/{cast.ann.id}/likes", first)
    body = {"text": "after the edit", "edit_options": {"previous_post_id": str(first)}}
    second = (await house.json("POST", "/2/tweets", carol, body)).json["data"]["id"]
    shown = (await house.get(f"/2/tweets/{rest_id}", ann)).json["data"]
    assert shown["text"] == "RT @Carol_C: before the edit"  # what was passed on, as X keeps it
    await made(house, ann, f"/2/users/{cast.ann.id}/likes", int(second))
    before = (await house.get("/2/users/me?user.fields=public_metrics", ann)).json["data"]["public_metrics"]
    assert (await house.send("DELETE", f"/2/tweets/{second}", carol)).status == 200
    assert "data" not in (await house.get(f"/2/tweets/{rest_id}", ann)).json
    after = (await house.get("/2/users/me?user.fields=public_metrics", ann)).json["data"]["public_metrics"]
    assert (before["like_count"] - after["like_count"], before["post_count"] - after["post_count"]) == (2, 1)
