"""Calls of the timelines room."""

from tests.server.calls.asking import MARKER, Ask, Case, at, calling, filled, post_of
from tests.server.house import House
from volary.graph.actions.blocks import block

_HOME = "/2/users/{id}/timelines/reverse_chronological"
_MENTIONS = "/2/users/{id}/mentions"


async def _mentions_by_bob(house: House) -> Ask:
    await post_of(house, house.cast.bob, f"{MARKER} for @dave")
    return Ask(filled("/2/users/{dave}/mentions", house))


async def _mentions_of_bob(house: House) -> Ask:
    await post_of(house, house.cast.bob, f"{MARKER} of my own")
    return Ask(filled("/2/users/{bob}/mentions", house))


async def _mentions_by_a_blocker(house: House) -> Ask:
    await post_of(house, house.cast.carol, f"{MARKER} again for @dave")
    await house.db.write(block, calling(house.cast.carol), house.cast.ann.id)
    return Ask(filled("/2/users/{dave}/mentions", house))


ASK = {
    f"GET {_HOME}": at("/2/users/{ann}/timelines/reverse_chronological"),
    f"GET {_MENTIONS}": at("/2/users/{ann}/mentions"),
    "GET /2/users/reposts_of_me": at("/2/users/reposts_of_me"),
}

REFUSED: dict[str, tuple[Case, ...]] = {
    f"GET {_HOME}": (Case("wrong owner", at("/2/users/{carol}/timelines/reverse_chronological"), 403),),
    f"GET {_MENTIONS}": (
        Case("protected", _mentions_by_bob, 200),
        Case("protected", _mentions_of_bob, 200),
        Case("blocked", _mentions_by_a_blocker, 200),
    ),
}
