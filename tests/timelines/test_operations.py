"""Timelines over HTTP: tokens while posts arrive, fields and expansions, and who is refused."""

from tests.server.calls import post_of
from tests.server.house import House
from tests.timelines.test_home import befriend

HOME = "/2/users/{}/timelines/reverse_chronological"


async def test_pages_stay_where_they_are_while_posts_arrive(each_house: House) -> None:
    ann, carol = each_house.cast.ann, each_house.cast.carol
    who = await each_house.bearer(ann)
    await befriend(each_house.db, ann, carol)
    made = [str(await post_of(each_house, carol, f"arriving {number}")) for number in range(5)][::-1]
    target = f"{HOME.format(ann.id)}?max_results=2"
    first = await each_house.get(target, who)
    assert [one["id"] for one in first.json["data"]] == made[:2]
    assert first.json["meta"]["result_count"] == 2
    assert "previous_token" not in first.json["meta"]
    newer = [str(await post_of(each_house, carol, f"later {number}")) for number in range(3)][::-1]
    second = await each_house.get(f"{target}&pagination_token={first.json['meta']['next_token']}", who)
    assert [one["id"] for one in second.json["data"]] == made[2:4]
    back = await each_house.get(f"{target}&pagination_token={second.json['meta']['previous_token']}", who)
    assert [one["id"] for one in back.json["data"]] == made[:2]
    further = await each_house.get(f"{target}&pagination_token={back.json['meta']['previous_token']}", who)
    assert [one["id"] for one in further.json["data"]] == newer[1:]
    since = await each_house.get(f"{HOME.format(ann.id)}?since_id={made[0]}&max_results=100", who)
    assert [one["id"] for one in since.json["data"]] == newer


async def test_a_token_is_good_for_its_own_list_alone(each_house: House) -> None:
    ann = each_house.cast.ann
    who = await each_house.bearer(ann)
    for _ in range(3):
        await post_of(each_house, ann)
    got = await each_house.get(f"{HOME.format(ann.id)}?max_results=1", who)
    token = got.json["meta"]["next_token"]
    for other in (
        f"{HOME.format(ann.id)}?max_results=1&exclude=replies&",
        f"/2/users/{ann.id}/mentions?",
        "/2/users/reposts_of_me?",
    ):
        assert (await each_house.get(f"{other}pagination_token={token}", who)).status == 400
    same = f"{HOME.format(ann.id)}?max_results=1&exclude=retweets,replies"
    token = (await each_house.get(same, who)).json["meta"]["next_token"]
    turned = f"{HOME.format(ann.id)}?max_results=1&exclude=replies,retweets&pagination_token={token}"
    assert (await each_house.get(turned, who)).status == 200


async def test_authors_and_answered_posts_come_along(each_house: House) -> None:
    ann, carol = each_house.cast.ann, each_house.cast.carol
    who = await each_house.bearer(ann)
    await befriend(each_house.db, ann, carol)
    first = await post_of(each_house, carol, "a beginning for what follows")
    await post_of(each_house, carol, "and what follows", reply_to_id=first)
    asked = "expansions=author_id,referenced_tweets.id,referenced_tweets.id.author_id&max_results=1"
    got = await each_house.get(f"{HOME.format(ann.id)}?{asked}", who)
    assert [one["id"] for one in got.json["includes"]["tweets"]] == [str(first)]
    assert [one["username"] for one in got.json["includes"]["users"]] == ["Carol_C"]


async def test_an_app_alone_has_no_home_and_reads_mentions(each_house: House) -> None:
    ann = each_house.cast.ann
    app = each_house.app_only()
    assert (await each_house.get(HOME.format(ann.id), app)).status == 403
    assert (await each_house.get("/2/users/reposts_of_me", app)).status == 403
    made = await post_of(each_house, each_house.cast.dave, "a word with @ann")
    got = await each_house.get(f"/2/users/{ann.id}/mentions", app)
    assert [one["id"] for one in got.json["data"]] == [str(made)]
