"""A Valkey that throws keys away is not used: what it forgets could be sent again (SR-343)."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from valkey.asyncio import Valkey

from tests.server.starting import CommandLine
from tests.server.test_commands import KEY, findings
from tests.valkey import new_valkey
from volary.db.errors import CannotStart
from volary.oauth.oauth1.nonces.shared import SharedNonces
from volary.server.remembering import require_memory

pytestmark = [pytest.mark.xdist_group("valkey"), pytest.mark.attack("SR-343")]

EVICTING = ("allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-random", "volatile-ttl")


@pytest.fixture
def server() -> Iterator[Any]:
    with new_valkey() as running:
        yield running


def at(server: Any) -> str:
    return f"unix://{server.unix_socket_path}"


async def told(server: Any, memory: str, policy: str) -> None:
    """Tell it how much memory it may use, and what it does when that is used up."""
    client: Valkey = Valkey(unix_socket_path=str(server.unix_socket_path))
    await client.config_set("maxmemory", memory)
    await client.config_set("maxmemory-policy", policy)
    await client.aclose()


@pytest.mark.parametrize("policy", EVICTING)
async def test_a_start_is_refused_where_keys_are_thrown_away(server: Any, policy: str) -> None:
    await told(server, "100mb", policy)
    with pytest.raises(CannotStart, match=f"maxmemory-policy {policy}.* set it to noeviction"):
        await require_memory(at(server))


@pytest.mark.parametrize(("memory", "policy"), [("0", "allkeys-lru"), ("100mb", "noeviction"), ("0", "noeviction")])
async def test_where_none_are_it_is_not(
    server: Any, memory: str, policy: str, caplog: pytest.LogCaptureFixture
) -> None:
    await told(server, memory, policy)
    await require_memory(at(server))
    assert not caplog.records


async def test_one_that_is_away_or_does_not_tell_is_let_be(server: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    client: Valkey = Valkey(unix_socket_path=str(server.unix_socket_path))
    await client.acl_setuser("volary", enabled=True, passwords=["+secret"], keys=["*"], commands=["+@all", "-info"])
    await client.aclose()
    await require_memory(f"unix://volary:secret@{server.unix_socket_path}")
    await require_memory("valkey://127.0.0.1:1")
    assert len(caplog.records) == 2
    assert "secret" not in caplog.text


async def test_what_is_refused_would_let_a_request_in_twice(server: Any) -> None:
    """The control: under the policy that is refused, a nonce is gone long before its time."""
    await told(server, "3mb", "allkeys-lru")
    client: Valkey = Valkey(unix_socket_path=str(server.unix_socket_path))
    store = SharedNonces(client)
    assert await store.take(1, b"a" * 16)
    for number in range(60):
        await client.set(f"others:{number}", b"x" * 100_000)
    assert await store.take(1, b"a" * 16)
    await client.aclose()


def test_serve_and_doctor_say_so(server: Any, volary: CommandLine) -> None:
    import asyncio

    asyncio.run(told(server, "100mb", "allkeys-lru"))
    settings = {"database": "postgresql://me@127.0.0.1:1/x", "key": KEY, "valkey": at(server)}
    code, found = findings(volary, **settings)
    assert (code, found["valkey"][0]) == (1, "wrong")
    assert "maxmemory-policy allkeys-lru" in found["valkey"][1]
    asyncio.run(told(server, "100mb", "noeviction"))
    assert findings(volary, **settings)[1]["valkey"][0] == "fine"
