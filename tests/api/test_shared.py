"""Limits in Valkey: one count for all processes; open but bounded while it is away (security decision D5)."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from valkey.asyncio import Valkey

from tests.valkey import new_valkey
from volary.access.caller import Caller, Scheme
from volary.access.levels import Level
from volary.api.limits import Limited, Limiter, limits
from volary.api.shared import PAUSE, SharedCounters

pytestmark = pytest.mark.xdist_group("valkey")

ANN = Caller(Scheme.OAUTH2_USER, 5, 1, "ann", frozenset(), Level.READ)


class Counted(Valkey):
    """A client that counts how often it was asked to count."""

    asked = 0

    def pipeline(self, *arguments: Any, **more: Any) -> Any:
        self.asked += 1
        return super().pipeline(*arguments, **more)


@pytest.fixture
def server() -> Iterator[Any]:
    with new_valkey() as running:
        yield running


@pytest.fixture
async def client(server: Any) -> AsyncIterator[Counted]:
    """A client that waits a second at most, a thousand times as long as an answer takes."""
    opened = Counted(unix_socket_path=str(server.unix_socket_path), socket_timeout=1, socket_connect_timeout=1)
    yield opened
    await opened.aclose()


@pytest.fixture
async def patient(server: Any) -> AsyncIterator[Valkey]:
    """A client for tests of counting, which must not depend on how busy the machine is."""
    opened: Valkey = Valkey(unix_socket_path=str(server.unix_socket_path), socket_timeout=30, socket_connect_timeout=30)
    yield opened
    await opened.aclose()


async def test_two_processes_count_together(patient: Valkey) -> None:
    one, other = SharedCounters(patient, 2), SharedCounters(patient, 2)
    assert [await one.hit("k", 900, 1), await other.hit("k", 900, 1), await one.hit("k", 900, 1)] == [1, 2, 3]
    assert await other.hit("k", 900, 2) == 1
    assert await other.hit("other", 900, 1) == 1
    assert await other.counted([("k", 900, 1), ("k", 900, 2), ("nobody", 900, 1)]) == [3, 1, 0]
    assert await one.counted([]) == []
    for name in await patient.keys("*"):
        assert 900 < await patient.ttl(name) <= 960


@pytest.mark.attack("SR-296")
async def test_of_many_at_once_in_two_processes_exactly_as_many_pass(patient: Valkey) -> None:
    doors = [Limiter(SharedCounters(patient, 2), 1) for _ in range(2)]

    async def call(number: int) -> bool:
        try:
            await doors[number % 2].check("GET /x", limits(user=50), True, ANN, 1_790_000_100_000)
        except Limited:
            return False
        return True

    assert sum(await asyncio.gather(*(call(number) for number in range(200)))) == 50


@pytest.mark.attack("SR-341", "SR-342")
async def test_while_it_is_away_each_process_lets_its_share_pass(
    server: Any, client: Valkey, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "volary.limits")
    counters = SharedCounters(client, 2)
    await counters.hit("k", 900, 1)
    server._cleanup()
    assert [await counters.hit("k", 900, 1) for _ in range(3)] == [2, 4, 6]
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "Valkey does not answer, limits are counted in each process"
    ]


@pytest.mark.attack("SR-343")
async def test_while_it_is_full_each_process_lets_its_share_pass(patient: Valkey) -> None:
    counters = SharedCounters(patient, 2)
    await counters.hit("k", 900, 1)
    await patient.config_set("maxmemory", "1mb")
    assert [await counters.hit("k", 900, 1) for _ in range(3)] == [2, 4, 6]


@contextmanager
def hanging(server: Any) -> Iterator[None]:
    os.kill(server._process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server._process.pid, signal.SIGCONT)


@pytest.mark.attack("SR-343")
@pytest.mark.slow  # it waits until Valkey is tried again
async def test_one_that_hangs_holds_nobody_up_and_is_found_again(server: Any, client: Counted, patient: Valkey) -> None:
    counters = SharedCounters(client, 2)
    await counters.hit("k", 900, 1)
    with hanging(server):
        began, asked = time.monotonic(), client.asked
        assert [await counters.hit("k", 900, 1) for _ in range(100)] == list(range(2, 202, 2))
        # Whoever does not ask it does not wait for it.
        assert 1 <= client.asked - asked <= 1 + (time.monotonic() - began) // PAUSE
    until = time.monotonic() + 60
    while await patient.get("volary:limit:900:1:back") is None:
        assert time.monotonic() < until
        await counters.hit("back", 900, 1)
        await asyncio.sleep(0.05)
    before = int(await patient.get("volary:limit:900:1:back") or 0)
    assert await counters.hit("back", 900, 1) == before + 1


@pytest.mark.attack("SR-343")
async def test_while_it_hangs_one_alone_tries_again(server: Any, client: Counted) -> None:
    counters = SharedCounters(client, 2)
    await counters.hit("k", 900, 1)
    with hanging(server):
        await counters.hit("k", 900, 1)
        counters._try_again_at = 0.0
        asked = client.asked
        done: list[int] = []

        async def one(number: int) -> None:
            await counters.hit("k", 900, 1)
            done.append(number)

        await asyncio.gather(*(one(number) for number in range(20)))
        assert client.asked == asked + 1
        assert done == [*range(1, 20), 0]
