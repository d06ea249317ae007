"""v1.1's calls on Direct Messages between two: thin views of the same acts (X facts 7.2, 7.3; C055–C058).

Groups have no place in v1.1's shapes, so they are not listed here.
"""

from typing import Annotated

import msgspec

from volary.api.call import Call, Reply
from volary.api.errors import NotBuilt, Numbered
from volary.api.limits import limits, per_day
from volary.api.operation import operation
from volary.api.pagination import Token, at_token, meta_of
from volary.api.query import NoQuery
from volary.api.sources import Sources
from volary.db.paging import Bounds
from volary.kit.ids import first_id_at, id_in
from volary.media.errors import MediaNotFound, NotReady
from volary.messages.actions.sending import MessageDraft, delete_message, send_message
from volary.messages.api.needs import V1, note_reading
from volary.messages.errors import EmptyMessage, MessageNotFound, MessageTooLong, NotReachable
from volary.messages.models import MESSAGE, MessageRow
from volary.messages.queries.reading import message_by_id, messages_in_pairs
from volary.messages.rules import HISTORY
from volary.messages.shapes import NewEvent, event_v1, hosts_of

_READING = limits(user=15)


class IdQuery(msgspec.Struct, frozen=True):
    """Which event."""

    id: str = ""


class ListQuery(msgspec.Struct, frozen=True):
    """How many events, and from where on."""

    count: Annotated[int, msgspec.Meta(ge=1, le=50)] = 20
    cursor: Token | None = None


@operation(
    "POST",
    "/1.1/direct_messages/events/new.json",
    need=V1,
    limits=limits(user=(per_day(1000),), app=(per_day(15_000),)),
    body=NewEvent,
)
async def new(call: Call[NoQuery, NewEvent]) -> Reply:
    """Send a message to one person (C056)."""
    said = call.body.event.message_create
    to, attached = id_in(str(said.target.recipient_id)), said.message_data.attachment
    media_id = id_in(str(attached.media.id)) if attached else None
    if to is None or (attached and media_id is None):
        raise Numbered(403, 151, "There was an error sending your message: an id is not valid.")
    if said.message_data.quick_reply is not None or said.message_data.ctas is not None:
        raise NotBuilt("A quick reply or a button in a message")
    draft = MessageDraft(said.message_data.text, media_id, hosts_of(call.settings))
    try:
        row = await call.db.write(send_message, call.caller, to, draft)
    except NotReachable:
        raise Numbered(403, 349, "You cannot send messages to this user.") from None
    except MessageTooLong:
        raise Numbered(403, 354, "The text of your direct message is over the max character limit.") from None
    except EmptyMessage:
        raise Numbered(403, 151, "There was an error sending your message: it has no text.") from None
    except (MediaNotFound, NotReady):
        raise Numbered(400, 324, "The validation of media ids failed.") from None
    return Reply({"event": event_v1(row)})


@operation("GET", "/1.1/direct_messages/events/list.json", need=V1, limits=_READING, query=ListQuery)
async def listed(call: Call[ListQuery, None]) -> Reply:
    """The messages of the last thirty days that the caller sent or got, newest first (C057)."""
    bound = ("v1.1 messages", str(call.me))
    page = at_token(call.db.keys, call.query.cursor, Bounds(after=first_id_at(call.db.now - HISTORY)), *bound)
    count = call.query.count
    found = await messages_in_pairs(call.db, call.me, page, count + 1)
    rows, more = found[:count], len(found) > count
    note_reading(call)
    body: dict[str, object] = {"events": [event_v1(row) for row in rows], "apps": await _apps(call, rows)}
    meta = meta_of(call.db.keys, [row.id for row in rows], page, *bound, more=more, first=True)
    if more:
        body["next_cursor"] = meta["next_token"]
    return Reply(body)


@operation("GET", "/1.1/direct_messages/events/show.json", need=V1, limits=_READING, query=IdQuery)
async def show(call: Call[IdQuery, None]) -> Reply:
    """One message of which the caller holds a copy."""
    row = await message_by_id(call.db, call.me, _id(call), first_id_at(call.db.now - HISTORY))
    if row is None or row.pair is None or row.kind != MESSAGE:
        raise _nothing()
    note_reading(call)
    return Reply({"event": event_v1(row), "apps": await _apps(call, [row])})


@operation(
    "DELETE",
    "/1.1/direct_messages/events/destroy.json",
    need=V1,
    limits=limits(user=(per_day(1500),), app=(per_day(4000),)),
    query=IdQuery,
    status=204,
)
async def destroy(call: Call[IdQuery, None]) -> Reply:
    """Remove the caller's own copy of a message; the others keep theirs (C058, C059)."""
    try:
        await call.db.write(delete_message, call.caller, _id(call))
    except MessageNotFound:
        raise _nothing() from None
    return Reply(None)


def _id(call: Call[IdQuery, None]) -> int:
    found = id_in(call.query.id)
    if found is None:
        raise _nothing()
    return found


def _nothing() -> Numbered:
    return Numbered(404, 34, "Sorry, that page does not exist.")


async def _apps(call: Call[IdQuery, None] | Call[ListQuery, None], rows: list[MessageRow]) -> dict[str, object]:
    """The apps that messages were sent with, by their ids."""
    ids = sorted({row.source_app_id for row in rows if row.source_app_id})
    found = await call.resources[Sources].of(call.db, ids) if ids else {}
    return {str(one): {"id": str(one), "name": found[one][0], "url": found[one][1]} for one in ids if one in found}
