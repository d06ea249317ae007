"""The audit: every event of the record, whoever it belongs to, by what one looks for. Nothing else about an act is kept."""

from collections.abc import AsyncIterator

import msgspec
from sqlalchemy import BigInteger, ColumnElement, bindparam, func, literal_column, or_, select

from volary.accounts.models import accounts
from volary.activity.models import events
from volary.db import Reader
from volary.db.paging import Bounds, Pages
from volary.kit.ids import EPOCH, LARGEST_ID
from volary.oauth.models import grants
from volary.operator.queries.apps import PAGE

BATCH = 500
"""How many an export reads at once."""

_ACTOR, _WHOSE = accounts.alias("actor"), accounts.alias("whose")


class AuditRow(msgspec.Struct, frozen=True):
    """An event with the names of who acted and in whose record it stands; the ids of what they were then."""

    id: int
    at: int
    kind: str
    actor_id: int | None
    actor: str | None
    account_id: int | None
    account: str | None
    app_id: int | None
    grant_id: int | None
    team_id: int | None
    subject_id: int | None
    address: str
    detail: str


class Filter(msgspec.Struct, frozen=True):
    """What is looked for; nothing given is everything. `kind` is a whole kind (`app.suspended`) or a thing (`app`)."""

    kind: str = ""
    actor_id: int = 0
    account_id: int = 0
    app_id: int = 0
    grant_id: int = 0
    since: int = 0
    until: int = 0

    def asked(self) -> dict[str, str | int]:
        """The parameters of the statements."""
        numbers = {name: getattr(self, name) for name in ("actor_id", "account_id", "app_id", "grant_id")}
        return {**numbers, "kind": self.kind, "thing": f"{self.kind}."}

    def bounds(self, page: Bounds) -> Bounds:
        """The page within the time that is looked for: ids grow with time."""
        least = (self.since - EPOCH << 22) - 1 if self.since > EPOCH else 0
        most = self.until - EPOCH << 22 if self.until > EPOCH else LARGEST_ID
        return Bounds(after=max(page.after, least), before=min(page.before, most), up=page.up)


# Written as the index has it, with the number in the text: only then do both engines see that the index holds these rows.
_ELSEWHERE = events.c.actor_id != func.coalesce(events.c.account_id, literal_column("-1"))
_KIND = or_(bindparam("kind") == "", events.c.kind == bindparam("kind"), events.c.kind.startswith(bindparam("thing")))


_WANTED = tuple(
    or_(bindparam(name, type_=BigInteger()) == 0, events.c[name] == bindparam(name))
    for name in ("actor_id", "account_id", "app_id", "grant_id")
)


def _pages(*more: ColumnElement[bool], **having: str) -> Pages[AuditRow]:
    """A list of events that are looked for; those columns that decide which index is walked have the values of the parameters."""
    asked = (
        select(
            events.c.id,
            events.c.at,
            events.c.kind,
            events.c.actor_id,
            _ACTOR.c.username.label("actor"),
            events.c.account_id,
            _WHOSE.c.username.label("account"),
            *(events.c[name] for name in ("app_id", "grant_id", "team_id", "subject_id", "address", "detail")),
        )
        .outerjoin_from(events, _ACTOR, _ACTOR.c.id == events.c.actor_id)
        .outerjoin(_WHOSE, _WHOSE.c.id == events.c.account_id)
        .where(_KIND, *_WANTED, *(events.c[column] == bindparam(name) for column, name in having.items()), *more)
    )
    return Pages(asked, events.c.id, AuditRow)


_ALL = _pages()
_BY_TO_OTHERS = _pages(_ELSEWHERE, actor_id="actor_id")
_BY_TO_ONESELF = _pages(account_id="actor_id")
_OF_ACCOUNT = _pages(account_id="account_id")
_OF_APP = _pages(app_id="app_id")
_WHO_GAVE_IT = select(grants.c.account_id).where(grants.c.id == bindparam("grant_id")).scalar_subquery()
_OF_GRANT = _pages(events.c.account_id == _WHO_GAVE_IT, grant_id="grant_id")


async def audit(reader: Reader, wanted: Filter, page: Bounds, count: int = PAGE + 1) -> list[AuditRow]:
    """One page of events that are all that is looked for, the newest first. The narrowest of it decides which index is walked."""
    bounds = wanted.bounds(page)
    found = [row for pages in _walked(wanted) for row in await pages.read(reader, bounds, count, **wanted.asked())]
    found.sort(key=lambda row: row.id, reverse=True)
    return found[-count:] if bounds.up else found[:count]


def _walked(wanted: Filter) -> tuple[Pages[AuditRow], ...]:
    if wanted.grant_id:
        return (_OF_GRANT,)
    if wanted.app_id:
        return (_OF_APP,)
    if wanted.account_id:
        return (_OF_ACCOUNT,)
    return (_BY_TO_OTHERS, _BY_TO_ONESELF) if wanted.actor_id else (_ALL,)


async def every_event(reader: Reader, wanted: Filter) -> AsyncIterator[AuditRow]:
    """All events that are looked for, the oldest first, a batch at a time."""
    after = 0
    while rows := await audit(reader, wanted, Bounds(after=after, up=True), BATCH):
        for row in reversed(rows):
            yield row
        after = rows[0].id
        if len(rows) < BATCH:
            return
