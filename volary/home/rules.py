"""A post's text as the pieces that a page writes: plain text, and what leads somewhere."""

from collections.abc import Iterator
from typing import Literal
from urllib.parse import quote

import msgspec

from volary.posts.rules.entities import Entities
from volary.posts.rules.links import shown_address

Kind = Literal["text", "mention", "tag", "link"]


class Piece(msgspec.Struct, frozen=True):
    """A part of a text. `leads_to` is a path of ours, or another site's address for a link; empty where it leads nowhere."""

    text: str
    kind: Kind = "text"
    leads_to: str = ""


def pieces(text: str, entities: Entities) -> list[Piece]:
    """The text without the names that an answer was given by itself, with links, names and tags as pieces of their own."""
    return list(_cut(text, entities))


def _cut(text: str, entities: Entities) -> Iterator[Piece]:
    at = entities.lead
    for start, end, piece in sorted(_special(text, entities), key=lambda one: one[0]):
        if start < at:
            continue
        if start > at:
            yield Piece(text[at:start])
        yield piece
        at = end
    if at < len(text):
        yield Piece(text[at:])


def _special(text: str, entities: Entities) -> Iterator[tuple[int, int, Piece]]:
    for start, end, address in entities.urls:
        yield start, end, Piece(shown_address(address), "link", address if "://" in address else f"http://{address}")
    for start, end, name, account in entities.mentions:
        if account:  # a name that nobody had leads nowhere
            yield start, end, Piece(text[start:end], "mention", f"/{name}")
    for start, end, _ in (*entities.hashtags, *entities.cashtags):
        yield start, end, Piece(text[start:end], "tag", f"/search?q={quote(text[start:end], safe='')}")
