"""How a post keeps which media it has: their keys with blanks between, each a number for the kind, `_` and the media's id."""

from volary.media.rules.keys import kind_in_key


def ids_in(kept: str) -> tuple[int, ...]:
    """The ids of a post's media, in their order."""
    return tuple(int(key.partition("_")[2]) for key in kept.split())


def kinds_in(kept: str) -> frozenset[str]:
    """The kinds of a post's media, such as `photo`."""
    return frozenset(kind_in_key(key) for key in kept.split())
