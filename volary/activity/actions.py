"""Writing events down, and counting what apps read of which people should know.

Events are part of their act. Reads are counted in memory and written every few seconds, so that no read waits for a write; a crash
loses the last of it.
"""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import bindparam, delete, insert

from volary.access.caller import Caller
from volary.activity.models import app_reads, events
from volary.db import Database, Tx, part, statement, upsert
from volary.kit.clock import DAY
from volary.webhooks.actions import ANNOUNCED, Event, announce

_COLUMNS = (
    *("id", "at", "kind", "account_id", "actor_id", "app_id", "grant_id", "subject_id", "address", "detail"),
    "team_id",
)
_RECORD = statement(insert(events).values({name: bindparam(name) for name in _COLUMNS}))


_LISTED = ("id", "at", "kind", "account_id", "actor_id", "app_id", "grant_id", "detail")
_RECORD_EACH = statement(
    upsert(
        events,
        values={name: part(place, events.c[name]) for place, name in enumerate(_LISTED)},
        key=["id"],
        listed="rows",
    )
)


class Touched(msgspec.Struct, frozen=True):
    """An account, and the grant of it that an act for many was about."""

    account_id: int
    grant_id: int


async def record(
    tx: Tx,
    kind: str,
    *,
    account_id: int | None,
    actor_id: int | None = None,
    app_id: int | None = None,
    grant_id: int | None = None,
    subject_id: int | None = None,
    address: str = "",
    detail: dict[str, str | int] | None = None,
    team_id: int | None = None,
) -> None:
    """Add one event to an account's record, as part of the act itself.

    `kind` is `thing.happened`. `actor_id` is who acted where that is not the account itself: another account, an App on its own behalf
    (its number), COMMAND_LINE or SYSTEM, which jobs and commands need not say. `detail` holds small public facts, never a secret: it is
    shown to people and exported. `team_id` puts it into the history of a team of developers too.
    """
    actor_id = next((one for one in (actor_id, tx.actor, account_id) if one is not None), None)
    event_id = tx.new_id()
    await tx.run(
        _RECORD,
        id=event_id,
        at=tx.now,
        kind=kind,
        account_id=account_id,
        actor_id=actor_id,
        app_id=app_id,
        grant_id=grant_id,
        subject_id=subject_id,
        address=address or tx.address,
        detail=msgspec.json.encode(detail).decode() if detail else "",
        team_id=team_id,
    )
    if kind in ANNOUNCED:
        await announce(tx, Event(event_id, kind, tx.now, account_id, actor_id, app_id, detail))


async def record_each(
    tx: Tx,
    kind: str,
    touched: Iterable[Touched],
    *,
    at: int,
    actor_id: int,
    app_id: int,
    detail: dict[str, str | int],
) -> None:
    """Add an event of one kind to each account that an act touched, in one statement.

    From where somebody acted stands with the act itself: the records of thousands of people are no place for one person's address.
    """
    told = msgspec.json.encode(detail).decode()
    rows = [
        msgspec.json.encode((tx.new_id(), at, kind, one.account_id, actor_id, app_id, one.grant_id, told)).decode()
        for one in touched
    ]
    if rows:
        await tx.run(_RECORD_EACH, rows=rows)


async def note(tx: Tx, caller: Caller, kind: str, subject_id: int) -> None:
    """Write down what an app does in a person's name; what people do themselves they know."""
    if caller.app_id is None:
        return
    await record(
        tx, kind, account_id=caller.account_id, app_id=caller.app_id, grant_id=caller.grant_id, subject_id=subject_id
    )


COUNT_SECONDS = 5
"""How often a process writes down what it counted."""

MOST_COUNTERS = 20_000
"""Counters that wait at most; further ones are dropped until the next flush, so memory stays bounded (SR-367)."""

KEPT_DAYS = 90
"""How long counters are kept."""

_BATCH = 500


class _Counted(msgspec.Struct):
    """So many reads, and when the last of them was."""

    count: int = 0
    last_at: int = 0


Key = tuple[int, int, int, str]
"""Whose account, by which app, on which day since 1970 (UTC), and what kind of thing."""

_ADD = statement(
    upsert(
        app_reads,
        values=("account_id", "app_id", "day", "kind", "count", "last_at"),
        key=("account_id", "app_id", "day", "kind"),
        update={"count": app_reads.c.count + bindparam("count"), "last_at": bindparam("last_at")},
    )
)
_FORGET = statement(delete(app_reads).where(app_reads.c.day < bindparam("before")))


class Reads:
    """The reads that this process counted and has not written yet. One per process, in its resources."""

    def __init__(self) -> None:
        self._counted: dict[Key, _Counted] = {}
        self._cleared = 0
        """The day on which this process last threw old counters away."""

    def note(self, caller: Caller, kind: str, at: int) -> None:
        """An app read something of this kind in a person's name. What people read themselves is nobody's concern."""
        if caller.app_id is None or caller.account_id is None:
            return
        key = (caller.account_id, caller.app_id, at // DAY, kind)
        counted = self._counted.get(key)
        if counted is None:
            if len(self._counted) >= MOST_COUNTERS:
                return
            counted = self._counted[key] = _Counted()
        counted.count += 1
        counted.last_at = at

    async def flush(self, db: Database) -> int:
        """Write down what was counted since the last time, in small actions; how many counters."""
        counted, self._counted = list(self._counted.items()), {}
        for start in range(0, len(counted), _BATCH):
            await db.write(_add, counted[start : start + _BATCH])
        if self._cleared != (today := db.now // DAY):
            await db.write(_forget, today - KEPT_DAYS)
            self._cleared = today
        return len(counted)


async def _forget(tx: Tx, before: int) -> None:
    await tx.run(_FORGET, before=before)


async def _add(tx: Tx, counted: Sequence[tuple[Key, _Counted]]) -> None:
    for (account_id, app_id, day, kind), one in counted:
        await tx.run(
            _ADD,
            account_id=account_id,
            app_id=app_id,
            day=day,
            kind=kind,
            count=one.count,
            last_at=one.last_at,
        )
