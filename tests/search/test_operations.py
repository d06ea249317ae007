"""Search and counts over HTTP: pages, windows of time, orders, and who may ask."""

from urllib.parse import quote

import pytest

from tests.server.calls import calling, post_of
from tests.server.house import House
from volary.db.paging import Bounds
from volary.graph.queries.visibility import NOBODY
from volary.kit.clock import DAY, HOUR, MINUTE
from volary.posts.actions.writing import delete_post
from volary.search.jobs.indexing import Indexer
from volary.search.queries.counting import bounds_of, countable, counted
from volary.search.rules.buckets import Span, stretches
from volary.search.rules.parsing import ALL as LONGEST
from volary.search.rules.parsing import parsed

RECENT, ALL = "/2/tweets/search/recent", "/2/tweets/search/all"


async def index(house: House) -> None:
    await house.application.resources[Indexer].run()


async def test_pages_go_on_below_while_posts_arrive(each_house: House) -> None:
    ann, who = each_house.cast.ann, each_house.app_only()
    made = [str(await post_of(each_house, ann, f"tulip {number}")) for number in range(25)][::-1]
    await index(each_house)
    first = await each_house.get(f"{RECENT}?query=tulip", who)
    assert [one["id"] for one in first.json["data"]] == made[:10]
    meta = first.json["meta"]
    assert (meta["newest_id"], meta["oldest_id"], meta["result_count"]) == (made[0], made[9], 10)
    await post_of(each_house, ann, "tulip again")
    await index(each_house)
    second = await each_house.get(f"{RECENT}?query=tulip&next_token={meta['next_token']}", who)
    assert [one["id"] for one in second.json["data"]] == made[10:20]
    third = await each_house.get(f"{RECENT}?query=tulip&pagination_token={second.json['meta']['next_token']}", who)
    assert [one["id"] for one in third.json["data"]] == made[20:]
    assert "next_token" not in third.json["meta"]
    for other in (f"{RECENT}?query=tulips", f"{RECENT}?query=tulip&sort_order=relevancy", f"{ALL}?query=tulip"):
        got = await each_house.get(f"{other}&next_token={meta['next_token']}", who)
        assert (got.status, list(got.json["errors"][0]["parameters"])) == (400, ["next_token"])
    bounded = await each_house.get(f"{RECENT}?query=tulip&since_id={made[20]}&until_id={made[16]}", who)
    assert [one["id"] for one in bounded.json["data"]] == made[17:20]


async def test_relevance_puts_first_what_people_answered(each_house: House) -> None:
    ann, who = each_house.cast.ann, each_house.app_only()
    made = [await post_of(each_house, ann, f"orchid {number}") for number in range(12)]
    for answer in range(2):
        await post_of(each_house, ann, f"answer to it {answer}", reply_to_id=made[3])
    await post_of(each_house, ann, "another answer", reply_to_id=made[5])
    await index(each_house)
    each_house.clock.advance(1000)
    wanted = [str(one) for one in (made[3], made[5], *made[::-1]) if one]
    wanted = list(dict.fromkeys(wanted))
    first = await each_house.get(f"{RECENT}?query=orchid&sort_order=relevancy", who)
    assert [one["id"] for one in first.json["data"]] == wanted[:10]
    rest = f"{RECENT}?query=orchid&sort_order=relevancy&next_token={first.json['meta']['next_token']}"
    assert [one["id"] for one in (await each_house.get(rest, who)).json["data"]] == wanted[10:]


async def test_recent_is_a_week_and_all_is_all(each_house: House) -> None:
    who = each_house.app_only()
    old = str(await post_of(each_house, each_house.cast.ann, "crocus then"))
    each_house.clock.advance(8 * DAY)
    new = str(await post_of(each_house, each_house.cast.ann, "crocus now"))
    await index(each_house)
    assert [one["id"] for one in (await each_house.get(f"{RECENT}?query=crocus", who)).json["data"]] == [new]
    since_then = f"{RECENT}?query=crocus&since_id={int(old) - 1}"
    assert [one["id"] for one in (await each_house.get(since_then, who)).json["data"]] == [new]
    assert [one["id"] for one in (await each_house.get(f"{ALL}?query=crocus", who)).json["data"]] == [new, old]


