"""Each operator of a query by its name: what its value must be, and which node it becomes (X facts 5.8)."""

import re
from collections.abc import Callable

from volary.kit.ids import id_in
from volary.search.rules.documents import link
from volary.search.rules.tree import NEVER, Members, Node, Person, Phrase

_NAME = re.compile(r"@?([A-Za-z0-9_]{1,15}|[0-9]{1,19})")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}")

KINDS = {
    "is": frozenset({"retweet", "reply", "quote", "verified", "nullcast"}),
    "has": frozenset({"hashtags", "cashtags", "links", "mentions", "media", "images", "videos", "video_link", "geo"}),
}
LEAST = {"min_likes": "likes", "min_replies": "replies", "min_reposts": "reposts", "sample": "sample"}
"""Operators whose number is asked of the post itself, by what `Least` calls them."""


class Wrong(ValueError):
    """An operator's value is not one; the text says why."""


def node_of(operator: str, value: str) -> Node | None:
    """What an operator asks for, or None where there is no such operator. Raises Wrong."""
    make = _OPERATORS.get(operator)
    return make(operator, value) if make else None


def least_of(operator: str, value: str) -> int:
    """The number of an operator in LEAST. Raises Wrong."""
    lowest, highest = (1, 100) if operator == "sample" else (0, 10**9)
    if not (value.isascii() and value.isdigit() and len(value) <= 10 and lowest <= int(value) <= highest):
        raise Wrong(f"'{operator}' takes a number from {lowest} to {highest}")
    return int(value)


def _person(operator: str, value: str) -> Node:
    if not (found := _NAME.fullmatch(value)):
        raise Wrong(f"'{operator}' takes a username or a user id")
    return Person(operator, found[1].lower())


def _post(operator: str, value: str) -> Node:
    if (found := id_in(value)) is None:
        raise Wrong(f"'{operator}' takes an id")
    return Phrase((f"{operator}:{found}",))


def _list(operator: str, value: str) -> Node:
    if (found := id_in(value)) is None:
        raise Wrong(f"'{operator}' takes an id")
    return Members(found)


def _url(operator: str, value: str) -> Node:
    tokens = link(value)[1:]
    if not tokens:
        raise Wrong(f"'{operator}' takes a link, or a part of one")
    return Phrase(tuple(tokens))


def _kind(operator: str, value: str) -> Node:
    if value not in KINDS[operator]:
        raise Wrong(f"'{operator}' takes one of {', '.join(sorted(KINDS[operator]))}")
    return Phrase((f"{operator}:{value}",), alone=False)


def _language(operator: str, value: str) -> Node:
    if not _LANGUAGE.fullmatch(value.lower()):
        raise Wrong(f"'{operator}' takes the code of a language")
    return Phrase((f"lang:{value.lower()}",), alone=False)


def _nobody_has(operator: str, value: str) -> Node:
    """Places and annotations, which no post here has: the operator is known, and finds nothing."""
    if not value:
        raise Wrong(f"'{operator}' takes a value")
    return NEVER


_OPERATORS: dict[str, Callable[[str, str], Node]] = {
    **dict.fromkeys(("from", "to", "retweets_of"), _person),
    **dict.fromkeys(("conversation_id", "in_reply_to_tweet_id", "quotes_of_tweet_id", "retweets_of_tweet_id"), _post),
    **dict.fromkeys(("context", "entity", "place", "place_country", "point_radius", "bounding_box"), _nobody_has),
    **dict.fromkeys(("is", "has"), _kind),
    "url": _url,
    "lang": _language,
    "list": _list,
}
