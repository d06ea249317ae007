"""What happened to posts, on X's wire. What is not counted here (clicks, follows, shares) is left out, as a field without a value is."""

from collections.abc import Collection, Sequence
from typing import Literal

Field = Literal[
    "app_install_attempts",
    "app_opens",
    "bookmarks",
    "detail_expands",
    "email_tweet",
    "engagements",
    "follows",
    "hashtag_clicks",
    "id",
    "impressions",
    "likes",
    "media_views",
    "permalink_clicks",
    "quote_tweets",
    "replies",
    "retweets",
    "shares",
    "timestamp",
    "timestamped_metrics",
    "unfollows",
    "unlikes",
    "url_clicks",
    "user_profile_clicks",
]
"""X's names. `timestamped_metrics` and `timestamp` are there in any case, as `id` is."""

_WIRE = {"reposts": "retweets", "quotes": "quote_tweets"}
_ALWAYS = {"id", "timestamp", "timestamped_metrics"}


def shaped(
    post_id: int, parts: Sequence[tuple[str, dict[str, int]]], fields: Collection[str], *, whole: bool
) -> dict[str, object]:
    """The numbers of a post: of all the time in its own members (`whole`), or of each part of the time with its beginning."""
    wanted = set(fields) - _ALWAYS
    made = [
        (at, {name: n for own, n in sums.items() if (name := _WIRE.get(own, own)) in wanted or not wanted})
        for at, sums in parts
    ]
    if whole:
        at, metrics = made[0]
        return {"id": str(post_id), "timestamp": at, **metrics}
    series = [{"timestamp": at, "metrics": metrics} for at, metrics in made]
    return {"id": str(post_id), "timestamped_metrics": series}
