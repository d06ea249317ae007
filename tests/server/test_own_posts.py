"""What authors do with their posts and are told about them, over the wire."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server import contract
from tests.server.calls import calling, new_text, post_of
from tests.server.house import House
from volary.graph.actions.blocks import unblock
from volary.kit.clock import DAY, HOUR, MINUTE
from volary.posts.actions.polls import vote
from volary.posts.actions.viewing import Views
from volary.posts.jobs.sweeping import sweep

PRIVATE = "non_public_metrics,organic_metrics"
TIME = "start_time=2020-01-01T00:00:00Z&end_time=2060-01-01T00:00:00Z"


@pytest.fixture(autouse=True)
async def _at_peace(each_house: House) -> None:
    """Nobody blocks anybody, whatever calls came before."""
    await each_house.db.write(unblock, calling(each_house.cast.carol), each_house.cast.ann.id)


async def created(house: House, who: Any, **body: object) -> dict[str, Any]:
    got = await house.json("POST", "/2/tweets", who, {"text": new_text(), **body})
    assert got.status == 201, got.body
    assert contract.differences(got.json, contract.response("POST", "/2/tweets", 201)) == []
    found: dict[str, Any] = got.json["data"]
    return found


async def one(house: House, who: Any, post_id: object, fields: str, more: str = "") -> Any:
    got = await house.get(f"/2/tweets/{post_id}?tweet.fields={fields}{more}", who)
    assert got.status == 200, got.body
    return got.json


async def views(house: House, post_id: object) -> int:
    found = await one(house, house.app_only(), post_id, "public_metrics")
    count: int = found["data"]["public_metrics"]["impression_count"]
    return count


async def is_seen(house: House, post_id: object, times: int) -> None:
    """Wait until a post has been seen so often: while the server writes down what it counted, an answer may hold less."""
    async with asyncio.timeout(60):
        while await views(house, post_id) != times:
            await asyncio.sleep(0.01)


@pytest.mark.claim("C034")
async def test_a_post_counts_how_often_others_see_it(each_house: House) -> None:
    house = each_house
    ann, carol = await house.signed(house.cast.ann, "Reader"), await house.signed(house.cast.carol, "Reader")
    post = await post_of(house, house.cast.ann)
    assert await views(house, post) == 0
    await one(house, carol, post, "public_metrics")
    await is_seen(house, post, 1)
    for _ in range(5):
        await views(house, post)  # an app on its own is nobody
        await one(house, ann, post, "public_metrics")  # and its author does not count
    await house.application.resources[Views].write(house.db)
    await is_seen(house, post, 1)
    await one(house, carol, post, "public_metrics", "&expansions=edit_history_tweet_ids")  # twice in an answer is once
    await one(house, carol, post, "public_metrics")
    await house.application.resources[Views].write(house.db)
    await is_seen(house, post, 3)
    told = await one(house, ann, post, "public_metrics")
    assert told["data"]["public_metrics"]["impression_count"] == 3


@pytest.mark.attack("SR-318")
async def test_views_are_right_however_many_look_while_they_are_written(each_house: House) -> None:
    house = each_house
    carol, post = await house.bearer(house.cast.carol), await post_of(house, house.cast.ann)
    counted = house.application.resources[Views]
    other = Views()  # of another process

    async def look(number: int) -> None:
        await house.get(f"/2/tweets/{post}", carol)
        other._waiting[post] = other._waiting.get(post, 0) + 1
        if number % 5 == 0:
            await asyncio.gather(counted.write(house.db), other.write(house.db))

    await asyncio.gather(*(look(number) for number in range(30)))
    await asyncio.gather(counted.write(house.db), other.write(house.db))
    await is_seen(house, post, 60)


@pytest.mark.attack("SR-211")
async def test_private_numbers_are_the_authors_alone(each_house: House) -> None:
    house = each_house
    post = await post_of(house, house.cast.ann)
    await post_of(house, house.cast.dave, reply_to_id=post)
    ann = await house.bearer(house.cast.ann)
    mine = await one(house, ann, post, PRIVATE)
    assert mine["data"]["non_public_metrics"] == {"impression_count": 0, "engagements": 1}
    assert mine["data"]["organic_metrics"]["reply_count"] == 1
    assert "errors" not in mine
    for who in (await house.bearer(house.cast.carol), house.app_only()):
        theirs = await one(house, who, post, PRIVATE)
        assert not {"non_public_metrics", "organic_metrics"} & set(theirs["data"])
        assert [(error["field"], error["resource_id"]) for error in theirs["errors"]] == [
            ("non_public_metrics", str(post)),
            ("organic_metrics", str(post)),
        ]
        assert contract.differences(theirs, contract.response("GET", "/2/tweets/{id}", 200)) == []


@pytest.mark.attack("SR-211")
async def test_private_numbers_do_not_come_with_expansions_either(each_house: House) -> None:
    house = each_house
    first = await post_of(house, house.cast.ann)
    answer = await post_of(house, house.cast.carol, reply_to_id=first)
    got = await one(house, await house.bearer(house.cast.carol), answer, PRIVATE, "&expansions=referenced_tweets.id")
    assert "non_public_metrics" in got["data"]
    assert "non_public_metrics" not in got["includes"]["tweets"][0]
    assert {(error["section"], error["resource_id"]) for error in got["errors"]} == {("includes", str(first))}


async def test_private_numbers_are_told_for_thirty_days(each_house: House) -> None:
    house = each_house
    post = await post_of(house, house.cast.ann)
    house.clock.advance(30 * DAY)
    ann = await house.bearer(house.cast.ann)
    old = await one(house, ann, post, PRIVATE)
    assert len(old["errors"]) == 2
    assert "organic_metrics" not in old["data"]


async def test_an_author_is_told_what_happens_by_the_hour(each_house: House) -> None:
    house = each_house
    carol = await house.bearer(house.cast.carol)
    post = await post_of(house, house.cast.ann)
    await house.json("POST", f"/2/users/{house.cast.carol.id}/likes", carol, {"tweet_id": str(post)})
    house.clock.advance(HOUR)
    await post_of(house, house.cast.carol, reply_to_id=post)
    await house.send("DELETE", f"/2/users/{house.cast.carol.id}/likes/{post}", carol)
    await house.get(f"/2/tweets/{post}", carol)

    async def asked(more: str, time: str = TIME) -> Any:
        ann = await house.bearer(house.cast.ann)
        got = await house.get(f"/2/tweets/analytics?ids={post}&{time}{more}", ann)
        assert got.status == 200, got.body
        assert contract.differences(got.json, contract.response("GET", "/2/tweets/analytics", 200)) == []
        return got.json["data"][0]

    async with asyncio.timeout(60):
        while not (total := await asked(""))["impressions"]:
            await house.application.resources[Views].write(house.db)
    assert {name: total[name] for name in ("impressions", "likes", "unlikes", "replies", "engagements")} == {
        "impressions": 1,
        "likes": 1,
        "unlikes": 1,
        "replies": 1,
        "engagements": 2,
    }
    hourly = (await asked("&granularity=hourly"))["timestamped_metrics"]
    assert [(part["metrics"]["likes"], part["metrics"]["replies"]) for part in hourly] == [(1, 0), (0, 1)]
    assert len((await asked("&granularity=weekly"))["timestamped_metrics"]) == 1
    some = await asked("&granularity=daily&analytics.fields=likes,timestamped_metrics")
    assert all(set(part["metrics"]) == {"likes"} for part in some["timestamped_metrics"])
    within = "start_time=2020-01-01T00:30:00Z&end_time=2039-01-01T00:00:00Z"
    started = "2020-01-01T00:00:00.000Z"
    assert (await asked("", within))["timestamp"] == started
    house.clock.advance(91 * DAY)
    await sweep(house.db)
    nothing = await asked("", within)
    assert (nothing["impressions"], nothing["timestamp"]) == (0, started)


async def test_analytics_of_others_posts_are_refused_one_by_one(each_house: House) -> None:
    house = each_house
    mine, theirs = await post_of(house, house.cast.ann), await post_of(house, house.cast.carol)
    hidden = await post_of(house, house.cast.bob)
    ann = await house.bearer(house.cast.ann)
    got = await house.get(f"/2/tweets/analytics?ids={mine},{theirs},{hidden},1&{TIME}", ann)
    assert [post["id"] for post in got.json["data"]] == [str(mine)]
    assert [(error["resource_id"], error["title"]) for error in got.json["errors"]] == [
        (str(theirs), "Authorization Error"),
        (str(hidden), "Not Found Error"),
        ("1", "Not Found Error"),
    ]
    for wrong in ("start_time=2020-01-01T00:00:00Z&end_time=2019-01-01T00:00:00Z", "start_time=x&end_time=y", ""):
        assert (await house.get(f"/2/tweets/analytics?ids={mine}&{wrong}", ann)).status == 400


async def test_a_poll_comes_with_its_post(each_house: House) -> None:
    house = each_house
    ann = await house.bearer(house.cast.ann)
    poll = {"options": ["Tea", "Coffee"], "duration_minutes": 5, "reply_settings": "following"}
    made = await created(house, ann, poll=poll)
    await house.db.write(vote, calling(house.cast.dave), int(made["id"]), 2)
    fields = "&expansions=attachments.poll_ids&poll.fields=duration_minutes,end_datetime,voting_status"
    for status in ("open", "closed"):
        got = await one(house, ann, made["id"], "reply_settings", fields)
        assert contract.differences(got, contract.response("GET", "/2/tweets/{id}", 200)) == []
        (shown,) = got["includes"]["polls"]
        assert got["data"]["attachments"] == {"poll_ids": [shown["id"]]}
        assert got["data"]["reply_settings"] == "following"
        assert (shown["voting_status"], shown["duration_minutes"]) == (status, 5)
        assert [(option["label"], option["votes"]) for option in shown["options"]] == [("Tea", 0), ("Coffee", 1)]
        house.clock.advance(5 * MINUTE)


async def test_an_edit_is_told_in_every_version(each_house: House) -> None:
    house = each_house
    ann = await house.bearer(house.cast.ann)
    first = await created(house, ann)
    second = await created(house, ann, edit_options={"previous_post_id": first["id"]}, paid_partnership=True)
    assert second["edit_history_tweet_ids"] == [first["id"], second["id"]]
    got = await one(house, ann, first["id"], "edit_controls,paid_partnership", "&expansions=edit_history_tweet_ids")
    assert got["data"]["edit_history_tweet_ids"] == [first["id"], second["id"]]
    assert got["data"]["edit_controls"]["edits_remaining"] == 4
    assert [post["id"] for post in got["includes"]["tweets"]] == [first["id"], second["id"]]
    assert [post.get("paid_partnership") for post in got["includes"]["tweets"]] == [False, True]
    listed = await house.get(f"/2/users/{house.cast.ann.id}/tweets?max_results=5", ann)
    ids = [post["id"] for post in listed.json["data"]]
    assert second["id"] in ids
    assert first["id"] not in ids
    again = await house.json(
        "POST", "/2/tweets", ann, {"text": new_text(), "edit_options": {"previous_post_id": first["id"]}}
    )
    assert again.status == 403


async def test_names_before_an_answer_stand_outside_of_what_is_displayed(each_house: House) -> None:
    house = each_house
    ann = await house.bearer(house.cast.ann)
    first = await post_of(house, house.cast.carol)
    reply = {
        "in_reply_to_tweet_id": str(first),
        "auto_populate_reply_metadata": True,
        "exclude_reply_user_ids": [str(house.cast.dave.id)],
    }
    made = await created(house, ann, reply=reply)
    assert made["text"].startswith("@Carol_C text number")
    got = await one(house, ann, made["id"], "display_text_range,entities")
    assert got["data"]["display_text_range"] == [len("@Carol_C "), len(made["text"])]
    assert got["data"]["entities"]["mentions"][0]["username"] == "Carol_C"


@pytest.mark.claim("C082")
async def test_hiding_needs_the_permission_that_says_so(each_house: House) -> None:
    house = each_house
    first = await post_of(house, house.cast.ann)
    answer = await post_of(house, house.cast.carol, reply_to_id=first)
    path = f"/2/tweets/{answer}/hidden"
    moderator = await house.bearer(house.cast.ann, "tweet.read users.read tweet.moderate.write")
    writer = await house.bearer(house.cast.ann, "tweet.read users.read tweet.write")
    assert (await house.json("PUT", path, writer, {"hidden": True})).status == 403
    assert (await house.json("PUT", path, await house.signed(house.cast.ann, "Reader"), {"hidden": True})).status == 403
    for hidden in (True, True, False):
        got = await house.json("PUT", path, moderator, {"hidden": hidden})
        assert got.json == {"data": {"hidden": hidden}}
        assert (await house.get(f"/2/tweets/{answer}", house.app_only())).json["data"]["id"] == str(answer)
    for wrong in ({}, {"hidden": "yes"}, {"hidden": True, "more": 1}):
        assert (await house.json("PUT", path, moderator, wrong)).status == 400


def _wrong() -> Iterator[dict[str, object]]:
    yield {"poll": {"options": ["one"], "duration_minutes": 5}}
    yield {"poll": {"options": ["a", "a "], "duration_minutes": 5}}
    yield {"poll": {"options": ["a", "b"], "duration_minutes": 4}}
    yield {"poll": {"options": ["a", "b"]}}
    yield {"poll": {"options": ["a", "b"], "duration_minutes": 5, "reply_settings": "nobody"}}
    yield {"edit_options": {}}
    yield {"edit_options": {"previous_post_id": "x"}}
    yield {"reply": {"in_reply_to_tweet_id": "x"}}
    yield {"reply_settings": "nobody"}
    yield {"quote_tweet_id": "-1"}


@pytest.mark.parametrize("body", [*_wrong()], ids=str)
async def test_what_is_wrong_in_a_new_post_is_told(each_house: House, body: dict[str, object]) -> None:
    who = await each_house.bearer(each_house.cast.ann)
    got = await each_house.json("POST", "/2/tweets", who, {"text": new_text(), **body})
    assert got.status == 400
    assert got.json["type"].endswith("/invalid-request")


@pytest.mark.parametrize("name", ["nullcast", "share_with_followers", "for_super_followers_only"])
async def test_what_has_no_meaning_here_is_refused_when_it_is_wished_for(each_house: House, name: str) -> None:
    who = await each_house.bearer(each_house.cast.ann)
    assert (await each_house.json("POST", "/2/tweets", who, {"text": new_text(), name: True})).status == 501
    assert (await each_house.json("POST", "/2/tweets", who, {"text": new_text(), name: False})).status == 201


async def test_quotes_come_by_pages(each_house: House) -> None:
    house = each_house
    first = await post_of(house, house.cast.ann)
    made = [str(await post_of(house, house.cast.dave, quote_of_id=first)) for _ in range(12)]
    answer = str(await post_of(house, house.cast.dave, quote_of_id=first, reply_to_id=first))
    path = f"/2/tweets/{first}/quote_tweets"
    page = (await house.get(path, house.app_only())).json
    assert [post["id"] for post in page["data"]] == [answer, *made[:2:-1]]
    rest = (await house.get(f"{path}?pagination_token={page['meta']['next_token']}", house.app_only())).json
    assert [post["id"] for post in rest["data"]] == made[2::-1]
    assert "next_token" not in rest["meta"]
    others = (await house.get(f"{path}?exclude=replies&max_results=100", house.app_only())).json
    assert [post["id"] for post in others["data"]] == made[::-1]
