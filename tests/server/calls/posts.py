"""Calls of the posts room."""

import msgspec

from tests.server.calls.asking import FORM, JSON, MARKER, Ask, Case, Making, at, calling, filled, new_text, post_of
from tests.server.house import House
from volary.graph.actions.blocks import block, unblock


async def _new_post(house: House) -> Ask:
    return Ask("/2/tweets", msgspec.json.encode({"text": new_text()}), JSON)


async def _update(house: House) -> Ask:
    return Ask("/1.1/statuses/update.json", b"status=" + new_text().replace(" ", "+").encode(), FORM)


async def _at_peace(house: House) -> None:
    """End the blocks of calls before, so that people answer each other again."""
    for one in (house.cast.carol, house.cast.dave):
        await house.db.write(unblock, calling(one), house.cast.ann.id)


def on_a_post(target: str, whose: str = "ann", text: str = "", quoted_by: str = "") -> Making:
    """A request for a target in which `{post}` stands for a new post of somebody, perhaps quoted by somebody with the MARKER."""

    async def ask(house: House) -> Ask:
        made = await post_of(house, getattr(house.cast, whose), text)
        if quoted_by:
            await _at_peace(house)
            await post_of(house, getattr(house.cast, quoted_by), MARKER, quote_of_id=made)
        return Ask(filled(target.replace("{post}", str(made)), house))

    return ask


def on_an_answer(whose: str, by: str) -> Making:
    """Hiding an answer by somebody in somebody's conversation."""

    async def ask(house: House) -> Ask:
        await _at_peace(house)
        first = await post_of(house, getattr(house.cast, whose))
        answer = await post_of(house, getattr(house.cast, by), reply_to_id=first)
        return Ask(f"/2/tweets/{answer}/hidden", b'{"hidden":true}', JSON)

    return ask


def editing(whose: str) -> Making:
    """Editing a new post of somebody."""

    async def ask(house: House) -> Ask:
        await _at_peace(house)
        made = await post_of(house, getattr(house.cast, whose))
        body = {"text": new_text(), "edit_options": {"previous_post_id": str(made)}}
        return Ask("/2/tweets", msgspec.json.encode(body), JSON)

    return ask


def answering(whose: str, how: str) -> Making:
    """Answering or quoting a new post of somebody."""

    async def ask(house: House) -> Ask:
        await _at_peace(house)
        made = str(await post_of(house, getattr(house.cast, whose), MARKER))
        more = {"reply": {"in_reply_to_tweet_id": made}} if how == "reply" else {"quote_tweet_id": made}
        return Ask("/2/tweets", msgspec.json.encode({"text": new_text(), **more}), JSON)

    return ask


def after_a_block(making: Making, by: str = "carol") -> Making:
    """The same request after somebody has blocked ann."""

    async def ask(house: House) -> Ask:
        made = await making(house)
        await house.db.write(block, calling(getattr(house.cast, by)), house.cast.ann.id)
        return made

    return ask


_ANALYTICS = "/2/tweets/analytics?ids={post}&start_time=2020-01-01T00:00:00Z&end_time=2060-01-01T00:00:00Z"

ASK: dict[str, Making] = {
    "GET /2/tweets/{id}": on_a_post("/2/tweets/{post}"),
    "GET /2/tweets": on_a_post("/2/tweets?ids={post}"),
    "GET /2/users/{id}/tweets": at("/2/users/{ann}/tweets"),
    "POST /2/tweets": _new_post,
    "DELETE /2/tweets/{id}": on_a_post("/2/tweets/{post}"),
    "GET /2/tweets/{id}/quote_tweets": on_a_post("/2/tweets/{post}/quote_tweets"),
    "PUT /2/tweets/{tweet_id}/hidden": on_an_answer("ann", "carol"),
    "GET /2/tweets/analytics": on_a_post(_ANALYTICS),
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
    "GET /2/tweets/{id}/quote_tweets": (
        Case("protected", on_a_post("/2/tweets/{post}/quote_tweets", "bob", MARKER), 200),
        Case("blocked", after_a_block(on_a_post("/2/tweets/{post}/quote_tweets", "carol", MARKER)), 200),
        Case("protected", on_a_post("/2/tweets/{post}/quote_tweets", quoted_by="bob"), 200),
        Case("blocked", after_a_block(on_a_post("/2/tweets/{post}/quote_tweets", quoted_by="carol")), 200),
    ),
    "GET /2/tweets/analytics": (
        Case("wrong owner", on_a_post(_ANALYTICS, "carol", MARKER), 200),
        Case("protected", on_a_post(_ANALYTICS, "bob", MARKER), 200),
    ),
    "PUT /2/tweets/{tweet_id}/hidden": (
        Case("wrong owner", on_an_answer("carol", "dave"), 403),
        Case("wrong owner", on_an_answer("carol", "ann"), 403),
        Case("protected", on_an_answer("ann", "bob"), 404),
        Case("blocked", after_a_block(on_an_answer("ann", "carol")), 404),
    ),
    "POST /2/tweets": (
        Case("wrong owner", editing("carol"), 403),
        Case("protected", editing("bob"), 404),
        Case("protected", answering("bob", "reply"), 403),
        Case("protected", answering("bob", "quote"), 403),
        Case("blocked", after_a_block(answering("carol", "reply")), 403),
        Case("blocked", after_a_block(answering("carol", "quote")), 403),
    ),
    "DELETE /2/tweets/{id}": (Case("wrong owner", on_a_post("/2/tweets/{post}", "dave"), 403),),
}
