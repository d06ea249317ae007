"""Polls on X's wire (X facts 5.2)."""

from collections.abc import Sequence

from volary.access.caller import Caller
from volary.accounts.shapes import moment
from volary.api.kinds import Kind, View, field
from volary.db import Reader
from volary.posts.queries.polls import Poll, polls_by_ids


async def _load(reader: Reader, caller: Caller, ids: Sequence[int]) -> list[Poll]:
    return await polls_by_ids(reader, caller.account_id or 0, ids)


def _options(row: Poll, view: View) -> list[dict[str, object]]:
    return [{"position": one.position, "label": one.label, "votes": one.votes} for one in row.options]


POLL = Kind(
    name="poll",
    bucket=("polls", "polls"),
    fields=(
        field("id", lambda row, view: str(row.id)),
        field("options", _options),
        field("duration_minutes", lambda row, view: row.duration_minutes),
        field("end_datetime", lambda row, view: moment(row.ends_at)),
        field("voting_status", lambda row, view: "open" if row.open else "closed"),
    ),
    default=frozenset({"id", "options"}),
    load=_load,
)
"""How polls are shaped. Votes are numbers: who gave them is told to nobody."""
