"""Calls of the posts room."""

import msgspec

from tests.server.calls.asking import FORM, JSON, MARKER, Ask, Case, Making, at, calling, filled, new_text, post_of
from tests.server.house import House
from volary.graph.actions.blocks import block


async def _new_post(house: House) -> Ask:
    return Ask("/2/tweets", msgspec.json.encode({"text": new_text()}), JSON)


async def _update(house: House) -> Ask:
    return Ask("/1.1/statuses/update.json", b"status=" + new_text().replace(" ", "+").encode(), FORM)


def on_a_post(target: str, whose: str = "ann", text: str = "") -> Making:
    """A request for a target in which `{post}` stands for a new post of somebody."""

    async def ask(house: House) -> Ask:
        made = await post_of(house, getattr(house.cast, whose), text)
        return Ask(filled(target.replace("{post}", str(made)), house))

    return ask


def after_a_block(making: Making, by: str = "carol") -> Making:
    """The same request after somebody has blocked ann."""

    async def ask(house: House) -> Ask:
        made = await making(house)
        await house.db.write(block, calling(getattr(house.cast, by)), house.cast.ann.id)
        return made

    return ask


ASK: dict[str, Making] = {
    "GET /2/tweets/{id}": on_a_post("/2/tweets/{post}"),
    "GET /2/tweets": on_a_post("/2/tweets?ids={post}"),
    "GET /2/users/{id}/tweets": at("/2/users/{ann}/tweets"),
    "POST /2/tweets": _new_post,
    "DELETE /2/tweets/{id}": on_a_post("/2/tweets/{post}"),
    "POST /1.1/statuses/update.json": _update,
}

REFUSED: dict[str, tuple[Case, ...]] = {
    "GET /2/tweets/{id}": (
        Case("protected", on_a_post("/2/tweets/{post}", "bob", MARKER), 200),
        Case("blocked", after_a_block(on_a_post("/2/tweets/{post}", "carol", MARKER)), 200),
    ),
    "GET /2/tweets": (
        Case("protected", on_a_post("/2/tweets?ids={post}", "bob", MARKER), 200),
        Case("blocked", after_a_block(on_a_post("/2/tweets?ids={post}", "carol", MARKER)), 200),
    ),
    "GET /2/users/{id}/tweets": (
        Case("protected", on_a_post("/2/users/{bob}/tweets", "bob", MARKER), 200),
        Case("blocked", after_a_block(on_a_post("/2/users/{carol}/tweets", "carol", MARKER)), 200),
    ),
    "DELETE /2/tweets/{id}": (Case("wrong owner", on_a_post("/2/tweets/{post}", "carol"), 403),),
}
