"""Indexing beside the requests: what was just posted gets its document, what was deleted or replaced loses it.

A post is answered before it is indexed, so that posting costs nothing more. Nothing that must be kept from somebody depends on this task:
searching asks the posts themselves whether they are deleted and who may see them.
"""

from volary.db import Database
from volary.kit.clock import MINUTE, SECOND
from volary.kit.ids import first_id_at, moment_of
from volary.kit.resting import Resting
from volary.posts.rules.answering import kept_entities
from volary.posts.rules.media import kinds_in
from volary.search.actions import Document, add_documents, remove_documents
from volary.search.models import IndexedRow
from volary.search.queries.indexing import newest_indexed, not_indexed, wrongly_indexed
from volary.search.rules.documents import Facts, document

INDEX_SECONDS = 1.0
"""How often a process looks for new posts."""

BATCH = 50
"""Documents in one action: about two milliseconds, so that others who write do not notice."""

LATE = 15 * SECOND
"""Several processes make ids, so a post may appear this much later than one with a larger id; its language may come as late."""

BACK = 3 * SECOND
"""How often what was looked at is looked at again, for what came late."""

_LATE_AT_START = 10 * MINUTE


class Indexer:
    """Where the task stands: everything up to `_after` is indexed, and what was deleted before `_since` is out."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._after: int | None = None
        self._reached = 0  # what is above was never looked at
        self._back_at = 0
        self._since = 0

    async def run(self) -> int:
        """Bring the index up to date; how many documents were written or taken out."""
        return await self._take_out() + await self._put_in()

    async def _put_in(self) -> int:
        db = self._db
        if self._after is None:
            self._after = max(0, first_id_at(moment_of(await newest_indexed(db)) - _LATE_AT_START) - 1)
        written, began = 0, db.now
        looks_back = began >= self._back_at
        after = self._after if looks_back else max(self._after, self._reached)
        while rows := await not_indexed(db.long, after, BATCH):
            async with Resting():
                await db.write(add_documents, [_document(row) for row in rows])
            written += len(rows)
            after = rows[-1].id
        self._reached = max(self._reached, after)
        if looks_back:
            self._back_at = began + BACK
        self._after = max(self._after, first_id_at(began - LATE) - 1)
        return written

    async def _take_out(self) -> int:
        began, removed = self._db.now, 0
        while ids := await wrongly_indexed(self._db.long, self._since, BATCH):
            await self._db.write(remove_documents, ids)
            removed += len(ids)
        self._since = began - LATE
        return removed


def _document(row: IndexedRow) -> Document:
    facts = Facts(
        text=row.text,
        entities=kept_entities(row.entities),
        language=row.language,
        author_id=row.author_id,
        conversation_id=row.conversation_id,
        reply_to_id=row.reply_to_id,
        reply_to_author_id=row.reply_to_author_id,
        quote_of_id=row.quote_of_id,
        repost_of_id=row.repost_of_id,
        original_author_id=row.original_author_id,
        media=kinds_in(row.media_ids),
    )
    return row.id, " ".join(document(facts)), row.language
