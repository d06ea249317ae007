import pytest

from volary.access.caller import Caller, Scheme
from volary.access.levels import Level
from volary.api.limits import DAY, Limited, Limiter, OwnCounters, limits, per_day

ANN_BY_APP = Caller(Scheme.OAUTH2_USER, 5, 1, "ann", frozenset(), Level.READ)
BOB_BY_APP = Caller(Scheme.OAUTH2_USER, 5, 2, "bob", frozenset(), Level.READ)
ANN_BY_OTHER = Caller(Scheme.OAUTH1, 6, 1, "ann", frozenset(), Level.READ)
APP = Caller(Scheme.APP_ONLY, 5, None, "", frozenset(), Level.READ)
NOW = 1_790_000_100_000


async def use(limiter: Limiter, caller: Caller, times: int = 1, now: int = NOW) -> dict[str, int]:
    headers: dict[str, int] = {}
    for _ in range(times):
        told = await limiter.check("GET /x", limits(user=3, app=2), True, caller, now)
        headers = {name.decode(): int(value) for name, value in told}
    return headers


@pytest.mark.attack("SR-291")
async def test_so_many_calls_pass_and_the_next_one_waits_for_the_window() -> None:
    limiter = Limiter(OwnCounters(), 1)
    told = await use(limiter, ANN_BY_APP, 3)
    reset = (NOW // 900_000 + 1) * 900
    assert told == {"x-rate-limit-limit": 3, "x-rate-limit-remaining": 0, "x-rate-limit-reset": reset}
    with pytest.raises(Limited) as limited:
        await use(limiter, ANN_BY_APP)
    assert limited.value.retry_after == reset - NOW // 1000
    assert (b"x-rate-limit-remaining", b"0") in limited.value.headers
    assert (await use(limiter, ANN_BY_APP, now=reset * 1000))["x-rate-limit-remaining"] == 2


@pytest.mark.attack("SR-291", "SR-294")
async def test_pools_of_people_of_apps_and_of_the_app_itself_are_apart() -> None:
    limiter = Limiter(OwnCounters(), 1)
    await use(limiter, ANN_BY_APP, 3)
    assert (await use(limiter, BOB_BY_APP))["x-rate-limit-remaining"] == 2
    assert (await use(limiter, ANN_BY_OTHER))["x-rate-limit-remaining"] == 2
    assert (await use(limiter, APP))["x-rate-limit-remaining"] == 1


async def test_where_apps_cannot_call_alone_their_number_caps_all_of_their_people() -> None:
    limiter = Limiter(OwnCounters(), 1)
    posting = limits(user=100, app=(per_day(2),))
    await limiter.check("POST /x", posting, False, ANN_BY_APP, NOW)
    headers = dict(await limiter.check("POST /x", posting, False, BOB_BY_APP, NOW))
    assert headers[b"x-app-limit-24hour-remaining"] == b"0"
    with pytest.raises(Limited) as limited:
        await limiter.check("POST /x", posting, False, ANN_BY_APP, NOW)
    assert limited.value.retry_after == DAY - NOW // 1000 % DAY


@pytest.mark.attack("SR-291")
async def test_calls_that_are_refused_to_one_person_use_up_nothing_of_the_apps_others() -> None:
    """Who has a token of a native app can call with it as often as they like, and would shut the app out for a day."""
    limiter = Limiter(OwnCounters(), 1)
    sending = limits(user=2, app=(per_day(5),))
    for _ in range(2):
        await limiter.check("POST /x", sending, False, ANN_BY_APP, NOW)
    for _ in range(20):
        with pytest.raises(Limited):
            await limiter.check("POST /x", sending, False, ANN_BY_APP, NOW)
    headers = dict(await limiter.check("POST /x", sending, False, BOB_BY_APP, NOW))
    assert headers[b"x-app-limit-24hour-remaining"] == b"2"


async def test_a_number_scales_limits_and_off_switches_them_off() -> None:
    assert (await use(Limiter(OwnCounters(), 2), ANN_BY_APP))["x-rate-limit-limit"] == 6
    assert (await use(Limiter(OwnCounters(), 0.1), ANN_BY_APP))["x-rate-limit-limit"] == 1
    assert await use(Limiter(OwnCounters(), 0), ANN_BY_APP, 50) == {}


@pytest.mark.attack("SR-367")
async def test_what_a_window_counted_is_forgotten_when_it_ends() -> None:
    counters = OwnCounters()
    for caller in range(1000):
        await counters.hit(f"x {caller}", 900, 1)
    await counters.hit("x 0", 900, 2)
    assert sum(len(counts) for _, counts in counters._windows.values()) == 1
