"""Telling the language of a post: by itself where that is enough, else with a detector, whose tables are loaded at its first use.

Where the detector is not installed, languages stay undetermined, and the log says so once.
"""

import asyncio
import logging
from collections.abc import Callable

from volary.posts.rules.entities import Entities
from volary.posts.rules.languages import UNDETERMINED, believed, told_by_itself, words_of

log = logging.getLogger("volary.posts")

Detect = Callable[[str], str]


def language_of(text: str, entities: Entities, detect: Detect) -> str:
    """The language of a post."""
    words = words_of(text, entities)
    return told_by_itself(words, entities) or detect(words)


async def loaded() -> Detect:
    """The detector, with its tables: 26 MB, so this is not for a start but for the first post."""
    return await asyncio.to_thread(_detector)


def _detector() -> Detect:
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
