"""Direct Messages on X's wire (X facts 5.2, 5.3, 5.7): the v2 event, bodies of requests, and the v1.1 event."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec

from volary.access.caller import Caller
from volary.accounts.shapes import moment
from volary.api.errors import InvalidRequest
from volary.api.kinds import Expansion, Kind, Row, View, field
from volary.api.query import Id
from volary.db import Reader
from volary.kit.errors import NotFound
from volary.kit.ids import LARGEST_ID
from volary.media.queries import media_by_ids
from volary.media.shapes import media_key
from volary.messages.models import MESSAGE as SAID
from volary.messages.models import MessageRow
from volary.messages.queries.reach import reached
from volary.messages.queries.reading import message_by_id
from volary.messages.rules import LARGEST_GROUP
from volary.posts.rules.answering import kept_entities
from volary.posts.shapes.post import shown_entities
from volary.posts.shapes.status import entities_v1
from volary.settings import Settings

_THEIR_HOSTS = ("x.com", "www.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com")
"""X's own: its clients reach this server under these names too, and write their links so."""
_CONVERSATION = re.compile(r"(?:([0-9]{1,19})-([0-9]{1,19})|([0-9]{15,19}))")


def hosts_of(settings: Settings) -> frozenset[str]:
    """The hosts at which a link to a post leads to a post of this server."""
    return frozenset(urlsplit(origin).netloc.lower() for origin in settings.origins).union(_THEIR_HOSTS)


def conversation_id(row: MessageRow) -> str:
    """The conversation as the wire names it: `<smaller id>-<larger id>` between two, a number for a group."""
    return row.pair or str(row.conversation_id)


def partner_in(text: str, me: int, parameter: str) -> tuple[Literal["pair", "group"], int]:
    """What a conversation's name stands for, to one who is in it: the other of two, or a group.

    Raises InvalidRequest for what is no name, NotFound for a conversation between two others.
    """
    found = _CONVERSATION.fullmatch(text)
    if found is None:
        message = f"The `{parameter}` query parameter value [{text[:100]}] is not valid"
        raise InvalidRequest(message, parameter, (text[:100],))
    one, other, group = found.groups()
    if group is not None:
        return "group", min(int(group), LARGEST_ID)
    two = [min(int(one), LARGEST_ID), min(int(other), LARGEST_ID)]
    if me not in two or two[0] == two[1]:
        raise NotFound("Could not find the conversation.")
    two.remove(me)
    return "pair", two[0]


async def _load(reader: Reader, caller: Caller, ids: Sequence[int]) -> list[MessageRow]:
    found = [await message_by_id(reader, caller.account_id or 0, one) for one in ids]
    return [row for row in found if row is not None]


def _ids(text: str) -> list[int]:
    return [int(one) for one in text.split()]


def _references(row: MessageRow, view: View) -> list[dict[str, str]] | None:
    return [{"id": one} for one in row.post_ids.split()] or None


MESSAGE = Kind(
    name="message",
    resource="dm_event",
    bucket=("dm_events", "dm_events"),
    fields=(
        field("id", lambda row, view: str(row.id)),
        field("event_type", lambda row, view: row.kind),
        field("text", lambda row, view: row.text if row.kind == SAID else None),
        field("created_at", lambda row, view: moment(row.created_at)),
        field("dm_conversation_id", lambda row, view: conversation_id(row)),
        field("entities", lambda row, view: shown_entities(kept_entities(row.entities))),
        field("participant_ids", lambda row, view: row.participant_ids.split() or None),
        field("referenced_tweets", _references, "referenced_posts"),
        field("sender_id", lambda row, view: str(row.sender_id)),
    ),
    default=frozenset({"id", "event_type", "text"}),
    load=_load,
    expansions=(
        Expansion(frozenset({"sender_id"}), "user", lambda row: (row.sender_id,), shows="sender_id"),
        Expansion(
            frozenset({"participant_ids"}), "user", lambda row: _ids(row.participant_ids), shows="participant_ids"
        ),
        Expansion(
            frozenset({"attachments.media_keys"}),
            "media",
            lambda row: () if row.media_id is None else (row.media_id,),
            shows="attachments",
        ),
        Expansion(
            frozenset({"referenced_tweets.id", "referenced_posts"}),
            "post",
            lambda row: _ids(row.post_ids),
            shows="referenced_tweets",
        ),
    ),
)
"""How events are shaped. `participant_ids` are those who joined or left."""


class Attachment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is sent with a message: something uploaded before."""

    media_id: Id


class SendMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a message to one person or into a conversation."""

    text: str | None = None
    attachments: list[Attachment] | None = None


class CreateGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a new group."""

    conversation_type: Literal["Group"]
    participant_ids: Annotated[list[Id], msgspec.Meta(min_length=2, max_length=LARGEST_GROUP - 1)]
    message: SendMessage


def sent(row: MessageRow) -> dict[str, object]:
    """The answer to sending a message."""
    return {"dm_conversation_id": conversation_id(row), "dm_event_id": str(row.id)}


async def attachments(reader: Reader, rows: Sequence[Row], view: View) -> Mapping[int, object]:
    """The keys of what is attached to events, as far as the caller may see it."""
    sent_with = {row.id: row.media_id for row in rows if row.media_id is not None}
    found = await media_by_ids(reader, view.caller.account_id or 0, sorted(set(sent_with.values())))
    keys = {row.id: media_key(row) for row in found}
    return {event: {"media_keys": [keys[one]]} for event, one in sent_with.items() if one in keys}


async def receives_your_dm(reader: Reader, rows: Sequence[Row], view: View) -> Mapping[int, object]:
    """Whether the caller's account can write to each user. Nothing for an app on its own."""
    me = view.caller.account_id
    if me is None:
        return {}
    found = await reached(reader, me, [row.id for row in rows])
    return {row.id: row.id in found for row in rows}


class _Target(msgspec.Struct, frozen=True):
    recipient_id: str | int


class _MediaV1(msgspec.Struct, frozen=True):
    id: str | int


class _AttachmentV1(msgspec.Struct, frozen=True):
    type: Literal["media"]
    media: _MediaV1


class _Data(msgspec.Struct, frozen=True):
    text: str = ""
    attachment: _AttachmentV1 | None = None
    quick_reply: Any = None
    ctas: Any = None


class _MessageCreate(msgspec.Struct, frozen=True):
    target: _Target
    message_data: _Data


class _EventV1(msgspec.Struct, frozen=True):
    type: Literal["message_create"]
    message_create: _MessageCreate


class NewEvent(msgspec.Struct, frozen=True):
    """The body of v1.1's new message. Quick replies and buttons are not served, and refused when sent."""

    event: _EventV1


def event_v1(row: MessageRow) -> dict[str, object]:
    """What was said between two, as v1.1 writes it (X facts 7.4)."""
    receiver = next(one for one in (row.pair or "").split("-") if one != str(row.sender_id))
    data: dict[str, object] = {"text": row.text, "entities": entities_v1(row.entities)}
    if row.media_id is not None:
        data["attachment"] = {"type": "media", "media": {"id": row.media_id, "id_str": str(row.media_id)}}
    create: dict[str, object] = {
        "target": {"recipient_id": receiver},
        "sender_id": str(row.sender_id),
        "message_data": data,
    }
    if row.source_app_id is not None:
        create["source_app_id"] = str(row.source_app_id)
    return {
        "type": "message_create",
        "id": str(row.id),
        "created_timestamp": str(row.created_at),
        "message_create": create,
    }
