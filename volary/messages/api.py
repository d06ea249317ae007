"""Operations on Direct Messages: send to a person, list all or with a person, one, delete one's own copy (C205, C206)."""

from typing import Annotated, Literal

import msgspec

from volary.access.levels import Level
from volary.access.needs import Need
from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest, NotBuilt, NotPermitted
from volary.api.limits import Quota, limits, per_day
from volary.api.operation import operation
from volary.api.pagination import Token, at_token, meta_of
from volary.api.problems import not_found
from volary.api.query import NoQuery
from volary.db.paging import Bounds
from volary.kit.clock import DAY
from volary.kit.ids import first_id_at
from volary.messages.actions import LIMIT, delete_message, send_message
from volary.messages.errors import EmptyMessage, MessageTooLong, NotReachable
from volary.messages.models import MessageRow
from volary.messages.queries import message_by_id, messages_of, messages_with
from volary.messages.shapes import SendMessage, sent

_SCOPES = frozenset({"tweet.read", "users.read"})
READ = Need(oauth1=Level.DIRECT_MESSAGES, scopes=_SCOPES | {"dm.read"})
SEND = Need(oauth1=Level.DIRECT_MESSAGES, scopes=_SCOPES | {"dm.write"})
DELETE = Need(oauth1=Level.DIRECT_MESSAGES, scopes=frozenset({"dm.read", "dm.write"}))
_SENDING = limits(user=(Quota(15), per_day(1440)), app=(per_day(1440),))
_DELETING = limits(user=(Quota(300), per_day(1500)), app=(per_day(4000),))
HISTORY = 30 * DAY
"""How far back lists reach (X facts 5.7)."""

EventType = Literal["MessageCreate", "ParticipantsJoin", "ParticipantsLeave"]


class EventsQuery(msgspec.Struct, frozen=True):
    """The parameters of the lists. Only messages exist so far, so another event type finds nothing."""

    max_results: Annotated[int, msgspec.Meta(ge=1, le=100)] = 100
    pagination_token: Token | None = None
    event_types: tuple[EventType, ...] = ("MessageCreate", "ParticipantsLeave", "ParticipantsJoin")


@operation(
    "POST",
    "/2/dm_conversations/with/{participant_id}/messages",
    need=SEND,
    limits=_SENDING,
    body=SendMessage,
    status=201,
)
async def send_to(call: Call[NoQuery, SendMessage]) -> Reply:
    """Send a message to one person, in the conversation between the two (C056)."""
    if bytes(call.body.attachments) not in {b"", b"null", b"[]"}:
        raise NotBuilt("An attachment in a message")
    try:
        row = await call.db.write(send_message, call.caller, call.id_in_path("participant_id"), call.body.text or "")
    except EmptyMessage:
        raise InvalidRequest("One of `text` or `attachments` must be given.", "text") from None
    except MessageTooLong:
        raise InvalidRequest(f"$.text: at most {LIMIT} characters", "text") from None
    except NotReachable:
        raise NotPermitted("You cannot send messages to this user.") from None
    return Reply({"data": sent(row)})


@operation("GET", "/2/dm_events", need=READ, limits=limits(user=15), query=EventsQuery, returns="message")
async def events(call: Call[EventsQuery, None]) -> Reply:
    """Every message of the last thirty days, newest first (C057)."""
    bound = ("messages", str(call.me), str(call.query.event_types))
    page = _page(call, *bound)
    count = call.query.max_results + 1
    rows = await messages_of(call.db, call.me, after=page.after, before=page.before, count=count, up=page.up)
    return await _listed(call, rows, page, *bound)


@operation(
    "GET",
    "/2/dm_conversations/with/{participant_id}/dm_events",
    need=READ,
    limits=limits(user=15),
    query=EventsQuery,
    returns="message",
)
async def events_with(call: Call[EventsQuery, None]) -> Reply:
    """The messages of the conversation with one person."""
    other = call.id_in_path("participant_id")
    bound = (f"messages with {other}", str(call.me), str(call.query.event_types))
    page = _page(call, *bound)
    count = call.query.max_results + 1
    rows = await messages_with(call.db, call.me, other, after=page.after, before=page.before, count=count, up=page.up)
    return await _listed(call, rows, page, *bound)


@operation("GET", "/2/dm_events/{event_id}", need=READ, limits=limits(user=15), returns="message")
async def event(call: Call[NoQuery, None]) -> Reply:
    """One message of which the caller holds a copy."""
    row = await message_by_id(call.db, call.me, call.id_in_path("event_id"))
    errors = [not_found("dm_event", "event_id", call.path["event_id"])] if row is None else []
    return await call.one("message", row, errors)


@operation("DELETE", "/2/dm_events/{event_id}", need=DELETE, limits=_DELETING)
async def delete(call: Call[NoQuery, None]) -> Reply:
    """Remove one's own copy (C058, C059)."""
    await call.db.write(delete_message, call.caller, call.id_in_path("event_id"))
    return Reply({"data": {"deleted": True}})


def _page(call: Call[EventsQuery, None], *bound: str) -> Bounds:
    oldest = Bounds(after=first_id_at(call.db.now - HISTORY))
    return at_token(call.db.keys, call.query.pagination_token, oldest, *bound)


async def _listed(call: Call[EventsQuery, None], rows: list[MessageRow], page: Bounds, *bound: str) -> Reply:
    """One page of messages. Only what the caller asked to see by type is there."""
    count = call.query.max_results
    more = len(rows) > count
    rows = rows[-count:] if page.up else rows[:count]
    shown = [row for row in rows if row.kind in call.query.event_types]
    ids = [row.id for row in rows]
    meta = meta_of(call.db.keys, ids, page, *bound, more=more, first=call.query.pagination_token is None, edges=False)
    return await call.many("message", shown, meta={**meta, "result_count": len(shown)})
