"""When and from where grants and credentials were last used, without a write on a read.

Uses are noted in memory and written every few seconds, so what pages show may be that old, and a crash loses the last of it. That
is enough for "last used"; nothing is decided by it.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, update

from volary.db import Database, Tx, statement
from volary.developers.models import credentials
from volary.oauth.models import grants

FLUSH_SECONDS = 5
"""How often a process writes down what it noted."""

MOST = 20_000
"""Noted uses that wait at most; those of further grants are dropped until the next flush, so memory stays bounded (SR-367)."""

_BATCH = 500

_TOUCH_GRANT = statement(
    update(grants)
    .where(
        grants.c.id == bindparam("grant_id"),
        (grants.c.last_used_at.is_(None)) | (grants.c.last_used_at < bindparam("at")),
    )
    .values(last_used_at=bindparam("at"), last_used_address=bindparam("address"))
)
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
        self._grants: dict[int, tuple[int, str]] = {}
        self._credentials: dict[bytes, int] = {}

    def grant(self, grant_id: int, at: int, address: str) -> None:
        """A grant's token was used at this moment from this address."""
        if grant_id in self._grants or len(self._grants) < MOST:
            self._grants[grant_id] = (at, address)

    def credential(self, digest: bytes, at: int) -> None:
        """An App's credential (API key, client secret, bearer) was used; `digest` is its key in the table."""
        if digest in self._credentials or len(self._credentials) < MOST:
            self._credentials[digest] = at

    async def flush(self, db: Database) -> int:
        """Write down what was noted since the last time, in small actions; how many rows were named."""
        noted, self._grants = list(self._grants.items()), {}
        keys, self._credentials = list(self._credentials.items()), {}
        for start in range(0, len(noted), _BATCH):
            await db.write(_touch_grants, noted[start : start + _BATCH])
        for start in range(0, len(keys), _BATCH):
            await db.write(_touch_credentials, keys[start : start + _BATCH])
        return len(noted) + len(keys)


async def _touch_grants(tx: Tx, noted: Sequence[tuple[int, tuple[int, str]]]) -> None:
    for grant_id, (at, address) in noted:
        await tx.run(_TOUCH_GRANT, grant_id=grant_id, at=at, address=address)


async def _touch_credentials(tx: Tx, noted: Sequence[tuple[bytes, int]]) -> None:
    for digest, at in noted:
        await tx.run(_TOUCH_CREDENTIAL, digest=digest, at=at)
