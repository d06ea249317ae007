"""Nonces in the database, for a PostgreSQL that is used without Valkey: right for any number of processes, and a write per request.

Nodes may have clocks that are not alike, so what is old is not for one of them to say. Nothing is forgotten that is not old by the
database's clock too; and the second before which anything was forgotten, the floor, is written down in the same action. Whatever lies
below it is refused, since it can no longer be told apart from what was seen.
"""

from sqlalchemy import BigInteger, Integer, bindparam, cast, delete, extract, func, select, tuple_

from volary.db import Database, Tx, statement, upsert
from volary.db.batches import in_batches
from volary.db.constructs import EachEngine
from volary.oauth.models import oauth1_nonce_floors as floors
from volary.oauth.models import oauth1_nonces as table
from volary.oauth.oauth1.nonces.store import KEPT

_TAKE = statement(upsert(table, values=["second", "digest"], key=["second", "digest"]))
_OLD = (
    select(table.c.second, table.c.digest)
    .where(table.c.second < bindparam("before"))
    .order_by(table.c.second)
    .limit(bindparam("most"))
)
_SWEEP = statement(delete(table).where(tuple_(table.c.second, table.c.digest).in_(_OLD)))
_ITS_SECOND = statement(
    EachEngine(
        sqlite=select(cast(func.strftime("%s", "now"), Integer)),
        postgresql=select(cast(extract("epoch", func.clock_timestamp()), BigInteger)),
    ),
    int,
)
_FLOOR = statement(select(floors.c.second).where(floors.c.id == 1), int)
_RAISE = statement(upsert(floors, values={"id": 1, "second": bindparam("second")}, key=["id"], update=["second"]))

STEP = 60
"""Seconds by which the floor rises: every take reads it, and what changes seldom seldom makes one wait."""
_EACH = 64
_PORTION = 1000


class TableNonces:
    """Nonces as rows."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._taken = 0

    async def take(self, second: int, digest: bytes) -> bool:
        self._taken += 1
        if self._taken % _EACH == 0:
            await self._db.write(_forget, 4 * _EACH)
        return await self._db.write(_take, second, digest)

    async def sweep(self) -> int:
        return await in_batches(self._db, _PORTION, _forget, _PORTION)

    async def close(self) -> None:
        pass


async def _take(tx: Tx, second: int, digest: bytes) -> bool:
    if second < (await tx.one(_FLOOR) or 0):
        return False
    return await tx.run(_TAKE, second=second, digest=digest) == 1


async def _forget(tx: Tx, most: int) -> int:
    its_second = await tx.one(_ITS_SECOND) or 0
    before = (min(tx.now // 1000, its_second) - KEPT) // STEP * STEP
    floor = await tx.one(_FLOOR) or 0
    if before > floor:
        await tx.run(_RAISE, second=before)
    return await tx.run(_SWEEP, before=max(before, floor), most=most)
