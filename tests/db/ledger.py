"""Tables and actions of the database room's own tests: entries whose two halves must always stand together, and counters."""

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
)
from sqlalchemy import update as change

from volary.db import Reader, Tx, statement, upsert

ledger = MetaData()
_Whole = BigInteger().with_variant(Integer(), "sqlite")

entries = Table(
    "test_entries",
    ledger,
    Column("id", _Whole, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
    Column("octets", LargeBinary),
    sqlite_strict=True,
)
halves = Table(
    "test_halves",
    ledger,
    Column("entry_id", _Whole, ForeignKey("test_entries.id"), primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    sqlite_strict=True,
)
counters = Table(
    "test_counters",
    ledger,
    Column("name", Text, primary_key=True),
    Column("count", _Whole, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)


class EntryRow(msgspec.Struct, frozen=True):
    id: int
    name: str
    octets: bytes | None


ADD_ENTRY = statement(insert(entries).values({name: bindparam(name) for name in ("id", "name", "octets")}))
ADD_HALF = statement(insert(halves).values(entry_id=bindparam("entry_id"), text=bindparam("text")))
ENTRY = statement(
    select(entries.c.id, entries.c.name, entries.c.octets).where(entries.c.name == bindparam("name")), EntryRow
)
NAMES = statement(select(entries.c.name).order_by(entries.c.id), str)
WHOLE_NAMES = statement(select(entries.c.name).join(halves).order_by(entries.c.id), str)
HALVES = statement(select(func.count()).select_from(halves), int)
COUNT = statement(select(counters.c.count).where(counters.c.name == bindparam("name")), int)
SET = statement(upsert(counters, values=["name", "count"], key=["name"], update=["count"]))
ADD_ONE = statement(change(counters).where(counters.c.name == bindparam("name")).values(count=counters.c.count + 1))


async def enter(tx: Tx, name: str, text: str = "half") -> int:
    """Write an entry and its half."""
    new = tx.new_id()
    await tx.run(ADD_ENTRY, id=new, name=name, octets=None)
    await tx.run(ADD_HALF, entry_id=new, text=text)
    return new


async def enter_and_fail(tx: Tx, name: str) -> None:
    """Write the first half, then refuse."""
    await tx.run(ADD_ENTRY, id=tx.new_id(), name=name, octets=None)
    raise Refused(name)


async def count_up(tx: Tx, name: str) -> int:
    """Read a counter and write it back, one higher: right only if nobody writes in between."""
    found = await tx.one(COUNT, name=name) or 0
    await tx.run(SET, name=name, count=found + 1)
    return found + 1


async def names(reader: Reader) -> list[str]:
    return await reader.all(NAMES)


class Refused(Exception):
    """What an action of these tests refuses with."""
