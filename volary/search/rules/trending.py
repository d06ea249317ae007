"""What is talked about: hashtags, and words that several people use and most do not.

How many different people use something counts before how often, so that nobody makes a trend alone by repeating it.
"""

from collections import Counter
from collections.abc import Iterable

import msgspec

from volary.posts.rules.entities import Entities
from volary.search.rules.documents import between_links
from volary.search.rules.places import WORLD
from volary.search.rules.tokens import tag, words

SHOWN = 50
_SHORTEST = 4
_FEWEST = 3
"""People who must use a word: one that is no hashtag is not meant as a name of something."""
_COMMON = 10
"""A word that more than one in so many people uses is of the language, not of the day."""


class Trend(msgspec.Struct, frozen=True):
    """What is talked about at a place, and how many posts have it."""

    place: int
    name: str
    posts: int


class Tally:
    """Counts posts, one at a time, and says what is talked about."""

    def __init__(self) -> None:
        self._posts: dict[int, Counter[str]] = {}
        self._people: dict[tuple[int, str], set[int]] = {}
        self._spelled: dict[str, Counter[str]] = {}
        self._authors: dict[int, set[int]] = {}

    def add(self, author: int, place: int | None, text: str, entities: Entities) -> None:
        """Count a post, for the world and for its author's country."""
        found = {f"#{key}": f"#{name}" for _, _, name in entities.hashtags if (key := tag(name))}
        tags = {name.removeprefix("#") for name in found}
        for word in words(between_links(text, entities)):
            if len(word) >= _SHORTEST and word.isalpha() and word not in tags:
                found.setdefault(word, word)
        for where in {WORLD, place or WORLD}:
            self._authors.setdefault(where, set()).add(author)
            self._posts.setdefault(where, Counter()).update(found.keys())
            for key in found:
                self._people.setdefault((where, key), set()).add(author)
        for key, name in found.items():
            self._spelled.setdefault(key, Counter())[name] += 1

    def trends(self) -> list[Trend]:
        """What is talked about at each place, the most talked about first."""
        return [trend for place in self._posts for trend in self._of(place)]

    def _of(self, place: int) -> Iterable[Trend]:
        people = {key: len(self._people[place, key]) for key in self._posts[place]}
        most = len(self._authors[place]) // _COMMON
        chosen = [key for key in people if key[0] == "#" or _FEWEST <= people[key] <= most]
        chosen.sort(key=lambda key: (-people[key], -self._posts[place][key], key))
        for key in chosen[:SHOWN]:
            yield Trend(place, self._spelled[key].most_common(1)[0][0], self._posts[place][key])
