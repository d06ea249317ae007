"""Reading: all messages, those with a person or of a conversation, one; and deleting one's own copy."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Literal

from volary.api.call import Call, Reply
from volary.api.limits import Quota, limits, per_day
from volary.api.listing import PageQuery, listed
from volary.api.operation import operation
from volary.api.problems import not_found
from volary.api.query import NoQuery
from volary.db.paging import Bounds
from volary.kit.errors import NotFound
from volary.kit.ids import first_id_at
from volary.messages.actions.sending import delete_message
from volary.messages.api.needs import DELETE, READ, note_reading
from volary.messages.models import MessageRow
from volary.messages.queries.conversations import conversation_between, knows_group
from volary.messages.queries.reading import message_by_id, messages_in, messages_of
from volary.messages.rules import HISTORY
from volary.messages.shapes import partner_in

EventType = Literal["MessageCreate", "ParticipantsJoin", "ParticipantsLeave"]
Read = Callable[..., Awaitable[list[MessageRow]]]


class EventsQuery(PageQuery, frozen=True):
    """The parameters of the lists."""

    event_types: tuple[EventType, ...] = ("MessageCreate", "ParticipantsLeave", "ParticipantsJoin")


@operation("GET", "/2/dm_events", need=READ, limits=limits(user=15), query=EventsQuery, returns="message")
async def events(call: Call[EventsQuery, None]) -> Reply:
    """Every event in the caller's conversations of the last thirty days, newest first (C057)."""
    return await _listed(call, "messages", partial(messages_of, call.db, call.me))


@operation(
    "GET",
    "/2/dm_conversations/with/{participant_id}/dm_events",
    need=READ,
    limits=limits(user=15),
    query=EventsQuery,
    returns="message",
)
async def events_with(call: Call[EventsQuery, None]) -> Reply:
    """The events of the conversation with one person."""
    return await _between(call, call.id_in_path("participant_id"))


@operation(
    "GET",
    "/2/dm_conversations/{id}/dm_events",
    need=READ,
    limits=limits(user=15),
    query=EventsQuery,
    returns="message",
)
async def events_in(call: Call[EventsQuery, None]) -> Reply:
    """The events of a conversation that the caller is or was in; any other is answered like one that is not there (SR-189)."""
    kind, number = partner_in(call.path["id"], call.me, "id")
    if kind == "pair":
        return await _between(call, number)
    if not await knows_group(call.db, call.me, number):
        raise NotFound("Could not find the conversation.")
    return await _listed(call, f"messages in {number}", partial(messages_in, call.db, call.me, number))


@operation("GET", "/2/dm_events/{event_id}", need=READ, limits=limits(user=15), returns="message")
async def event(call: Call[NoQuery, None]) -> Reply:
    """One event of the last thirty days of which the caller holds a copy."""
    row = await message_by_id(call.db, call.me, call.id_in_path("event_id"), first_id_at(call.db.now - HISTORY))
    note_reading(call)
    errors = [not_found("dm_event", "event_id", call.path["event_id"])] if row is None else []
    return await call.one("message", row, errors)


@operation(
    "DELETE",
    "/2/dm_events/{event_id}",
    need=DELETE,
    limits=limits(user=(Quota(300), per_day(1500)), app=(per_day(4000),)),
)
async def delete(call: Call[NoQuery, None]) -> Reply:
    """Remove the caller's own copy of an event; the others keep theirs (C058, C059)."""
    await call.db.write(delete_message, call.caller, call.id_in_path("event_id"))
    return Reply({"data": {"deleted": True}})


async def _between(call: Call[EventsQuery, None], other: int) -> Reply:
    """A page of the conversation with one person, which is empty where nobody has written."""
    number = await conversation_between(call.db, call.me, other) or 0
    return await _listed(call, f"messages with {other}", partial(messages_in, call.db, call.me, number))


async def _listed(call: Call[EventsQuery, None], name: str, read: Read) -> Reply:
    """A page of the list of this name: of the kinds that are asked for, as far back as reading reaches."""
    kinds = sorted(set(call.query.event_types))
    oldest = Bounds(after=first_id_at(call.db.now - HISTORY))
    note_reading(call)
    return await listed(call, "message", f"{name}, {' '.join(kinds)}", partial(read, kinds=kinds), oldest)
