"""PostgreSQL refuses every fifth transaction for having met another one: whoever waits never hears of it, and counts are exact (SR-340)."""

import asyncio
import random
from collections.abc import Callable, Iterator
from typing import Any

import asyncpg
import pytest

from tests.conftest import HeldDatabase
from tests.db.ledger import COUNT, WHOLE_NAMES, count_up, enter
from volary.db import Tx
from volary.db.postgres import engine as postgres_engine
from volary.db.postgres.engine import PostgresEngine
from volary.kit.errors import Busy

pytestmark = pytest.mark.attack("SR-340")

FAULTS = (asyncpg.SerializationError("could not serialize access"), asyncpg.DeadlockDetectedError("deadlock detected"))


class Unlucky(PostgresEngine):
    """Every so many attempts fail as the server would fail them: amid the action, or at its commit, when nothing is kept."""

    rate = 0.2
    attempts = 0
    injected = 0
    chance = random.Random(5)

    async def _attempt(self, action: Callable[[Any], Any]) -> Any:
        Unlucky.attempts += 1
        if self.chance.random() >= self.rate:
            return await super()._attempt(action)
        Unlucky.injected += 1
        fault = self.chance.choice(FAULTS)

        async def doomed(tx: Tx) -> Any:
            await action(tx)
            raise fault

        return await super()._attempt(doomed)


class TriesOnce(Unlucky):
    """The control: nobody tries again."""

    async def _write(self, action: Callable[[Any], Any]) -> Any:
        try:
            return await self._attempt(action)
        except FAULTS_OF as error:
            raise Busy("met another one", retry_after=1, why=repr(error)) from error


FAULTS_OF = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)


@pytest.fixture(params=[Unlucky, TriesOnce])
def unlucky(request: pytest.FixtureRequest, postgres_db: HeldDatabase) -> Iterator[type[Unlucky]]:
    kind: type[Unlucky] = request.param
    Unlucky.attempts = Unlucky.injected = 0
    Unlucky.chance = random.Random(5)
    postgres_db.engine.__class__ = kind
    yield kind
    postgres_db.engine.__class__ = PostgresEngine


async def test_at_a_fifth_nobody_hears_of_it_and_counts_are_exact(
    postgres_db: HeldDatabase, unlucky: type[Unlucky]
) -> None:
    async def act(number: int) -> object:
        async def both(tx: Tx) -> int:
            await enter(tx, f"{number:03}")
            return await count_up(tx, "n")

        return await postgres_db.write(both)

    ends = []
    for first in range(0, 200, 8):
        ends += await asyncio.gather(*(act(number) for number in range(first, first + 8)), return_exceptions=True)
    kept = [end for end in ends if isinstance(end, int)]
    assert Unlucky.injected > 30
    assert await postgres_db.one(COUNT, name="n") == len(kept) == len(await postgres_db.all(WHOLE_NAMES))
    right = sorted(kept) == list(range(1, 201))
    assert right == (unlucky is Unlucky)


async def test_the_tries_have_an_end(
    postgres_db: HeldDatabase, unlucky: type[Unlucky], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Unlucky, "rate", 1.0)
    with pytest.raises(Busy):
        await postgres_db.write(enter, "never")
    assert Unlucky.attempts == (postgres_engine.TRIES if unlucky is Unlucky else 1)
    assert await postgres_db.all(WHOLE_NAMES) == []
