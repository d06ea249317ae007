"""Pure rules of messages: what a text must be, how a conversation between two is called, which posts a text links to."""

from collections.abc import Container, Sequence
from urllib.parse import urlsplit

from volary.kit.ids import id_in
from volary.kit.unicode import composed
from volary.messages.errors import EmptyMessage, MessageTooLong

LIMIT = 10_000
"""The most characters that a message may have."""
LARGEST_GROUP = 50
"""The most people in a group, the one who makes it among them (X facts 5.3)."""
_MOST_POSTS = 10
"""Of posts that a text links to, how many are kept with the message."""


def checked_text(text: str) -> str:
    """The text as it is kept: NFC, without surrounding blanks. May be empty, where a picture stands for it. Raises MessageTooLong."""
    kept = composed(text).replace("\x00", "").strip()
    if len(kept) > LIMIT:
        raise MessageTooLong(LIMIT)
    return kept


def refuse_nothing(text: str, media_id: int | None) -> None:
    """Raises EmptyMessage where there is neither a text nor a picture."""
    if not text and media_id is None:
        raise EmptyMessage


def pair_of(one: int, other: int) -> str:
    """The name of the conversation between two accounts (X facts 5.7)."""
    return f"{min(one, other)}-{max(one, other)}"


def posts_linked(links: Sequence[str], hosts: Container[str]) -> list[int]:
    """The ids of the posts that links of a text lead to, each once: `/<name>/status/<id>` at one of these hosts."""
    found = (_post_at(link, hosts) for link in links)
    return list(dict.fromkeys(one for one in found if one is not None))[:_MOST_POSTS]


def _post_at(link: str, hosts: Container[str]) -> int | None:
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
    except ValueError:
        return None
    steps = parts.path.strip("/").split("/")
    if parts.netloc.lower() not in hosts or len(steps) < 3:
        return None
    name, word, number = steps[:3] if steps[:2] != ["i", "web"] else steps[1:4] if len(steps) > 3 else ("", "", "")
    return id_in(number) if name and word == "status" else None
