"""Counts and trends on X's wire."""

from collections.abc import Mapping, Sequence

import msgspec

from volary.accounts.shapes import moment
from volary.api.vocabulary import Vocabulary
from volary.kit.clock import HOUR
from volary.search.models import TrendRow

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


def trends_of(rows: Sequence[TrendRow], fields: Sequence[str]) -> list[dict[str, object]]:
    """The trends of a place, with the fields that were asked for."""
    return [_chosen({"trend_name": row.name, "tweet_count": row.posts}, fields) for row in rows]


class PersonalTrend(msgspec.Struct, frozen=True):
    """A trend for one person. `since` is None for what is not a trend of a whole place."""

    category: str
    name: str
    posts: int
    since: int | None


def personal_trends(rows: Sequence[PersonalTrend], fields: Sequence[str], now: int) -> list[dict[str, object]]:
    """One's own trends, with the fields that were asked for; numbers and times in words, as X gives them."""
    return [
        _chosen(
            {
                "category": row.category,
                "post_count": f"{row.posts} post{'' if row.posts == 1 else 's'}",
                "trend_name": row.name,
                "trending_since": _ago(now - row.since) if row.since is not None else "Trending now",
            },
            fields,
        )
        for row in rows
    ]


def _ago(milliseconds: int) -> str:
    hours = milliseconds // HOUR
    return "Trending now" if hours < 1 else f"{hours} hour{'' if hours == 1 else 's'} ago"


def _chosen(values: dict[str, object], fields: Sequence[str]) -> dict[str, object]:
    return {name: value for name, value in values.items() if not fields or name in fields}
