"""Statements: what reaches the driver, and what comes back, is the same on both engines."""

import sqlite3
from typing import assert_type

import msgspec
import pytest
from sqlalchemy import bindparam, delete, func, or_, select, union_all, update

from tests.conftest import HeldDatabase
from tests.db.ledger import ADD_ENTRY, ADD_ONE, COUNT, ENTRY, NAMES, SET, EntryRow, counters, entries, halves
from volary.db import Tx, in_list, statement, upsert
from volary.db.sqlite.connections import path_of
from volary.db.sqlite.rows import DIALECT
from volary.kit.errors import Invalid


class IdName(msgspec.Struct, frozen=True):
    id: int
    name: str


BY_IDS = statement(
    select(entries.c.id, entries.c.name).where(in_list(entries.c.id, "ids")).order_by(entries.c.id), IdName
)
BY_NAMES = statement(select(entries.c.name).where(in_list(entries.c.name, "names")).order_by(entries.c.id), str)
WITH_LITERALS = statement(
    select(entries.c.name)
    .where(entries.c.id > 1, entries.c.name.in_(["b", "c", "d"]), entries.c.name != bindparam("name"))
    .order_by(entries.c.id.desc())
    .limit(1),
    str,
)
FIRST = statement(select(entries.c.name).order_by(entries.c.id).limit(bindparam("many")), str)
SAME_TWICE = statement(
    select(entries.c.name).where((entries.c.name == bindparam("name")) | (entries.c.name > bindparam("name"))), str
)
TAKE = statement(
    delete(entries).where(entries.c.name == bindparam("name")).returning(entries.c.id, entries.c.name), IdName
)
ADD_ONCE = statement(upsert(entries, values=["id", "name"], key=["name"]).returning(entries.c.id), int)
RAISE = statement(
    upsert(
        counters,
        values=["name", "count"],
        key=["name"],
        update={"count": counters.c.count + bindparam("count")},
        where=counters.c.count < 10,
    ).returning(counters.c.count),
    int,
)


class Sums(msgspec.Struct, frozen=True):
    total: int
    many: int


SUMS = statement(select(func.sum(entries.c.id).label("total"), func.count().label("many")).select_from(entries), Sums)


async def add(tx: Tx, *names: str) -> None:
    for number, name in enumerate(names, 1):
        await tx.run(ADD_ENTRY, id=number, name=name, octets=name.encode("utf-8", "surrogatepass"))


async def test_rows_become_structs_by_position(db: HeldDatabase) -> None:
    await db.write(add, "a", "b", "ü\n'🦋\"")
    assert await db.one(ENTRY, name="b") == EntryRow(2, "b", b"b")
    assert await db.all(NAMES) == ["a", "b", "ü\n'🦋\""]
    assert await db.one(ENTRY, name="nobody") is None


async def test_lists_are_parameters(db: HeldDatabase) -> None:
    await db.write(add, "a", "b", "c")
    assert await db.all(BY_IDS, ids=[3, 1, 99]) == [IdName(1, "a"), IdName(3, "c")]
    assert await db.all(BY_IDS, ids=(2,)) == [IdName(2, "b")]
    assert await db.all(BY_IDS, ids=[]) == []
    assert await db.all(BY_IDS, ids=[2**63 - 1, -(2**63)]) == []
    assert await db.all(BY_NAMES, names=["c", "a'; --", "🦋"]) == ["c"]


NEITHER = statement(
    select(entries.c.name).where(
        ~in_list(entries.c.id, "ids"), or_(in_list(entries.c.name, "names"), entries.c.id == 4)
    ),
    str,
)


async def test_a_list_may_be_negated_and_combined(db: HeldDatabase) -> None:
    await db.write(add, "a", "b", "c", "d")
    assert await db.all(NEITHER, ids=[1, 3], names=["a", "b", "c"]) == ["b", "d"]


def test_a_list_is_looked_up_by_index_on_sqlite(sqlite_ledger_url: str) -> None:
    connection = sqlite3.connect(path_of(sqlite_ledger_url))
    for asked in (BY_IDS, BY_NAMES):
        plan = connection.execute(f"EXPLAIN QUERY PLAN {asked.compiled(DIALECT).sql}", ("[]",)).fetchall()
        assert plan[0][3].startswith("SEARCH test_entries")
    connection.close()


async def test_values_written_in_a_statement_need_no_parameter(db: HeldDatabase) -> None:
    await db.write(add, "a", "b", "c", "d")
    assert await db.one(WITH_LITERALS, name="d") == "c"
    assert await db.all(FIRST, many=2) == ["a", "b"]
    assert await db.all(SAME_TWICE, name="c") == ["c", "d"]


async def test_sums_are_integers(db: HeldDatabase) -> None:
    await db.write(add, "a", "b", "c")
    found = await db.one(SUMS)
    assert found == Sums(6, 3)
    assert found is not None
    assert type(found.total) is int


