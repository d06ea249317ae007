"""Nonces in Valkey: shared by processes, gone by themselves, and closed while Valkey is away (security decision D5)."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from valkey.asyncio import Valkey

from tests.valkey import new_valkey
from volary.kit.errors import Busy
from volary.oauth.oauth1.nonces.shared import SharedNonces
from volary.oauth.oauth1.nonces.store import KEPT

pytestmark = pytest.mark.xdist_group("valkey")


@pytest.fixture
def server() -> Iterator[Any]:
    with new_valkey() as running:
        yield running


class Counted(Valkey):
    """A client that counts how often it was asked to remember something."""

    asked = 0

    def set(self, *arguments: Any, **more: Any) -> Any:
        self.asked += 1
        return super().set(*arguments, **more)


@pytest.fixture
async def client(server: Any) -> AsyncIterator[Counted]:
    opened = Counted(unix_socket_path=str(server.unix_socket_path))
    yield opened
    await opened.aclose()


@pytest.mark.attack("SR-048")
async def test_each_request_is_taken_once_by_any_process(client: Valkey) -> None:
    one, other = SharedNonces(client), SharedNonces(client)
    assert await one.take(1, b"a" * 16)
    assert not await one.take(1, b"a" * 16)
    assert not await other.take(1, b"a" * 16)
    assert await other.take(2, b"a" * 16)
    assert await other.take(1, b"b" * 16)


async def test_of_many_at_once_one_is_taken(client: Valkey) -> None:
    stores = [SharedNonces(client) for _ in range(4)]
    taken = await asyncio.gather(*(store.take(7, b"c" * 16) for store in stores for _ in range(25)))
    assert sum(taken) == 1


async def patiently(store: SharedNonces, digest: bytes) -> bool:
    """Whether a request is let in, asked until there is an answer: on a busy machine one may not come in time."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await store.take(1, digest)
            except Busy:
                await asyncio.sleep(0.1)


async def opens_again(store: SharedNonces) -> None:
    """Wait until a new request is let in; one that had no answer in time may have been remembered, so each is another."""
    while not await patiently(store, os.urandom(16)):
        pass


async def test_a_nonce_goes_by_itself(client: Valkey) -> None:
    await SharedNonces(client).take(1, b"a" * 16)
    (name,) = await client.keys("volary:nonce:*")
    assert KEPT - 5 <= await client.ttl(name) <= KEPT


@pytest.mark.attack("SR-341")
async def test_without_valkey_nobody_is_let_in_and_it_recovers(client: Counted, server: Any) -> None:
    store = SharedNonces(client)
    assert await store.take(1, b"a" * 16)
    os.kill(server._process.pid, signal.SIGSTOP)
    try:
        started = time.monotonic()
        for number in range(20):
            with pytest.raises(Busy) as caught:
                await store.take(1, number.to_bytes(16))
            assert (caught.value.status, caught.value.retry_after) == (503, 1)
    finally:
        os.kill(server._process.pid, signal.SIGCONT)
    # After one that waited in vain, nobody asks for a second.
    assert client.asked - 1 <= 1 + (time.monotonic() - started) // 1
    await opens_again(store)
    assert not await patiently(store, b"a" * 16)


@pytest.mark.attack("SR-343")
async def test_stalls_of_a_second_let_no_request_in_twice(client: Valkey, server: Any) -> None:
    """What was asked during a stall may be carried out after it, when nobody waits for the answer any more."""
    stores = [SharedNonces(client) for _ in range(2)]
    let_in: Counter[int] = Counter()

    async def ask(number: int, store: SharedNonces) -> bool:
        try:
            taken = await store.take(1, number.to_bytes(16))
        except Busy:
            return False
        let_in[number] += taken
        return True

    for stall in range(2):
        os.kill(server._process.pid, signal.SIGSTOP)
        going_on = asyncio.get_running_loop().call_later(1, os.kill, server._process.pid, signal.SIGCONT)
        try:
            told = [await ask(100 * stall + number, store) for number in range(10) for store in stores]
        finally:
            going_on.cancel()
            os.kill(server._process.pid, signal.SIGCONT)
        assert not all(told)
        for store in stores:
            await opens_again(store)
        for number in range(10):
            await asyncio.gather(*(ask(100 * stall + number, store) for store in stores))
    assert max(let_in.values()) == 1


@pytest.mark.attack("SR-343")
async def test_a_full_valkey_forgets_nothing_and_lets_nobody_in(client: Valkey) -> None:
    """With the policy that the runbook asks for. A nonce that cannot be kept is not taken, and those that are there stay."""
    store = SharedNonces(client)
    await client.config_set("maxmemory-policy", "noeviction")
    assert await store.take(1, b"a" * 16)
    await client.config_set("maxmemory", "1mb")
    with pytest.raises(Busy):
        await store.take(1, b"b" * 16)
    await client.config_set("maxmemory", "0")
    await opens_again(store)
    assert not await patiently(store, b"a" * 16)


@pytest.mark.attack("SR-341")
async def test_a_valkey_that_is_gone_is_a_503(client: Valkey, server: Any) -> None:
    store = SharedNonces(client)
    assert await store.take(1, b"a" * 16)
    server.stop()
    with pytest.raises(Busy) as caught:
        await store.take(1, b"b" * 16)
    assert caught.value.status == 503
