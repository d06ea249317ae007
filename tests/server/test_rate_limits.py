"""Limits at the door: X's numbers, headers and pools, one count for all spellings of one thing."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.server.calls import ASK, NAMES, caller_of, of
from tests.server.house import EVERYTHING, Bearer, Credentials, House, opened
from tests.server.houses import sqlite_place
from volary.api.limits import WINDOW
from volary.kit.clock import DAY, MINUTE


@pytest.fixture(scope="module")
async def limited() -> AsyncIterator[House]:
    """A house in which limits count, and are never used up from one test to the next."""
    with sqlite_place() as url:
        async with opened(url, rate_limits="1") as started:
            yield started


@pytest.fixture(autouse=True)
def another_day(limited: House) -> None:
    limited.clock.advance(DAY)


async def use(house: House, name: str, who: Credentials, times: int = 1) -> list[int]:
    """The statuses of so many calls."""
    found = []
    for _ in range(times):
        asked = await ASK[name](house)
        found.append((await house.send(of(name).method, asked.target, who, body=asked.body, kind=asked.kind)).status)
    return found


@pytest.mark.attack("SR-291")
@pytest.mark.parametrize("name", NAMES)
async def test_every_answer_tells_what_is_left(limited: House, name: str) -> None:
    pool = of(name).limits.app if of(name).need.scopes is None and "/2/" in name else of(name).limits.user
    short = [one for one in pool if 1 < one.seconds < DAY // 1000]
    stem = "x-rate-limit" if short else "x-user-limit-24hour"  # some calls of v1.1 are counted by the day alone
    (quota,) = short or pool
    left = WINDOW * 1000 - limited.clock.now() % (WINDOW * 1000)
    limited.clock.advance(left if left < 10_000 else 0)  # both calls belong to one window
    ann = limited.cast.ann
    who = await caller_of(limited, name) if of(name).need.oauth1 is None else await limited.signed(ann)
    for used in (1, 2):
        limited.clock.advance(1000)  # a second, in which some are allowed once
        asked = await ASK[name](limited)
        got = await limited.send(of(name).method, asked.target, who, body=asked.body, kind=asked.kind)
        assert got.status == of(name).status, got.body
        window = quota.seconds
        assert got.told(stem) == {
            f"{stem}-limit": str(quota.calls),
            f"{stem}-remaining": str(quota.calls - used),
            f"{stem}-reset": str((limited.clock.now() // 1000 // window + 1) * window),
        }


@pytest.mark.attack("SR-291")
async def test_what_is_allowed_once_a_second_says_when_the_second_ends(limited: House) -> None:
    limited.clock.advance(2 * WINDOW * 1000 - limited.clock.now() % (WINDOW * 1000))
    target = "/2/tweets/search/all?query=bees"
    first, second = [await limited.get(target, limited.app_only()) for _ in range(2)]
    assert (first.status, first.header("x-rate-limit-limit"), first.header("x-rate-limit-remaining")) == (
        200,
        "300",
        "299",
    )
    assert (second.status, second.header("x-rate-limit-remaining"), second.header("retry-after")) == (429, "0", "1")
    assert second.header("x-rate-limit-reset") == str(limited.clock.now() // 1000 + 1)
    limited.clock.advance(1000)
    third = await limited.get(target, limited.app_only())
    assert (third.status, third.header("x-rate-limit-remaining")) == (200, "298")


@pytest.mark.claim("C207")
@pytest.mark.attack("SR-291")
async def test_the_next_one_is_refused_with_everything_that_clients_look_for(limited: House) -> None:
    who = await limited.bearer(limited.cast.ann)
    assert await use(limited, "GET /2/dm_events", who, 15) == [200] * 15
    got = await limited.get("/2/dm_events", who)
    assert (got.status, got.header("content-type")) == (429, "application/problem+json; charset=utf-8")
    assert got.json == {
        "title": "Too Many Requests",
        "type": "about:blank",
        "status": 429,
        "detail": "Too Many Requests",
    }
    assert got.header("x-access-level") == "read-write-directmessages"
    assert got.header("x-rate-limit-remaining") == "0"
    reset = int(got.header("x-rate-limit-reset") or 0)
    assert got.header("retry-after") == str(reset - limited.clock.now() // 1000)
    limited.clock.advance(reset * 1000 - limited.clock.now())
    assert (await limited.get("/2/dm_events", who)).header("x-rate-limit-remaining") == "14"


async def test_v1_1_has_its_own_words(limited: House) -> None:
    who = await limited.signed(limited.cast.ann)
    assert await use(limited, "GET /1.1/account/verify_credentials.json", who, 75) == [200] * 75
    got = await limited.get("/1.1/account/verify_credentials.json", who)
    assert (got.status, got.json) == (429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]})
    assert (got.header("x-rate-limit-remaining"), got.header("x-access-level")) == ("0", "read-write-directmessages")


@pytest.mark.attack("SR-291")
async def test_people_and_the_app_itself_have_pools_of_their_own(limited: House) -> None:
    ann, carol = await limited.bearer(limited.cast.ann), await limited.bearer(limited.cast.carol)
    name = "GET /2/users/{id}"
    assert await use(limited, name, limited.app_only(), 301) == [200] * 300 + [429]
    assert await use(limited, name, ann, 1) == await use(limited, name, carol, 1) == [200]
    assert await use(limited, "GET /2/users/by/username/{username}", limited.app_only()) == [200]


@pytest.mark.attack("SR-294")
async def test_no_spelling_and_no_other_token_opens_a_new_count(limited: House) -> None:
    ann = limited.cast.ann
    tokens: list[Credentials] = [await limited.bearer(ann), await limited.bearer(ann), await limited.signed(ann)]
    targets = ["/2/users/me", "/2/users/me/", "/2/user%73/m%65", "/2/users/me?user.fields=name", "/2/users/me?"]
    left = []
    for target in targets:
        for who in tokens:
            if who is tokens[2] and "%" in target:
                continue  # what a client signs is its own spelling
            for method in ("GET", "HEAD"):
                got = await limited.send(method, target, who)
                assert got.status == 200, (target, got.body)
                left.append(int(got.header("x-rate-limit-remaining") or -1))
    assert left == list(range(74, 74 - len(left), -1))


@pytest.mark.attack("SR-292")
async def test_no_header_of_the_client_opens_a_new_count(limited: House) -> None:
    who = await limited.bearer(limited.cast.ann)
    left = []
    for number in range(5):
        for name in ("x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip"):
            got = await limited.get("/2/users/me", who, headers=[(name, f"198.51.100.{number}")])
            left.append(int(got.header("x-rate-limit-remaining") or -1))
    assert left == list(range(74, 54, -1))


@pytest.mark.attack("SR-296")
async def test_many_at_once_get_exactly_as_many_as_there_are(limited: House) -> None:
    who = await limited.bearer(limited.cast.ann)
    got = await asyncio.gather(*(limited.get("/2/users/me", who) for _ in range(200)))
    assert sorted(one.status for one in got) == [200] * 75 + [429] * 125
    assert min(int(one.header("x-rate-limit-remaining") or -1) for one in got) == 0


async def test_days_have_headers_of_their_own_and_last_a_day(limited: House) -> None:
    who = await limited.signed(limited.cast.ann)
    name = "POST /2/dm_conversations/with/{participant_id}/messages"
    asked = await ASK[name](limited)
    got = await limited.send("POST", asked.target, who, body=asked.body, kind=asked.kind)
    assert got.told("x-user-limit-24hour") == {
        "x-user-limit-24hour-limit": "1440",
        "x-user-limit-24hour-remaining": "1439",
        "x-user-limit-24hour-reset": str((limited.clock.now() // DAY + 1) * DAY // 1000),
    }
    assert got.told("x-app-limit-24hour")["x-app-limit-24hour-remaining"] == "1439"
    limited.clock.advance(15 * MINUTE)
    asked = await ASK[name](limited)
    got = await limited.send("POST", asked.target, who, body=asked.body, kind=asked.kind)
    assert got.header("x-rate-limit-remaining") == "14"
    assert got.header("x-user-limit-24hour-remaining") == "1438"


async def test_who_may_not_call_uses_nothing_up(limited: House) -> None:
    nothing = await limited.bearer(limited.cast.ann, "offline.access")
    assert (await limited.get("/2/users/me", nothing)).told("x-rate-limit") == {}
    assert (await limited.get("/2/users/me", Bearer("x"))).told("x-rate-limit") == {}
    got = await limited.get("/2/users/me", await limited.bearer(limited.cast.ann, EVERYTHING))
    assert got.header("x-rate-limit-remaining") == "74"


@pytest.mark.parametrize("scale, allowed", [("0.1", 7), ("2", 150)])
async def test_a_number_scales_every_limit(scale: str, allowed: int) -> None:
    with sqlite_place() as url:
        async with opened(url, rate_limits=scale) as house:
            got = await house.get("/2/users/me", await house.bearer(house.cast.ann))
            assert got.header("x-rate-limit-limit") == str(allowed)


async def test_off_is_off(house: House) -> None:
    who = await house.bearer(house.cast.ann)
    assert await use(house, "GET /2/dm_events", who, 40) == [200] * 40
    assert (await house.get("/2/dm_events", who)).told("x-rate-limit") == {}


async def test_what_is_left_is_told_without_counting(limited: House) -> None:
    who, other = await limited.signed(limited.cast.carol), await limited.signed(limited.cast.dave)
    path = "/1.1/application/rate_limit_status.json"
    for _ in range(2):
        await limited.get("/2/users/me", who)
    headers = (await limited.get("/2/users/me", who)).told("x-rate-limit")
    got = (await limited.get(f"{path}?resources=users,statuses", who)).json
    told = got["resources"]["users"]["/users/me&GET"]
    assert {f"x-rate-limit-{name}": str(value) for name, value in told.items()} == headers
    assert set(got["resources"]) == {"users", "statuses"}
    assert got["resources"]["statuses"]["/statuses/show/:id"]["limit"] == 900
    again = (await limited.get(f"{path}?resources=users,statuses", who)).json
    assert again == got
    theirs = (await limited.get(path, other)).json["resources"]
    assert theirs["users"]["/users/me&GET"]["remaining"] == 75
    assert theirs["application"]["/application/rate_limit_status"]["remaining"] == 179
    assert (await limited.get(f"{path}?resources=nothing", other)).json["resources"] == {}
