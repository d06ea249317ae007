"""Nodes that share PostgreSQL, and whose clocks are not alike: none forgets what another one still needs."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from tests.conftest import HeldDatabase
from volary.kit.clock import HeldClock
from volary.oauth.oauth1.nonces.store import KEPT
from volary.oauth.oauth1.nonces.table import TableNonces

pytestmark = [pytest.mark.attack("SR-048", "SR-324")]

Join = Callable[[int], Awaitable[TableNonces]]
RECORDED = b"r" * 16


@pytest.fixture
async def join(database_url: str, db: HeldDatabase) -> AsyncIterator[Join]:
    """Let one more node use the database; its clock shows the given second."""
    async with AsyncExitStack() as left:
        numbers = iter(range(1, 10))

        async def joined(second: int) -> TableNonces:
            node = await HeldDatabase.open(database_url, HeldClock(second * 1000), db.keys, worker_id=next(numbers))
            left.push_async_callback(node.close)
            return TableNonces(node)

        yield joined


@pytest.mark.parametrize("ahead", [KEPT + 60, 2 * KEPT, 86_400])
async def test_a_node_whose_clock_is_ahead_lets_no_recorded_request_in_again(
    db: HeldDatabase, join: Join, ahead: int
) -> None:
    now = db.now // 1000
    right, wrong = TableNonces(db), await join(now + ahead)
    assert await right.take(now, RECORDED)
    await wrong.sweep()
    assert not await right.take(now, RECORDED)
    for number in range(200):  # it also forgets while it takes
        await wrong.take(now + ahead, number.to_bytes(16))
    for node in (right, wrong):
        assert not await node.take(now, RECORDED)


async def test_a_node_whose_clock_is_behind_lets_no_recorded_request_in_again(db: HeldDatabase, join: Join) -> None:
    now = db.now // 1000
    right, late = TableNonces(db), await join(now - KEPT - 60)
    old = now - KEPT - 120
    assert await late.take(old, RECORDED)
    await right.sweep()
    assert not await late.take(old, RECORDED)
    assert await right.take(now, RECORDED)  # what can still come in is not refused


async def test_one_wrong_clock_keeps_nobody_out_since_the_database_s_own_is_asked_too(
    db: HeldDatabase, join: Join
) -> None:
    """What is refused for ever after a sweep is what both clocks call old; one that shows next year would shut the door until then."""
    now = int(time.time())
    right, wrong = await join(now), await join(now + 365 * 86_400)
    assert await right.take(now, RECORDED)
    assert await wrong.sweep() == 0
    assert not await right.take(now, RECORDED)
    assert await right.take(now, b"n" * 16)
