"""How often posts are seen (C034): counted in memory when an answer shows them, and written for many together.

A view is a post that an answer shows to somebody else than its author; an app on its own is nobody. A crash loses the views of the last
seconds; nothing is decided by them.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from volary.api.kinds import Row, View
from volary.db import Database
from volary.kit.errors import Busy
from volary.posts.actions.counting import count_views
from volary.posts.models import PostRow
from volary.posts.rules.counts import hour_of

WRITE_SECONDS = 2
"""How often a process writes down what it counted."""

MOST = 50_000
"""Posts whose views wait at most; those of further posts are not counted until the next time, so memory stays bounded (SR-367)."""

_BATCH = 200


class Views:
    """The views that this process counted and has not written yet. Several processes each add their own."""

    def __init__(self) -> None:
        self._waiting: dict[int, int] = {}
        self._writing = asyncio.Lock()

    def shown(self, rows: Sequence[Row], shapes: Sequence[dict[str, object]], view: View) -> None:
        """Count what an answer shows, and let its numbers hold what waits to be written. Once in an answer is once seen."""
        waiting, viewer = self._waiting, view.caller.account_id
        for row, shape in zip(rows, shapes, strict=True):
            if waiting and (known := waiting.get(row.id)):
                _add(shape, known)
            if viewer is None or row.author_id == viewer or row.repost_of_id is not None or row.id in view.shown:
                continue
            view.shown.add(row.id)
            self._count(row.id)

    def shown_on_page(self, rows: Iterable[PostRow], viewer: int) -> None:
        """Count what a page shows to somebody who is signed in; a post that stands there twice is seen once."""
        for post_id in {row.id for row in rows if row.author_id != viewer}:
            self._count(post_id)

    def _count(self, post_id: int) -> None:
        if post_id in self._waiting or len(self._waiting) < MOST:
            self._waiting[post_id] = self._waiting.get(post_id, 0) + 1

    async def write(self, db: Database) -> int:
        """Add what was counted until now to the posts, in small actions; how many posts. What a busy database does not take waits on."""
        async with self._writing:  # whoever asks meanwhile is answered when that is written, too
            return await self._write(db)

    async def _write(self, db: Database) -> int:
        counted, self._waiting = sorted(self._waiting.items()), {}
        for start in range(0, len(counted), _BATCH):
            some = counted[start : start + _BATCH]
            try:
                await db.write(count_views, some, hour_of(db.now))
            except Exception as error:
                self._keep(counted[start:])
                if isinstance(error, Busy):
                    break
                raise
        return len(counted)

    def _keep(self, counted: Sequence[tuple[int, int]]) -> None:
        for post_id, number in counted:
            self._waiting[post_id] = self._waiting.get(post_id, 0) + number


def _add(shape: dict[str, object], number: int) -> None:
    """Add views to the numbers of an object, where it has any."""
    for name in ("public_metrics", "non_public_metrics", "organic_metrics"):
        metrics = shape.get(name)
        if isinstance(metrics, Mapping):
            shape[name] = {**metrics, "impression_count": metrics["impression_count"] + number}
