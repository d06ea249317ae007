"""What a collection may be called, in which orders it shows its posts, and where an entry stands (X facts 7.5)."""

from volary.accounts.errors import Refused
from volary.accounts.rules.profiles import checked_website
from volary.collections.errors import BadAddress, BadDescription, BadName, BadOrder
from volary.kit.ids import LARGEST_ID
from volary.kit.unicode import line_within

NAME_LENGTH, DESCRIPTION_LENGTH = 25, 160
MOST_COLLECTIONS, MOST_ENTRIES, MOST_CHANGES = 1000, 5000, 100
"""How many collections an account owns, posts a collection holds, and changes one call makes at the most."""

CURATED, OLDEST_FIRST, NEWEST_FIRST = "curation_reverse_chron", "tweet_chron", "tweet_reverse_chron"
ORDERS = (CURATED, OLDEST_FIRST, NEWEST_FIRST)
"""By hand, the last one that was put in on top; or by the posts' own times."""

FIRST, STEP = 1 << 61, 1 << 32
"""The place of the first entry that is put in by hand, and how far from its neighbour an entry at an end stands."""


def checked_name(name: str) -> str:
    """A collection's name as it is kept. Raises BadName."""
    return line_within(name, 1, NAME_LENGTH, BadName)


def checked_description(text: str) -> str:
    """What a collection says about itself, as it is kept. Raises BadDescription."""
    return line_within(text, 0, DESCRIPTION_LENGTH, BadDescription)


def checked_address(url: str) -> str:
    """The address that a collection leads to, or nothing. Raises BadAddress."""
    try:
        return checked_website(url)
    except Refused:
        raise BadAddress from None


def checked_order(order: str) -> str:
    """One of the orders. Raises BadOrder."""
    if order not in ORDERS:
        raise BadOrder
    return order


def place_by_time(order: str, post_id: int) -> int:
    """Where a post stands in an order by time: entries are read from the largest place down."""
    return LARGEST_ID - post_id if order == OLDEST_FIRST else post_id
