"""Nonces as rows, for PostgreSQL without Valkey."""

import asyncio

import pytest
from sqlalchemy import func, select

from tests.conftest import HeldDatabase
from volary.db import statement
from volary.oauth.models import oauth1_nonces
from volary.oauth.oauth1.nonces.store import KEPT
from volary.oauth.oauth1.nonces.table import STEP, TableNonces

COUNT = statement(select(func.count()).select_from(oauth1_nonces), int)


@pytest.mark.attack("SR-048")
async def test_each_request_is_taken_once_by_any_process(db: HeldDatabase) -> None:
    one, other = TableNonces(db), TableNonces(db)
    assert await one.take(1, b"a" * 16)
    assert not await one.take(1, b"a" * 16)
    assert not await other.take(1, b"a" * 16)
    assert await other.take(2, b"a" * 16)
    assert await other.take(1, b"b" * 16)


async def test_of_many_at_once_one_is_taken(db: HeldDatabase) -> None:
    stores = [TableNonces(db) for _ in range(2)]
    taken = await asyncio.gather(*(store.take(7, b"c" * 16) for store in stores for _ in range(10)))
    assert sum(taken) == 1


async def test_old_entries_go_while_new_ones_come(db: HeldDatabase) -> None:
    store = TableNonces(db)
    now = db.now // 1000
    for number in range(100):
        await store.take(now, number.to_bytes(16))
    db.clock.advance((KEPT + STEP) * 1000)
    for number in range(100):
        await store.take(now + KEPT + STEP, number.to_bytes(16))
    assert await db.one(COUNT) == 100


@pytest.mark.attack("SR-366")
async def test_a_sweep_forgets_everything_old(db: HeldDatabase) -> None:
    store = TableNonces(db)
    for number in range(50):
        await store.take(db.now // 1000, number.to_bytes(16))
    assert await store.sweep() == 0
    db.clock.advance((KEPT + STEP) * 1000)
    assert await store.sweep() == 50
    assert await db.one(COUNT) == 0
