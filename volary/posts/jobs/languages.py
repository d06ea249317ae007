"""Telling the language of new posts, after their authors have had their answer.

Every process looks at all new posts, so nothing need be remembered between starts; a post is written once, by whoever comes first.
Where the detector is not installed, languages stay undetermined, and the log says so once.
"""

import asyncio
import logging
from collections.abc import Callable

from volary.db import Database
from volary.kit.clock import DAY, SECOND
from volary.kit.ids import first_id_at
from volary.kit.resting import Resting
from volary.posts.actions.languages import tell_languages
from volary.posts.queries.unread import UnreadRow, unread_after
from volary.posts.rules.answering import kept_entities
from volary.posts.rules.languages import UNDETERMINED, believed, told_by_itself, words_of

log = logging.getLogger("volary.posts")

TELL_SECONDS = 1.0
"""How often a process looks for new posts: soon enough for the index of the search, which waits a few seconds for languages."""

BATCH = 200
LATE = 2 * SECOND
"""Several processes make ids, so a post may appear this much later than one with a larger id."""

Detect = Callable[[str], str]


class Languages:
    """Where the task stands: nothing up to `_after` is looked at again."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._after: int | None = None
        self._seen: set[int] = set()  # looked at above `_after`, in vain or not
        self._detect: Detect | None = None

    async def run(self) -> int:
        """Look at the posts that are new; how many have a language now."""
        db, told = self._db, 0
        if self._detect is None:
            self._detect = await asyncio.to_thread(_detector)
        began = db.now
        after = first_id_at(began - DAY) - 1 if self._after is None else self._after
        while rows := await unread_after(db.long, after, BATCH):
            async with Resting():
                found: dict[str, list[int]] = {}
                for row in rows:
                    if row.id not in self._seen and (language := language_of(row, self._detect)) != UNDETERMINED:
                        found.setdefault(language, []).append(row.id)
                if found:
                    await db.write(tell_languages, found)
            told += sum(len(ids) for ids in found.values())
            self._seen.update(row.id for row in rows)
            after = rows[-1].id
        self._after = max(self._after or 0, first_id_at(began - LATE) - 1)
        self._seen = {one for one in self._seen if one > self._after}
        return told


def language_of(row: UnreadRow, detect: Detect) -> str:
    """The language of a post."""
    entities = kept_entities(row.entities)
    words = words_of(row.text, entities)
    return told_by_itself(words, entities) or detect(words)


def _detector() -> Detect:
    """The detector, with its tables loaded."""
    try:
        import eldc  # its tables take time and memory: not before they are needed
    except ImportError:
        log.warning("eldc is not installed: the languages of posts stay undetermined")
        return lambda words: UNDETERMINED
    eldc.init()
    eldc.set_scores(2)

    def detect(words: str) -> str:
        found = eldc.detect_details(words)
        scores = [*found.scores.values(), 0.0, 0.0]
        return believed(found.language, found.reliable, scores[0], scores[1])

    return detect
