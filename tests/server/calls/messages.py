"""Calls of the messages room."""

from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from tests.media.making import made
from tests.media.samples import picture
from tests.server.calls.asking import JSON, MARKER, Ask, Case, Making, at, calling, message_of, new_text
from tests.server.house import House
from volary.access.caller import Caller
from volary.accounts.models import AccountRow
from volary.db import Tx
from volary.graph.actions.blocks import block
from volary.messages.actions.groups import create_group
from volary.messages.actions.reach import block_messages
from volary.messages.actions.sending import MessageDraft, send_message

WITH = "/2/dm_conversations/with/{participant_id}"


def _sending(whom: str = "carol") -> Making:
    """A message to somebody."""

    async def ask(house: House) -> Ask:
        body = msgspec.json.encode({"text": new_text()})
        return Ask(f"/2/dm_conversations/with/{getattr(house.cast, whom).id}/messages", body, JSON)

    return ask


def after(by: str, act: Callable[[Tx, Caller, int], Coroutine[Any, Any, object]], making: Making) -> Making:
    """The same request after somebody has done something to ann."""

    async def ask(house: House) -> Ask:
        made = await making(house)
        await house.db.write(act, calling(getattr(house.cast, by)), house.cast.ann.id)
        return made

    return ask


async def group_of(house: House, *people: AccountRow, text: str = "") -> int:
    """A group of some people, the first of whom makes it; its id."""
    ids = [one.id for one in people[1:]]
    return (
        await house.db.write(create_group, calling(people[0]), ids, MessageDraft(text or new_text()))
    ).conversation_id


def _in_group(target: str, *names: str, send: bool = False) -> Making:
    """A request for a target in which `{group}` stands for a new group of these people."""

    async def ask(house: House) -> Ask:
        group = await group_of(house, *(getattr(house.cast, name) for name in names), text=f"{MARKER} {new_text()}")
        target_of = target.replace("{group}", str(group))
        return Ask(target_of, msgspec.json.encode({"text": new_text()}), JSON) if send else Ask(target_of)

    return ask


def _between_others(target: str, *, send: bool = False) -> Making:
    async def ask(house: House) -> Ask:
        dave, carol = house.cast.dave, house.cast.carol
        await message_of(house, dave, carol, MARKER)
        asked = target.replace("{pair}", f"{carol.id}-{dave.id}")
        return Ask(asked, msgspec.json.encode({"text": new_text()}), JSON) if send else Ask(asked)

    return ask


async def _group(house: House) -> Ask:
    return Ask("/2/dm_conversations", _group_body(house, "carol", "dave"), JSON)


def _group_body(house: House, *names: str) -> bytes:
    ids = [str(getattr(house.cast, name).id) for name in names]
    return msgspec.json.encode({"conversation_type": "Group", "participant_ids": ids, "message": {"text": new_text()}})


async def _message(house: House) -> Ask:
    return Ask(f"/2/dm_events/{await message_of(house, house.cast.ann, house.cast.carol)}")


async def _of_others(house: House) -> Ask:
    return Ask(f"/2/dm_events/{await message_of(house, house.cast.dave, house.cast.carol, MARKER)}")


DOWNLOAD = "/2/dm_conversations/media"


def _picture(sender: str = "ann") -> Making:
    """A request for the picture in a new message to carol."""

    async def ask(house: House) -> Ask:
        who, carol = getattr(house.cast, sender), house.cast.carol
        row = await made(house, who, picture(), "dm_image", text=MARKER)
        draft = MessageDraft(new_text(), row.id)
        event = await house.db.write(send_message, calling(who), carol.id, draft)
        return Ask(f"{DOWNLOAD}/{event.id}/{row.id}/{row.name}.png")

    return ask


def _turning(what: str) -> Making:
    async def ask(house: House) -> Ask:
        if what == "unblock":
            await house.db.write(block_messages, calling(house.cast.ann), house.cast.dev.id)
        return Ask(f"/2/users/{house.cast.dev.id}/dm/{what}")

    return ask


