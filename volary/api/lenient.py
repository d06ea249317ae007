"""v1.1's parameters, which are text: it takes several spellings, and passes over what it cannot read (X facts 7.1)."""

from volary.kit.ids import id_in

_YES, _NO = frozenset({"true", "t", "1"}), frozenset({"false", "f", "0"})


def says_yes(text: str) -> bool:
    """Whether a switch that is off by itself is on. In any case: Python's clients write `True`."""
    return text.lower() in _YES


def says_no(text: str) -> bool:
    """Whether a switch that is on by itself is off."""
    return text.lower() in _NO


def how_many(text: str, usual: int, most: int) -> int:
    """How many rows a page has: what is asked for within bounds."""
    wanted = id_in(text)
    return usual if wanted is None else min(max(wanted, 1), most)
