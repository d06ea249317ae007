"""Spaces on X's wire (X facts 5.2)."""

from collections.abc import Sequence

from volary.access.caller import Caller
from volary.accounts.shapes import moment
from volary.api.kinds import Expansion, Kind, field
from volary.db import Reader
from volary.spaces.models import Space
from volary.spaces.queries.reading import spaces_by_ids
from volary.spaces.rules import wire_id


def _time(at: int | None) -> str | None:
    return None if at is None else moment(at)


def _ids(ids: Sequence[int]) -> list[str] | None:
    return [str(one) for one in ids] or None


async def _load(reader: Reader, caller: Caller, ids: Sequence[int]) -> list[Space]:
    return await spaces_by_ids(reader, caller.account_id or 0, ids)


SPACE = Kind(
    name="space",
    bucket=("spaces", "spaces"),
    fields=(
        field("id", lambda row, view: wire_id(row.id)),
        field("state", lambda row, view: row.state),
        field("created_at", lambda row, view: moment(row.created_at)),
        field("creator_id", lambda row, view: str(row.creator_id)),
        field("ended_at", lambda row, view: _time(row.ended_at)),
        field("host_ids", lambda row, view: _ids(row.hosts)),
        field("invited_user_ids", lambda row, view: _ids(row.invited)),
        field("is_ticketed", lambda row, view: False),
        field("lang", lambda row, view: row.language or None),
        field("participant_count", lambda row, view: row.participant_count),
        field("scheduled_start", lambda row, view: _time(row.scheduled_start)),
        field("speaker_ids", lambda row, view: _ids(row.speakers)),
        field("started_at", lambda row, view: _time(row.started_at)),
        field("title", lambda row, view: row.title),
        field("updated_at", lambda row, view: moment(row.updated_at)),
    ),
    default=frozenset({"id", "state"}),
    load=_load,
    expansions=(
        Expansion(frozenset({"creator_id"}), "user", lambda row: (row.creator_id,), shows="creator_id"),
        Expansion(frozenset({"host_ids"}), "user", lambda row: row.hosts, shows="host_ids"),
        Expansion(frozenset({"speaker_ids"}), "user", lambda row: row.speakers, shows="speaker_ids"),
        Expansion(frozenset({"invited_user_ids"}), "user", lambda row: row.invited, shows="invited_user_ids"),
    ),
)
"""How Spaces are shaped. Nobody sells tickets here, so none has them; topics do not exist, so none is named."""
