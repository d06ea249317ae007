"""Actions: what a write promises, on both engines. Each promise has a control that must break it."""

import asyncio

import pytest

from tests.conftest import HeldDatabase
from tests.db.ledger import (
    ADD_ENTRY,
    ADD_HALF,
    COUNT,
    NAMES,
    SET,
    WHOLE_NAMES,
    Refused,
    count_up,
    enter,
    enter_and_fail,
    names,
)
from volary.db import Tx
from volary.db.driving import ForeignWait, TxOver
from volary.db.errors import Duplicate, Unreferenced
from volary.kit.errors import Conflict


async def test_an_action_returns_its_value_once_it_is_kept(db: HeldDatabase) -> None:
    new = await db.write(enter, "a", text="with a keyword")
    assert new > 0
    assert await db.all(WHOLE_NAMES) == ["a"]


async def test_an_action_that_fails_is_undone_alone(db: HeldDatabase) -> None:
    ends = await asyncio.gather(
        *(db.write(enter_and_fail if number % 3 == 0 else enter, f"{number:02}") for number in range(30)),
        return_exceptions=True,
    )
    assert [isinstance(end, Refused) for end in ends] == [number % 3 == 0 for number in range(30)]
    assert sorted(await db.all(NAMES)) == sorted(await db.all(WHOLE_NAMES)) == [f"{n:02}" for n in range(30) if n % 3]


async def test_concurrent_read_and_write_back_loses_nothing(db: HeldDatabase) -> None:
    async def one_after_another() -> None:
        for _ in range(10):
            await _patiently(db, "n")

    await asyncio.gather(*(one_after_another() for _ in range(4)))
    assert await db.one(COUNT, name="n") == 40


async def test_control_two_writes_instead_of_one_lose_counts(db: HeldDatabase) -> None:
    """The same counting with the reading outside of the action: if this lost nothing, the test above would prove nothing."""

    async def set_to(tx: Tx, count: int) -> None:
        await tx.run(SET, name="n", count=count)

    everybody_has_read = asyncio.Barrier(4)

    async def count_wrongly() -> None:
        found = await db.one(COUNT, name="n") or 0
        await everybody_has_read.wait()
        await db.write(set_to, found + 1)

    await asyncio.gather(*(count_wrongly() for _ in range(4)))
    assert (await db.one(COUNT, name="n") or 0) < 4


async def _patiently(db: HeldDatabase, name: str) -> None:
    """Count up; on PostgreSQL three tries may all meet others, and then the caller is told to come again."""
    from volary.kit.errors import Busy

    while True:
        try:
            await db.write(count_up, name)
            return
        except Busy:
            await asyncio.sleep(0.01)


async def test_an_action_sees_its_own_writes_and_nobody_else_does(db: HeldDatabase) -> None:
    seen: list[list[str]] = []

    async def act(tx: Tx) -> None:
        await tx.run(ADD_ENTRY, id=1, name="mine", octets=None)
        seen.append(await names(tx))

    await db.write(act)
    assert seen[-1] == ["mine"]


async def test_a_refused_statement_ends_the_action(db: HeldDatabase) -> None:
    """An action that swallows a statement's error is not half done: PostgreSQL would not go on after it, so SQLite does not either."""

    async def swallow(tx: Tx) -> str:
        await enter(tx, "other")
        try:
            await enter(tx, "taken")
        except Conflict:
            return "as if nothing had happened"
        return "not taken"

    await db.write(enter, "taken")
    with pytest.raises(Duplicate):
        await db.write(swallow)
    assert await db.all(NAMES) == ["taken"]


async def test_an_action_may_put_a_refusal_into_its_own_words(db: HeldDatabase) -> None:
    async def in_own_words(tx: Tx) -> None:
        try:
            await enter(tx, "taken")
        except Duplicate as error:
            raise Refused("that name is taken") from error

    await db.write(enter, "taken")
    with pytest.raises(Refused, match="that name is taken"):
        await db.write(in_own_words)


async def test_a_taken_name_and_a_missing_parent_are_conflicts(db: HeldDatabase) -> None:
    async def orphan(tx: Tx) -> None:
        await tx.run(ADD_HALF, entry_id=404, text="whose?")

    await db.write(enter, "taken")
    with pytest.raises(Duplicate) as raised:
        await db.write(enter, "taken")
    assert raised.value.status == 409
    assert "taken" not in raised.value.why
    with pytest.raises(Unreferenced):
        await db.write(orphan)


async def test_an_action_that_waits_for_something_else_is_stopped_and_undone(db: HeldDatabase) -> None:
    async def sleepy(tx: Tx) -> None:
        await enter(tx, "sleepy")
        await asyncio.sleep(0)

    async def impatient(tx: Tx) -> None:
        await enter(tx, "impatient")
        await asyncio.get_running_loop().create_future()

    ends = await asyncio.gather(
        db.write(enter, "before"),
        db.write(sleepy),
        db.write(impatient),
        db.write(enter, "after"),
        return_exceptions=True,
    )
    assert [type(end) for end in ends] == [int, ForeignWait, ForeignWait, int]
    assert "sleepy" in str(ends[1])
    assert sorted(await db.all(NAMES)) == ["after", "before"]


async def test_a_write_within_an_action_is_a_bug_and_leaves_nothing(db: HeldDatabase) -> None:
    async def nested(tx: Tx) -> None:
        await enter(tx, "outer")
        await db.write(enter, "inner")

    with pytest.raises(ForeignWait):
        await db.write(nested)
    await db.write(enter, "later")
    assert await db.all(NAMES) == ["later"]


async def test_a_transaction_cannot_be_kept(db: HeldDatabase) -> None:
    kept: list[Tx] = []

    async def keep(tx: Tx) -> None:
        kept.append(tx)
        await enter(tx, "a")

    await db.write(keep)
    with pytest.raises(TxOver):
        await enter(kept[0], "b")
    with pytest.raises(TxOver):
        await kept[0].all(NAMES)
    assert await db.all(NAMES) == ["a"]


async def test_a_caller_that_goes_away_does_not_undo_its_action(db: HeldDatabase) -> None:
    begun = asyncio.Event()

    async def act(tx: Tx) -> None:
        await enter(tx, "kept")
        begun.set()

    caller = asyncio.create_task(db.write(act))
    other = asyncio.create_task(db.write(enter, "other"))
    await begun.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await other
    async with asyncio.timeout(60):
        while "kept" not in await db.all(NAMES):
            await asyncio.sleep(0.01)
    assert sorted(await db.all(WHOLE_NAMES)) == ["kept", "other"]


async def test_time_stands_still_within_an_action_and_ids_grow(db: HeldDatabase) -> None:
    async def act(tx: Tx) -> tuple[int, int, list[int]]:
        before = tx.now
        db.clock.advance(5)
        return before, tx.now, [tx.new_id() for _ in range(5000)]

    first, second, ids = await db.write(act)
    assert first == second == db.now - 5
    assert ids == sorted(set(ids))
    db.clock.advance(-3_600_000)
    assert (await db.write(act))[2][0] > ids[-1]