async def test_counts_are_for_each_stretch_of_time(each_house: House) -> None:
    who, clock = each_house.app_only(), each_house.clock
    clock.advance(HOUR - clock.now() % HOUR + 5 * MINUTE)
    for number in range(3):
        await post_of(each_house, each_house.cast.ann, f"lupin {number}")
    clock.advance(2 * HOUR)
    gone = await post_of(each_house, each_house.cast.ann, "lupin gone")
    await post_of(each_house, each_house.cast.ann, "lupin last")
    await post_of(each_house, each_house.cast.bob, "lupin protected")
    await index(each_house)
    await each_house.db.write(delete_post, calling(each_house.cast.ann), gone)
    clock.advance(1)
    got = (await each_house.get("/2/tweets/counts/recent?query=lupin", who)).json
    assert got["meta"] == {"total_tweet_count": 4, "total_post_count": 4}
    assert [one["tweet_count"] for one in got["data"][-3:]] == [3, 0, 1]
    assert len(got["data"]) == 7 * 24 + 1
    assert all(one["end"] == after["start"] for one, after in zip(got["data"], got["data"][1:], strict=False))
    some = await each_house.get("/2/tweets/counts/recent?query=lupin&search_count.fields=start", who)
    assert some.json == got
    days = (await each_house.get("/2/tweets/counts/all?query=lupin&granularity=day", who)).json
    assert (days["meta"]["total_tweet_count"], len(days["data"])) == (4, 31)
    mine = await each_house.bearer(each_house.cast.bob)
    assert (await each_house.get("/2/tweets/counts/recent?query=lupin", mine)).json["meta"]["total_tweet_count"] == 5
    pages = await each_house.get("/2/tweets/counts/all?query=lupin&granularity=minute", who)
    assert (len(pages.json["data"]), pages.json["meta"]["total_tweet_count"]) == (10_080, 4)
    more = f"/2/tweets/counts/all?query=lupin&granularity=minute&next_token={pages.json['meta']['next_token']}"
    assert (await each_house.get(more, who)).json["data"][-1]["end"] == pages.json["data"][0]["start"]


async def test_where_too_much_is_found_a_page_ends_early_and_the_next_goes_on_exactly_there(each_house: House) -> None:
    clock = each_house.clock
    clock.advance(HOUR - clock.now() % HOUR)
    begin = clock.now()
    for number in range(12):
        await post_of(each_house, each_house.cast.ann, f"heather {number}")
        clock.advance(20 * MINUTE)
    await index(each_house)
    query, pages, end = parsed("heather", LONGEST), [], clock.now()
    while end > begin:
        whole = Span(begin, end)
        span = await countable(each_house.db.long, query, whole, Bounds(), HOUR, 5)
        found = await counted(each_house.db.long, NOBODY, query, bounds_of(span, Bounds(), clock.now()), HOUR)
        pages.append([count for _, _, count in stretches(span, HOUR, found)])
        assert span.end == end > span.start >= begin
        end = span.start
    assert pages == [[3], [3], [3], [3]]


def test_a_stretch_that_is_too_much_alone_is_cut() -> None:
    assert Span(0, 10 * MINUTE).since(5 * MINUTE, MINUTE) == Span(6 * MINUTE, 10 * MINUTE)
    assert Span(0, HOUR).since(40 * MINUTE, HOUR) == Span(40 * MINUTE + 1, HOUR)
    assert Span(0, HOUR).since(HOUR - 1, HOUR) == Span(HOUR - 1, HOUR)


@pytest.mark.attack("SR-196")
async def test_strangers_find_and_count_nothing_of_a_protected_account(each_house: House) -> None:
    bob, cast = each_house.cast.bob, each_house.cast
    start = await post_of(each_house, cast.ann, "to be answered")
    await post_of(each_house, bob, "geheimnis for @ann https://hidden.example", reply_to_id=start)
    await index(each_house)
    asked = [f"from:{bob.id}", "from:bob", "geheimnis", '"geheimnis for"', "url:hidden.example", "@ann geheimnis"]
    asked += [f"in_reply_to_tweet_id:{start}", f"conversation_id:{start} -from:ann", "to:ann from:bob has:links"]
    for who in (await each_house.bearer(cast.dave), each_house.app_only()):
        for text in asked:
            got = await each_house.get(f"{RECENT}?query={quote(text)}&expansions=author_id", who)
            assert got.json == {"meta": {"result_count": 0}}, text
            got = await each_house.get(f"/2/tweets/counts/recent?query={quote(text)}", who)
            assert got.json["meta"]["total_tweet_count"] == 0, text
    got = await each_house.get(f"{RECENT}?query=geheimnis", await each_house.bearer(bob))
    assert got.json["meta"]["result_count"] == 1


async def test_what_is_wrong_with_a_query_is_said(each_house: House) -> None:
    who = each_house.app_only()
    for text, words in {
        "-cat": "a negation needs something",
        "has:links": "can stand alone",
        "near:utrecht": "Reference to invalid operator 'near'",
        "(cat": "missing ')'",
        "cat OR": "no viable alternative",
        "a" * 513: "size must be between 1 and 512",
    }.items():
        got = await each_house.get(f"{RECENT}?query={quote(text)}", who)
        assert got.status == 400
        (error,) = got.json["errors"]
        assert words in error["message"]
        assert list(error["parameters"]) == ["query"]
    assert (await each_house.get(f"{ALL}?query={'a' * 513}", who)).status == 200
    assert (await each_house.get(RECENT, who)).status == 400
    long = quote("(" + " OR ".join(["東京"] * 80) + ")")
    assert (await each_house.get(f"{RECENT}?query={long}", who)).status == 200
