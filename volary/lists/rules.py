"""What a List may be called, how many there may be, and the short name by which v1.1 finds one (X facts 5.3, 7.4)."""

import re
import unicodedata

from volary.kit.unicode import line_within
from volary.lists.errors import BadDescription, BadName

NAME_LENGTH, DESCRIPTION_LENGTH = 25, 100
MOST_LISTS, MOST_MEMBERS, MOST_PINS = 1000, 5000, 5
"""How many Lists an account owns, accounts a List has, and Lists an account pins at the most."""

_NOT_IN_A_SLUG = re.compile(r"[^a-z0-9]+")


def checked_name(name: str) -> str:
    """A List's name as it is kept: one line without control characters. Raises BadName."""
    return line_within(name, 1, NAME_LENGTH, BadName)


def checked_description(text: str) -> str:
    """What a List says about itself, as it is kept. Raises BadDescription."""
    return line_within(text, 0, DESCRIPTION_LENGTH, BadDescription)


def slug_of(name: str, list_id: int) -> str:
    """The short name of a List in addresses of v1.1; its id where the name has no letter of ASCII."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_A_SLUG.sub("-", plain).strip("-") or str(list_id)