async def test_what_returns_rows_is_taken_once(db: HeldDatabase) -> None:
    async def take(tx: Tx, name: str) -> IdName | None:
        return await tx.one(TAKE, name=name)

    await db.write(add, "a")
    assert await db.write(take, "a") == IdName(1, "a")
    assert await db.write(take, "a") is None


async def test_an_upsert_inserts_or_updates_or_leaves_alone(db: HeldDatabase) -> None:
    async def act(tx: Tx) -> None:
        assert await tx.one(ADD_ONCE, id=7, name="once") == 7
        assert await tx.one(ADD_ONCE, id=8, name="once") is None
        assert await tx.run(SET, name="n", count=1) == 1
        assert await tx.run(SET, name="n", count=5) == 1
        assert await tx.one(RAISE, name="n", count=6) == 11
        assert await tx.one(RAISE, name="n", count=6) is None
        assert await tx.run(ADD_ONE, name="n") == 1
        assert await tx.run(ADD_ONE, name="unknown") == 0

    await db.write(act)
    assert await db.one(COUNT, name="n") == 12
    assert [row.id for row in await db.all(BY_IDS, ids=[7, 8])] == [7]


@pytest.mark.parametrize("wrong", [{}, {"nam": "a"}, {"name": "a", "more": 1}])
async def test_missing_and_unknown_parameters_are_bugs(db: HeldDatabase, wrong: dict[str, str]) -> None:
    with pytest.raises(TypeError, match=r"takes the parameters \['name'\]"):
        await db.one(ENTRY, **wrong)


@pytest.mark.parametrize("text", ["\ud800", "a\0b"], ids=["lone surrogate", "NUL"])
@pytest.mark.attack("SR-245")
async def test_a_text_that_cannot_be_kept_is_refused(db: HeldDatabase, text: str) -> None:
    with pytest.raises(Invalid):
        await db.write(add, "fine", text)
    assert await db.all(NAMES) == []


async def test_a_number_above_64_bits_is_refused(db: HeldDatabase) -> None:
    async def act(tx: Tx) -> None:
        await tx.run(ADD_ENTRY, id=2**63, name="big", octets=None)

    with pytest.raises(Invalid):
        await db.write(act)
    with pytest.raises(Invalid):
        await db.all(FIRST, many=2**63)


async def test_lists_are_checked_alike(db: HeldDatabase) -> None:
    with pytest.raises(Invalid):
        await db.all(BY_IDS, ids=[1, 2**63])
    with pytest.raises(Invalid):
        await db.all(BY_NAMES, names=["fine", "\ud800"])
    with pytest.raises(Exception) as raised:
        await db.all(BY_NAMES, names="one text")
    assert not isinstance(raised.value, Invalid)


async def test_the_type_of_a_row_is_known(db: HeldDatabase) -> None:
    """What is asserted here is read by mypy."""
    assert_type(await db.one(ENTRY, name="a"), EntryRow | None)
    assert_type(await db.all(NAMES), list[str])
    assert_type(await db.long.one(COUNT, name="a"), int | None)


async def test_a_wrong_kind_of_value_is_a_bug_and_not_kept(db: HeldDatabase) -> None:
    async def act(tx: Tx) -> None:
        await tx.run(ADD_ENTRY, id="seven", name="text in a number", octets=None)

    with pytest.raises(Exception) as raised:
        await db.write(act)
    assert not isinstance(raised.value, Invalid)
    assert await db.all(NAMES) == []


async def test_a_reader_changes_nothing(db: HeldDatabase) -> None:
    await db.write(add, "a")
    for reader in (db, db.long):
        with pytest.raises(TypeError, match="in an action"):
            await reader.one(TAKE, name="a")
        with pytest.raises(TypeError, match="in an action"):
            await reader.all(TAKE, name="a")
    assert await db.all(NAMES) == ["a"]


async def test_long_reads_give_the_same(db: HeldDatabase) -> None:
    await db.write(add, "a", "b")
    assert await db.long.one(ENTRY, name="a") == await db.one(ENTRY, name="a")
    assert await db.long.all(NAMES) == ["a", "b"]
    assert db.long.now == db.now


def test_a_row_type_must_fit_its_columns() -> None:
    with pytest.raises(TypeError, match="has the fields"):
        statement(select(entries.c.id), IdName)
    with pytest.raises(TypeError, match="filled from 'name'"):
        statement(select(entries.c.name, entries.c.id), IdName)
    with pytest.raises(TypeError, match="needs a row type"):
        statement(select(entries.c.id))
    with pytest.raises(TypeError, match="needs a row type"):
        statement(update(entries).values(name="x").returning(entries.c.id))
    with pytest.raises(TypeError, match="has the fields"):
        statement(upsert(entries, values=["id"], key=["id"]), int)


def test_columns_may_be_labelled_joined_and_united() -> None:
    statement(select(halves.c.entry_id.label("id"), halves.c.text.label("name")), IdName)
    statement(select(entries.c.id, halves.c.text.label("name")).join(halves), IdName)
    both = union_all(select(entries.c.id, entries.c.name), select(entries.c.id, entries.c.name))
    statement(both, IdName)
    statement(select(func.count()).select_from(entries), int)
