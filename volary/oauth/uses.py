"""When and from where grants and credentials were last used, without a write on a read.

Uses are noted in memory and written every few seconds, so what pages show may be that old, and a crash loses the last of it. That
is enough for "last used"; nothing is decided by it.
"""

import asyncio
from collections.abc import Sequence
from itertools import islice

from sqlalchemy import Table, bindparam, update

from volary.db import Database, Statement, Tx, statement
from volary.developers.models import credentials
from volary.oauth.models import families, grants

FLUSH_SECONDS = 5
"""How often a process writes down what it noted."""

MOST = 20_000
"""Noted uses that wait at most; those of further sign-ins are dropped until the next flush, so memory stays bounded (SR-367)."""

_BATCH = 500


def _touch(table: Table) -> Statement[None]:
    return statement(
        update(table)
        .where(table.c.id == bindparam("id"), table.c.last_used_at.is_(None) | (table.c.last_used_at < bindparam("at")))
        .values(last_used_at=bindparam("at"), last_used_address=bindparam("address"))
    )


_TOUCH_GRANT, _TOUCH_FAMILY = _touch(grants), _touch(families)
_TOUCH_CREDENTIAL = statement(
    update(credentials)
    .where(
        credentials.c.digest == bindparam("digest"),
        (credentials.c.last_used_at.is_(None)) | (credentials.c.last_used_at < bindparam("at")),
    )
    .values(last_used_at=bindparam("at"))
)


class Uses:
    """The uses that this process noted and has not written yet. One per process, in its resources."""

    def __init__(self) -> None:
        self._families: dict[int, tuple[int, int, str]] = {}
        self._credentials: dict[bytes, int] = {}
        self._writing = asyncio.Lock()

    def family(self, family_id: int, grant_id: int, at: int, address: str) -> None:
        """A token of a grant's family was used at this moment from this address."""
        if family_id in self._families or len(self._families) < MOST:
            self._families[family_id] = (grant_id, at, address)

    def credential(self, digest: bytes, at: int) -> None:
        """An App's credential (API key, client secret, bearer) was used; `digest` is its key in the table."""
        if digest in self._credentials or len(self._credentials) < MOST:
            self._credentials[digest] = at

    async def flush(self, db: Database) -> int:
        """Write down what was noted since the last time, in small actions; how many rows were named. What a database that is away does not
        take waits for the next time.
        """
        async with self._writing:  # whoever asks meanwhile is answered when that is written, too
            families, self._families = self._families, {}
            keys, self._credentials = self._credentials, {}
            try:
                await _write(db, list(families.items()), list(keys.items()))
            except BaseException:
                self._families = dict(islice((families | self._families).items(), MOST))
                self._credentials = dict(islice((keys | self._credentials).items(), MOST))
                raise
            return len(families) + len(keys)


async def _write(
    db: Database, families: Sequence[tuple[int, tuple[int, int, str]]], keys: Sequence[tuple[bytes, int]]
) -> None:
    for start in range(0, len(families), _BATCH):
        await db.write(_touch_families, families[start : start + _BATCH])
    for start in range(0, len(keys), _BATCH):
        await db.write(_touch_credentials, keys[start : start + _BATCH])


async def _touch_families(tx: Tx, noted: Sequence[tuple[int, tuple[int, int, str]]]) -> None:
    for family_id, (grant_id, at, address) in noted:
        await tx.run(_TOUCH_FAMILY, id=family_id, at=at, address=address)
        await tx.run(_TOUCH_GRANT, id=grant_id, at=at, address=address)


async def _touch_credentials(tx: Tx, noted: Sequence[tuple[bytes, int]]) -> None:
    for digest, at in noted:
        await tx.run(_TOUCH_CREDENTIAL, digest=digest, at=at)
