"""Statements: what reaches the driver, and what comes back, is the same on both engines."""

import asyncio

import msgspec
from sqlalchemy import bindparam, func, insert, select, update

from tests.conftest import HeldDatabase
from volary.accounts.models import accounts
from volary.db import Tx, in_list, statement


class NameRow(msgspec.Struct, frozen=True):
    id: int
    username: str


_COLUMNS = ("id", "username", "username_key", "name", "created_at")
_ADD = statement(insert(accounts).values({name: bindparam(name) for name in _COLUMNS}))
_BY_ID = statement(
    select(accounts.c.id, accounts.c.username)
    .where(accounts.c.id == bindparam("id"), accounts.c.state == "active")
    .limit(1),
    NameRow,
)
_BY_IDS = statement(
    select(accounts.c.id, accounts.c.username).where(
        in_list(accounts.c.id, "ids"), accounts.c.state.in_(["active", "locked"])
    ),
    NameRow,
)
_RENAME = statement(update(accounts).where(in_list(accounts.c.username, "names")).values(name=bindparam("name")))
_TOTAL = statement(select(func.sum(accounts.c.created_at)), int)


async def _add(tx: Tx, name: str) -> int:
    new = tx.new_id()
    await tx.run(_ADD, id=new, username=name, username_key=name, name=name, created_at=tx.now)
    return new


async def _rename(tx: Tx, names: list[str], name: str) -> int:
    return await tx.run(_RENAME, names=names, name=name)


async def test_rows_come_back_as_structs_and_lists_are_parameters(db: HeldDatabase) -> None:
    ids = await asyncio.gather(*(db.write(_add, f"u{number}") for number in range(30)))
    assert len(set(ids)) == 30
    assert await db.one(_BY_ID, id=ids[3]) == NameRow(ids[3], "u3")
    assert len(await db.all(_BY_IDS, ids=ids[:7])) == 7
    assert await db.all(_BY_IDS, ids=[]) == []
    assert await db.write(_rename, ["u1", "u2"], "N") == 2
    assert await db.long.one(_BY_ID, id=ids[0]) == NameRow(ids[0], "u0")
    assert await db.one(_TOTAL) == 30 * db.now
