"""Reading: all messages, those with a person or of a conversation, one; and deleting one's own copy."""

from typing import Annotated, Literal

import msgspec

from volary.api.call import Call, Reply
from volary.api.limits import Quota, limits, per_day
from volary.api.operation import operation
from volary.api.pagination import Token, at_token, meta_of
from volary.api.problems import not_found
from volary.api.query import NoQuery
from volary.db.paging import Bounds
from volary.kit.clock import DAY
from volary.kit.errors import NotFound
from volary.kit.ids import first_id_at
from volary.messages.actions.sending import delete_message
from volary.messages.api.needs import DELETE, READ
from volary.messages.queries.conversations import conversation_between, knows_group
from volary.messages.queries.reading import message_by_id, messages_in, messages_of
from volary.messages.shapes import partner_in

HISTORY = 30 * DAY
"""How far back reading reaches (X facts 5.7)."""

EventType = Literal["MessageCreate", "ParticipantsJoin", "ParticipantsLeave"]


class EventsQuery(msgspec.Struct, frozen=True):
    """The parameters of the lists."""

    max_results: Annotated[int, msgspec.Meta(ge=1, le=100)] = 100
    pagination_token: Token | None = None
    event_types: tuple[EventType, ...] = ("MessageCreate", "ParticipantsLeave", "ParticipantsJoin")


@operation("GET", "/2/dm_events", need=READ, limits=limits(user=15), query=EventsQuery, returns="message")
async def events(call: Call[EventsQuery, None]) -> Reply:
    """Every event of the last thirty days, newest first (C057)."""
    return await _listed(call, "messages")


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
    return await _listed(call, f"messages in {number}", number)


@operation("GET", "/2/dm_events/{event_id}", need=READ, limits=limits(user=15), returns="message")
async def event(call: Call[NoQuery, None]) -> Reply:
    """One event of the last thirty days of which the caller holds a copy."""
    row = await message_by_id(call.db, call.me, call.id_in_path("event_id"), first_id_at(call.db.now - HISTORY))
    errors = [not_found("dm_event", "event_id", call.path["event_id"])] if row is None else []
    return await call.one("message", row, errors)


@operation(
    "DELETE",
    "/2/dm_events/{event_id}",
    need=DELETE,
    limits=limits(user=(Quota(300), per_day(1500)), app=(per_day(4000),)),
)
async def delete(call: Call[NoQuery, None]) -> Reply:
    """Remove one's own copy (C058, C059)."""
    await call.db.write(delete_message, call.caller, call.id_in_path("event_id"))
    return Reply({"data": {"deleted": True}})


async def _between(call: Call[EventsQuery, None], other: int) -> Reply:
    return await _listed(
        call, f"messages with {other}", await conversation_between(call.db, call.me, other) or _NO_CONVERSATION
    )


_NO_CONVERSATION = -1


async def _listed(call: Call[EventsQuery, None], name: str, conversation_id: int = 0) -> Reply:
    """One page of the list of this name: of one conversation, or of all."""
    query = call.query
    kinds = sorted(set(query.event_types))
    bound = (name, str(call.me), " ".join(kinds))
    oldest = Bounds(after=first_id_at(call.db.now - HISTORY))
    page = at_token(call.db.keys, query.pagination_token, oldest, *bound)
    count = query.max_results
    if conversation_id:
        rows = await messages_in(call.db, call.me, conversation_id, page, count + 1, kinds)
    else:
        rows = await messages_of(call.db, call.me, page, count + 1, kinds)
    more = len(rows) > count
    rows = rows[-count:] if page.up else rows[:count]
    first = query.pagination_token is None
    meta = meta_of(call.db.keys, [row.id for row in rows], page, *bound, more=more, first=first, edges=False)
    return await call.many("message", rows, meta=meta)
