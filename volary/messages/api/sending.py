"""Sending: to a person, into a conversation, and a new group with its first message."""

from collections.abc import Callable, Coroutine
from typing import Any

from volary.access.caller import Caller
from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest, NotPermitted
from volary.api.limits import Quota, limits, per_day
from volary.api.operation import operation
from volary.api.query import NoQuery, whole_id
from volary.db import Tx
from volary.kit.errors import NotFound
from volary.media.errors import MediaNotFound, NotReady
from volary.messages.actions.groups import create_group
from volary.messages.actions.sending import MessageDraft, send_message, send_to_group
from volary.messages.api.needs import WRITE
from volary.messages.errors import (
    ConversationNotFound,
    EmptyMessage,
    GroupTooLarge,
    GroupTooSmall,
    MessageTooLong,
    NotReachable,
)
from volary.messages.models import MessageRow
from volary.messages.rules import LARGEST_GROUP, LIMIT
from volary.messages.shapes import CreateGroup, SendMessage, hosts_of, partner_in, sent

_SENDING = limits(user=(Quota(15), per_day(1440)), app=(per_day(1440),))
Act = Callable[[Tx, Caller, Any, MessageDraft], Coroutine[Any, Any, MessageRow]]


@operation(
    "POST",
    "/2/dm_conversations/with/{participant_id}/messages",
    need=WRITE,
    limits=_SENDING,
    body=SendMessage,
    status=201,
)
async def send_to(call: Call[NoQuery, SendMessage]) -> Reply:
    """Send a message to one person, in the conversation between the two (C056)."""
    return await _send(call, send_message, call.id_in_path("participant_id"), call.body)


@operation(
    "POST",
    "/2/dm_conversations/{dm_conversation_id}/messages",
    need=WRITE,
    limits=_SENDING,
    body=SendMessage,
    status=201,
)
async def send_into(call: Call[NoQuery, SendMessage]) -> Reply:
    """Send a message into a conversation that the caller is in: between two, or a group (C205)."""
    kind, number = partner_in(call.path["dm_conversation_id"], call.me, "dm_conversation_id")
    return await _send(call, send_message if kind == "pair" else send_to_group, number, call.body)


@operation("POST", "/2/dm_conversations", need=WRITE, limits=_SENDING, body=CreateGroup, status=201)
async def create(call: Call[NoQuery, CreateGroup]) -> Reply:
    """Make a group of the caller and two to forty-nine others, with its first message (C205)."""
    ids = [whole_id(one, "participant_ids") for one in call.body.participant_ids]
    return await _send(call, create_group, ids, call.body.message)


async def _send(call: Call[NoQuery, Any], act: Act, to: int | list[int], body: SendMessage) -> Reply:
    """Do it, with X's words for what does not work."""
    attached = body.attachments or []
    if len(attached) > 1:
        raise InvalidRequest("$.attachments: at most one", "attachments")
    media_id = whole_id(attached[0].media_id, "attachments.media_id") if attached else None
    draft = MessageDraft(body.text or "", media_id, hosts_of(call.settings))
    try:
        row = await call.db.write(act, call.caller, to, draft)
    except EmptyMessage:
        raise InvalidRequest("One of `text` or `attachments` must be given.", "text") from None
    except MessageTooLong:
        raise InvalidRequest(f"$.text: at most {LIMIT} characters", "text") from None
    except (MediaNotFound, NotReady) as refusal:
        raise InvalidRequest(f"$.attachments.media_id: {refusal}", "attachments.media_id") from None
    except (GroupTooSmall, GroupTooLarge):
        message = f"$.participant_ids: 2 to {LARGEST_GROUP - 1} people other than the authenticating user"
        raise InvalidRequest(message, "participant_ids") from None
    except NotReachable:
        raise NotPermitted("You cannot send messages to this user.") from None
    except ConversationNotFound:
        raise NotFound("Could not find the conversation.") from None
    return Reply({"data": sent(row)})
