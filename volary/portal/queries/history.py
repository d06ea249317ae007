"""What happened in a team: the events that its members' acts left (C162)."""

import msgspec
from sqlalchemy import bindparam, select

from volary.accounts.models import accounts
from volary.activity.models import events
from volary.db import Reader
from volary.db.paging import Bounds, Pages

PAGE = 50
"""How many events stand on a page."""

_ACTOR, _SUBJECT = accounts.alias("actor"), accounts.alias("subject")


class Happening(msgspec.Struct, frozen=True):
    """An event with the names of who acted and, where it was done to an account, to whom."""

    id: int
    at: int
    kind: str
    app_id: int | None
    actor_id: int | None
    actor: str | None
    subject: str | None
    detail: str

    @property
    def told(self) -> dict[str, str]:
        """What the event tells beside that, as text."""
        facts = msgspec.json.decode(self.detail, type=dict[str, str | int]) if self.detail else {}
        return {name: str(value) for name, value in facts.items()}


_OF_TEAM = Pages(
    select(
        events.c.id,
        events.c.at,
        events.c.kind,
        events.c.app_id,
        events.c.actor_id,
        _ACTOR.c.username.label("actor"),
        _SUBJECT.c.username.label("subject"),
        events.c.detail,
    )
    .outerjoin_from(events, _ACTOR, _ACTOR.c.id == events.c.actor_id)
    .outerjoin(_SUBJECT, _SUBJECT.c.id == events.c.subject_id)
    .where(events.c.team_id == bindparam("team_id")),
    events.c.id,
    Happening,
)


async def history_of_team(reader: Reader, team_id: int, page: Bounds) -> list[Happening]:
    """One page of it, the newest first. Whether the asker is in the team is `team_of_member`'s to say."""
    return await _OF_TEAM.read(reader, page, PAGE + 1, team_id=team_id)
