"""Calls of the messages room."""

import msgspec

from tests.server.calls.asking import JSON, MARKER, Ask, Case, Making, at, calling, message_of, new_text
from tests.server.house import House
from volary.graph.actions.blocks import block


async def _send(house: House) -> Ask:
    body = msgspec.json.encode({"text": new_text()})
    return Ask(f"/2/dm_conversations/with/{house.cast.carol.id}/messages", body, JSON)


async def _send_after_a_block(house: House) -> Ask:
    await house.db.write(block, calling(house.cast.carol), house.cast.ann.id)
    return await _send(house)


async def _message(house: House) -> Ask:
    return Ask(f"/2/dm_events/{await message_of(house, house.cast.ann, house.cast.carol)}")


async def _of_others(house: House) -> Ask:
    return Ask(f"/2/dm_events/{await message_of(house, house.cast.dave, house.cast.carol, MARKER)}")


ASK: dict[str, Making] = {
    "POST /2/dm_conversations/with/{participant_id}/messages": _send,
    "GET /2/dm_conversations/with/{participant_id}/dm_events": at("/2/dm_conversations/with/{carol}/dm_events"),
    "GET /2/dm_events": at("/2/dm_events"),
    "GET /2/dm_events/{event_id}": _message,
    "DELETE /2/dm_events/{event_id}": _message,
}

REFUSED: dict[str, tuple[Case, ...]] = {
    "POST /2/dm_conversations/with/{participant_id}/messages": (Case("blocked", _send_after_a_block, 403),),
    "GET /2/dm_events/{event_id}": (Case("wrong owner", _of_others, 200),),
    "DELETE /2/dm_events/{event_id}": (Case("wrong owner", _of_others, 404),),
}
