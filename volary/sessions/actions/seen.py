"""When a session was last seen: noted in memory on each request, written for all of them together every half minute."""

from collections.abc import Iterable

from sqlalchemy import bindparam, update

from volary.db import Database, Tx, in_list, statement
from volary.kit.clock import MINUTE
from volary.kit.errors import Busy
from volary.sessions.models import sessions

_TOUCH = statement(update(sessions).where(in_list(sessions.c.id, "ids")).values(last_seen_at=bindparam("at")))


class Seen:
    """The sessions that were seen since the last time that this was written down."""

    def __init__(self) -> None:
        self._ids: set[int] = set()

    def note(self, session_id: int, last_seen_at: int, now: int) -> None:
        """Note a session, if what is written about it is more than a minute old."""
        if now - last_seen_at >= MINUTE:
            self._ids.add(session_id)

    async def write(self, db: Database) -> int:
        """Write down what was noted; how many sessions. When the database is busy, the next call does it."""
        ids, self._ids = self._ids, set()
        if ids:
            try:
                await db.write(touch, ids)
            except Busy:
                self._ids |= ids
                return 0
        return len(ids)


async def touch(tx: Tx, session_ids: Iterable[int]) -> None:
    """Write that these sessions are in use."""
    await tx.run(_TOUCH, ids=sorted(session_ids), at=tx.now)
