"""Counts on X's wire."""

from collections.abc import Mapping, Sequence

from volary.accounts.shapes import moment
from volary.api.vocabulary import Vocabulary

Stretch = tuple[int, int, int]
"""From when to when, in milliseconds, and how many posts."""


def data_of(stretches: Sequence[Stretch], vocabulary: Vocabulary) -> list[dict[str, object]]:
    """One object for each stretch of time."""
    names = vocabulary.names("tweet_count", "post_count")
    return [
        {"start": moment(start), "end": moment(end), **dict.fromkeys(names, found)} for start, end, found in stretches
    ]


def total_of(stretches: Sequence[Stretch], vocabulary: Vocabulary) -> Mapping[str, object]:
    """The sum of them, for `meta`."""
    total = sum(found for _, _, found in stretches)
    return dict.fromkeys(vocabulary.names("total_tweet_count", "total_post_count"), total)
