"""Counting how often videos are played: in memory first, written down every few seconds (a play is a request for their beginning)."""

import asyncio
from collections import Counter

from sqlalchemy import bindparam, update

from volary.db import Database, Tx, statement, upsert
from volary.kit.clock import HOUR
from volary.media.models import media, media_views

FLUSH_SECONDS = 5
MOST = 10_000
"""Videos and hours that are held; more of them between two writings are not counted."""

_ADD = statement(
    upsert(
        media_views,
        values=["media_id", "hour", "views"],
        key=["media_id", "hour"],
        update={"views": media_views.c.views + bindparam("views")},
    )
)
_SUM = statement(
    update(media).where(media.c.id == bindparam("media_id")).values(view_count=media.c.view_count + bindparam("views"))
)


class Plays:
    """The plays of one process that are not written down yet."""

    def __init__(self) -> None:
        self._held: Counter[tuple[int, int]] = Counter()
        self._writing = asyncio.Lock()

    def count(self, media_id: int, now: int) -> None:
        """One more play."""
        key = (media_id, now // HOUR)
        if key in self._held or len(self._held) < MOST:
            self._held[key] += 1

    async def flush(self, db: Database) -> None:
        """Write down what is held; what could not be written is held on to."""
        async with self._writing:  # whoever asks meanwhile is answered when that is written, too
            held, self._held = self._held, Counter()
            try:
                if held:
                    await db.write(_write, held)
            except BaseException:
                self._held.update(held)
                raise


async def _write(tx: Tx, held: Counter[tuple[int, int]]) -> None:
    for (media_id, hour), views in sorted(held.items()):
        if await tx.run(_SUM, media_id=media_id, views=views):  # a media that is gone is not counted
            await tx.run(_ADD, media_id=media_id, hour=hour, views=views)
