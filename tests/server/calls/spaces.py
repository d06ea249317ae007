"""Calls of the spaces room."""

from tests.server.calls.asking import MARKER, Ask, Case, Making, calling, filled, post_of
from tests.server.house import House
from volary.graph.actions.blocks import block
from volary.spaces.actions.joining import share_post
from volary.spaces.actions.running import announce_space
from volary.spaces.rules import wire_id


def in_space(target: str, whose: str = "ann", *, blocked: bool = False, title: str = "About bees") -> Making:
    """A request for a target in which `{space}` stands for a new Space of somebody, who shared a post there."""

    async def ask(house: House) -> Ask:
        creator = getattr(house.cast, whose)
        made = (await house.db.write(announce_space, calling(creator), title)).id
        shared = await post_of(house, creator, title if title == MARKER else "")
        await house.db.write(share_post, calling(creator), made, shared)
        if blocked:
            await house.db.write(block, calling(creator), house.cast.ann.id)
        return Ask(filled(target.replace("{space}", wire_id(made)), house))

    return ask


ASK: dict[str, Making] = {
    "GET /2/spaces": in_space("/2/spaces?ids={space}"),
    "GET /2/spaces/{id}": in_space("/2/spaces/{space}"),
    "GET /2/spaces/by/creator_ids": in_space("/2/spaces/by/creator_ids?user_ids={ann},{carol}"),
    "GET /2/spaces/search": in_space("/2/spaces/search?query=BEES"),
    "GET /2/spaces/{id}/tweets": in_space("/2/spaces/{space}/tweets"),
    "GET /2/spaces/{id}/buyers": in_space("/2/spaces/{space}/buyers"),
}


def _hidden(target: str) -> tuple[Case, ...]:
    return (
        Case("protected", in_space(target, "bob", title=MARKER), 200),
        Case("blocked", in_space(target.replace("bob", "carol"), "carol", blocked=True, title=MARKER), 200),
    )


REFUSED: dict[str, tuple[Case, ...]] = {
    "GET /2/spaces": _hidden("/2/spaces?ids={space}"),
    "GET /2/spaces/{id}": _hidden("/2/spaces/{space}"),
    "GET /2/spaces/by/creator_ids": _hidden("/2/spaces/by/creator_ids?user_ids={bob}"),
    "GET /2/spaces/search": _hidden(f"/2/spaces/search?query={MARKER}"),
    "GET /2/spaces/{id}/tweets": _hidden("/2/spaces/{space}/tweets"),
    "GET /2/spaces/{id}/buyers": (
        *_hidden("/2/spaces/{space}/buyers"),
        Case("wrong owner", in_space("/2/spaces/{space}/buyers", "dave", title=MARKER), 403),
    ),
}
