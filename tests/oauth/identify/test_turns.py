"""Standing in line: those with the same secret one after another, all others at the same time, and no line is kept for nobody."""

import asyncio
import gc

import pytest

from volary.api.limits import OwnCounters
from volary.kit.errors import TooMany
from volary.oauth.throttle import FAILURES, Throttle
from volary.oauth.turns import Turns


async def test_one_at_a_time_for_one_secret_and_all_at_once_for_many() -> None:
    turns, inside, most = Turns(), 0, 0

    async def enter(secret: str) -> None:
        nonlocal inside, most
        async with turns.of(secret):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(enter("same") for _ in range(20)))
    assert most == 1
    await asyncio.gather(*(enter(str(number)) for number in range(20)))
    assert most == 20


async def test_a_line_is_forgotten_also_after_a_failure() -> None:
    turns = Turns()
    for number in range(100):
        with pytest.raises(ValueError, match="x"):
            async with turns.of(str(number)):
                raise ValueError("x")
    gc.collect()
    assert len(turns._lines) == 0


@pytest.mark.attack("SR-083", "SR-152")
async def test_a_network_is_slowed_down_and_another_one_is_not() -> None:
    throttle = Throttle(OwnCounters(), 1.0)
    for number in range(FAILURES):
        await throttle.failed(f"2001:db8:0:1::{number:x}", 0)
    with pytest.raises(TooMany) as slowed:
        await throttle.failed("2001:db8:0:1:ffff::1", 5_000)
    assert slowed.value.retry_after == 895
    await throttle.failed("2001:db8:0:2::1", 0)
    await throttle.failed("2001:db8:0:1::1", 900_000)


@pytest.mark.attack("SR-152")
async def test_ipv4_addresses_that_are_written_as_ipv6_are_not_one_network() -> None:
    throttle = Throttle(OwnCounters(), 1.0)
    for _ in range(FAILURES):
        await throttle.failed("::ffff:192.0.2.1", 0)
    await throttle.failed("::ffff:192.0.2.2", 0)
    with pytest.raises(TooMany):
        await throttle.failed("192.0.2.1", 0)


async def test_limits_that_are_off_slow_nobody_down() -> None:
    throttle = Throttle(OwnCounters(), 0.0)
    for _ in range(FAILURES + 10):
        await throttle.failed("192.0.2.1", 0)
