"""X's two vocabularies of v2, and which of them a request speaks (X facts 0.2, design §7, decision 0005).

Older clients say `tweet.fields` and read `tweets`; newer ones say `post.fields` and read `posts`. A request that shows its words is
answered in them. One that shows none gets both names inside objects, since new clients require theirs even then.
"""

import enum
from collections.abc import Iterable


class Vocabulary(enum.Enum):
    """Which names an answer carries."""

    OLD = "old"
    NEW = "new"
    BOTH = "both"

    def names(self, old: str, new: str) -> tuple[str, ...]:
        """The names under which one thing stands in an answer."""
        if old == new:
            return (old,)
        if self is Vocabulary.BOTH:
            return (old, new)
        return (new,) if self is Vocabulary.NEW else (old,)

    def renamed(self, values: dict[str, object], pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
        """An object written with old names, with the new names instead or as well."""
        if self is Vocabulary.OLD:
            return values
        for old, new in pairs:
            if old in values:
                values[new] = values[old]
                if self is Vocabulary.NEW:
                    del values[old]
        return values


_NEW_PARAMETERS = frozenset({"post.fields"})
_OLD_PARAMETERS = frozenset({"tweet.fields"})
_NEW_EXPANSIONS = frozenset(
    {"referenced_posts", "edit_history_post_ids", "pinned_post_id", "most_recent_post_id", "affiliation"}
)
_OLD_EXPANSIONS = frozenset(
    {
        "referenced_tweets.id",
        "referenced_tweets.id.author_id",
        "referenced_tweets.id.attachments.media_keys",
        "edit_history_tweet_ids",
        "pinned_tweet_id",
        "most_recent_tweet_id",
        "affiliation.user_id",
        "entities.note.mentions.username",
    }
)


def spoken(parameters: Iterable[str], expansions: Iterable[str]) -> Vocabulary:
    """The vocabulary that a request shows by the names of its parameters and expansions."""
    parameters, expansions = set(parameters), set(expansions)
    new = bool(parameters & _NEW_PARAMETERS or expansions & _NEW_EXPANSIONS)
    old = bool(parameters & _OLD_PARAMETERS or expansions & _OLD_EXPANSIONS)
    if new == old:
        return Vocabulary.BOTH
    return Vocabulary.NEW if new else Vocabulary.OLD
