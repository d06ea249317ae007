"""Direct Messages on X's wire (X facts 5.2, 5.7)."""

from collections.abc import Sequence

import msgspec

from volary.access.caller import Caller
from volary.accounts.shapes import moment
from volary.api.kinds import Expansion, Kind, field
from volary.db import Reader
from volary.messages.models import MessageRow
from volary.messages.queries import message_by_id


def conversation_id(row: MessageRow) -> str:
    """The conversation as the wire names it: `<smaller id>-<larger id>` between two, a number for a group."""
    return row.pair or str(row.conversation_id)


async def _load(reader: Reader, caller: Caller, ids: Sequence[int]) -> list[MessageRow]:
    found = [await message_by_id(reader, caller.account_id or 0, one) for one in ids]
    return [row for row in found if row is not None]


def _pair_members(row: MessageRow) -> list[int]:
    return [int(one) for one in row.pair.split("-")] if row.pair else []


MESSAGE = Kind(
    name="message",
    resource="dm_event",
    bucket=("dm_events", "dm_events"),
    fields=(
        field("id", lambda row, view: str(row.id)),
        field("event_type", lambda row, view: row.kind),
        field("text", lambda row, view: row.text),
        field("created_at", lambda row, view: moment(row.created_at)),
        field("dm_conversation_id", lambda row, view: conversation_id(row)),
        field("sender_id", lambda row, view: str(row.sender_id)),
    ),
    default=frozenset({"id", "event_type", "text"}),
    load=_load,
    expansions=(
        Expansion(frozenset({"sender_id"}), "user", lambda row: (row.sender_id,), shows="sender_id"),
        Expansion(frozenset({"participant_ids"}), "user", _pair_members),
    ),
)
"""How message events are shaped."""


class SendMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a message to one person or into a conversation. Attachments are not served yet and refused when sent."""

    text: str | None = None
    attachments: msgspec.Raw = msgspec.Raw()


def sent(row: MessageRow) -> dict[str, object]:
    """The answer to sending a message."""
    return {"dm_conversation_id": conversation_id(row), "dm_event_id": str(row.id)}