async def _new_v1(house: House) -> Ask:
    return Ask("/1.1/direct_messages/events/new.json", _new_v1_body(house.cast.carol.id), JSON)


async def _new_v1_after_a_block(house: House) -> Ask:
    await house.db.write(block_messages, calling(house.cast.dave), house.cast.ann.id)
    return Ask("/1.1/direct_messages/events/new.json", _new_v1_body(house.cast.dave.id), JSON)


def _new_v1_body(to: int) -> bytes:
    said = {"target": {"recipient_id": str(to)}, "message_data": {"text": new_text()}}
    return msgspec.json.encode({"event": {"type": "message_create", "message_create": said}})


def _v1(what: str, *, of_others: bool = False) -> Making:
    async def ask(house: House) -> Ask:
        made = await (_of_others if of_others else _message)(house)
        return Ask(f"/1.1/direct_messages/events/{what}.json?id={made.target.rpartition('/')[2]}")

    return ask


ASK: dict[str, Making] = {
    "POST /2/dm_conversations": _group,
    f"POST {WITH}/messages": _sending(),
    "POST /2/dm_conversations/{dm_conversation_id}/messages": _in_group(
        "/2/dm_conversations/{group}/messages", "ann", "carol", "dave", send=True
    ),
    f"GET {WITH}/dm_events": at("/2/dm_conversations/with/{carol}/dm_events"),
    "GET /2/dm_conversations/{id}/dm_events": _in_group(
        "/2/dm_conversations/{group}/dm_events", "dave", "carol", "ann"
    ),
    "GET /2/dm_events": at("/2/dm_events"),
    "GET /2/dm_events/{event_id}": _message,
    "DELETE /2/dm_events/{event_id}": _message,
    "GET /2/dm_conversations/media/{dm_id}/{media_id}/{resource_id}": _picture(),
    "POST /2/users/{id}/dm/block": _turning("block"),
    "POST /2/users/{id}/dm/unblock": _turning("unblock"),
    "POST /1.1/direct_messages/events/new.json": _new_v1,
    "GET /1.1/direct_messages/events/list.json": at("/1.1/direct_messages/events/list.json"),
    "GET /1.1/direct_messages/events/show.json": _v1("show"),
    "DELETE /1.1/direct_messages/events/destroy.json": _v1("destroy"),
}


async def _group_after_a_block(house: House) -> Ask:
    await house.db.write(block, calling(house.cast.carol), house.cast.ann.id)
    return await _group(house)


REFUSED: dict[str, tuple[Case, ...]] = {
    f"POST {WITH}/messages": (
        Case("blocked", after("carol", block, _sending()), 403),
        Case("blocked", after("dave", block_messages, _sending("dave")), 403),
    ),
    "POST /2/dm_conversations": (Case("blocked", _group_after_a_block, 403),),
    "POST /2/dm_conversations/{dm_conversation_id}/messages": (
        Case("wrong owner", _in_group("/2/dm_conversations/{group}/messages", "dave", "bob", "dev", send=True), 404),
        Case("wrong owner", _between_others("/2/dm_conversations/{pair}/messages", send=True), 404),
    ),
    "GET /2/dm_conversations/{id}/dm_events": (
        Case("wrong owner", _in_group("/2/dm_conversations/{group}/dm_events", "dave", "bob", "dev"), 404),
        Case("wrong owner", _between_others("/2/dm_conversations/{pair}/dm_events"), 404),
    ),
    "GET /2/dm_events/{event_id}": (Case("wrong owner", _of_others, 200),),
    "GET /2/dm_conversations/media/{dm_id}/{media_id}/{resource_id}": (Case("wrong owner", _picture("dave"), 404),),
    "DELETE /2/dm_events/{event_id}": (Case("wrong owner", _of_others, 404),),
    "POST /1.1/direct_messages/events/new.json": (Case("blocked", _new_v1_after_a_block, 403),),
    "GET /1.1/direct_messages/events/show.json": (Case("wrong owner", _v1("show", of_others=True), 404),),
    "DELETE /1.1/direct_messages/events/destroy.json": (Case("wrong owner", _v1("destroy", of_others=True), 404),),
}
