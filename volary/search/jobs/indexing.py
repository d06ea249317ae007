"""What becomes of new posts beside the requests: each gets its language and its document in the index, in one walk; what was deleted or
replaced loses its document.

A post is answered before, so that posting costs nothing more. Nothing that must be kept from somebody depends on this task: searching
asks the posts themselves whether they are deleted and who may see them.
"""

import msgspec

from volary.db import Database, Reader
from volary.kit.clock import MINUTE, SECOND
from volary.kit.ids import first_id_at, moment_of
from volary.kit.resting import Resting
from volary.posts.rules.answering import kept_entities
from volary.posts.rules.detecting import Detect, language_of, loaded
from volary.posts.rules.languages import UNDETERMINED
from volary.posts.rules.media import kinds_in
from volary.search.actions import Document, remove_documents, take_in
from volary.search.models import IndexedRow
from volary.search.queries.indexing import newest_indexed, not_indexed, wrongly_indexed
from volary.search.rules.documents import Facts, document

INDEX_SECONDS = 1.0
"""How often a process looks for new posts."""

BATCH = 400
"""Documents in one action: three milliseconds at most, and only where so many wait."""

SLICE = 50
"""Posts that are looked at before the requests get their turn: less than a millisecond."""

LATE = 15 * SECOND
"""Several processes make ids, so a post may appear this much later than one with a larger id."""

BACK = 3 * SECOND
"""How often what was looked at is looked at again, for what came late."""

_LATE_AT_START = 10 * MINUTE


class Batch(msgspec.Struct, frozen=True):
    """What some posts turned out to be: languages, each with the posts that did not have it yet, and documents."""

    languages: dict[str, list[int]]
    documents: list[Document]


class Indexer:
    """Where the task stands: everything up to `_after` is indexed, and what was deleted before `_since` is out."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._after: int | None = None
        self._reached = 0  # what is above was never looked at
        self._back_at = 0
        self._since = 0
        self._detect: Detect | None = None

    async def run(self) -> int:
        """Bring the index up to date; how many documents were written or taken out."""
        return await self._take_out() + await self._put_in()

    async def _put_in(self) -> int:
        db = self._db
        if self._after is None:
            self._after = max(0, first_id_at(moment_of(await newest_indexed(db)) - _LATE_AT_START) - 1)
        began, written = db.now, 0
        if began >= self._back_at:
            # A walk over seconds of posts that are nearly all indexed is long for the loop, and gives hardly a row.
            written = await self._walk(db.long, self._after)
            self._back_at = began + BACK
        written += await self._walk(db, max(self._after, self._reached))
        self._after = max(self._after, first_id_at(began - LATE) - 1)
        return written

    async def _walk(self, reader: Reader, after: int) -> int:
        written = 0
        while rows := await not_indexed(reader, after, BATCH):
            found = await self._looked_at(rows)
            await self._db.write(take_in, found.languages, found.documents)
            written += len(found.documents)
            after = rows[-1].id
        self._reached = max(self._reached, after)
        return written

    async def _looked_at(self, rows: list[IndexedRow]) -> Batch:
        if self._detect is None:
            self._detect = await loaded()
        found = Batch({}, [])
        for start in range(0, len(rows), SLICE):
            async with Resting():
                for row in rows[start : start + SLICE]:
                    _look_at(row, self._detect, found)
        return found

    async def _take_out(self) -> int:
        began, removed = self._db.now, 0
        while ids := await wrongly_indexed(self._db.long, self._since, BATCH):
            await self._db.write(remove_documents, ids)
            removed += len(ids)
        self._since = began - LATE
        return removed


def _look_at(row: IndexedRow, detect: Detect, found: Batch) -> None:
    entities, language = kept_entities(row.entities), row.language
    if language == UNDETERMINED and row.repost_of_id is None:
        language = language_of(row.text, entities, detect)
        if language != UNDETERMINED:
            found.languages.setdefault(language, []).append(row.id)
    if row.replaced_at is not None:
        return
    facts = Facts(
        text=row.text,
        entities=entities,
        language=language,
        author_id=row.author_id,
        conversation_id=row.conversation_id,
        reply_to_id=row.reply_to_id,
        reply_to_author_id=row.reply_to_author_id,
        quote_of_id=row.quote_of_id,
        repost_of_id=row.repost_of_id,
        original_author_id=row.original_author_id,
        media=kinds_in(row.media_ids),
    )
    found.documents.append((row.id, " ".join(document(facts)), language))
