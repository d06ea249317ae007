"""Nonces in the database, for a PostgreSQL that is used without Valkey: right for any number of processes, and a write per request."""

from sqlalchemy import bindparam, delete, select, tuple_

from volary.db import Database, Tx, statement, upsert
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
_EACH = 64
_STEP = 1000


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
        gone = 0
        while forgotten := await self._db.write(_forget, _STEP):
            gone += forgotten
        return gone

    async def close(self) -> None:
        pass


async def _take(tx: Tx, second: int, digest: bytes) -> bool:
    return await tx.run(_TAKE, second=second, digest=digest) == 1


async def _forget(tx: Tx, most: int) -> int:
    return await tx.run(_SWEEP, before=tx.now // 1000 - KEPT, most=most)
