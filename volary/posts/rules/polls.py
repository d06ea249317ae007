"""What a poll must be (X facts 5.3)."""

import unicodedata

import msgspec

from volary.kit.clock import MINUTE
from volary.kit.unicode import composed
from volary.posts.errors import NoSuchPoll

FEWEST, MOST = 2, 4
LONGEST_LABEL = 25
SHORTEST, LONGEST = 5, 10_080
"""Minutes: five, and a week."""


class NewPoll(msgspec.Struct, frozen=True):
    """A poll to be made: what can be chosen, and for how many minutes."""

    options: tuple[str, ...]
    minutes: int


def checked_poll(poll: NewPoll) -> NewPoll:
    """The poll with its options as they are kept. Raises NoSuchPoll."""
    options = tuple(_label(one) for one in poll.options)
    if not FEWEST <= len(options) <= MOST or not SHORTEST <= poll.minutes <= LONGEST:
        raise NoSuchPoll
    if not all(0 < len(one) <= LONGEST_LABEL for one in options) or len(set(options)) < len(options):
        raise NoSuchPoll
    return NewPoll(options, poll.minutes)


def ends_at(poll: NewPoll, now: int) -> int:
    """When the voting ends."""
    return now + poll.minutes * MINUTE


def _label(text: str) -> str:
    return "".join(one for one in composed(text) if unicodedata.category(one) != "Cc").strip()
