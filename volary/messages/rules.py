"""Pure rules of messages: what a text must be, how a conversation between two is called, which posts a text links to."""

import re
from collections.abc import Container

from volary.kit.clock import DAY
from volary.kit.ids import id_in
from volary.kit.unicode import composed
from volary.messages.errors import EmptyMessage, MessageTooLong

LIMIT = 10_000
"""The most characters that a message may have."""
LARGEST_GROUP = 50
"""The most people in a group, the one who makes it among them (X facts 5.3)."""
HISTORY = 30 * DAY
"""How far back reading reaches (X facts 5.7)."""
_MOST_POSTS = 10
"""Of posts that a text links to, how many are kept with the message."""


def checked_text(text: str, media_id: int | None = None) -> str:
    """The text as it is kept: NFC, without surrounding blanks; empty where a picture stands for it. Raises MessageTooLong, EmptyMessage."""
    kept = composed(text).replace("\x00", "").strip()
    if len(kept) > LIMIT:
        raise MessageTooLong(LIMIT)
    if not kept and media_id is None:
        raise EmptyMessage
    return kept


def pair_of(one: int, other: int) -> str:
    """The name of the conversation between two accounts (X facts 5.7)."""
    return f"{min(one, other)}-{max(one, other)}"


_LINK = re.compile(
    r"(?<![\w.:@/-])(?:https?://)?([A-Za-z0-9.:-]{1,255})/(?:i/web|[A-Za-z0-9_]{1,15})/status/([0-9]{1,19})(?![0-9])",
    re.IGNORECASE,
)
"""A link to a post: a host with its port, a username or `i/web`, and the post's id."""


def posts_linked(text: str, hosts: Container[str]) -> list[int]:
    """The ids of the posts that a text links to at one of these hosts, each once, with or without a scheme."""
    if "/status/" not in text:
        return []
    found = (id_in(number) for host, number in _LINK.findall(text) if host.lower() in hosts)
    return list(dict.fromkeys(one for one in found if one is not None))[:_MOST_POSTS]
