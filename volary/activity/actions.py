"""Writing events down."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import bindparam, insert

from volary.access.caller import Caller
from volary.activity.models import events
from volary.db import Tx, part, statement, upsert
from volary.webhooks.actions import ANNOUNCED, Event, announce

COMMAND_LINE = 0
"""Who acted where that is whoever runs the server, at its command line."""

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

    `kind` is `thing.happened`. `actor_id` is who acted where that is not the account itself, COMMAND_LINE for nobody's account. `detail`
    holds small public facts, never a secret: it is shown to people and exported. `team_id` puts it into the history of a team of
    developers too.
    """
    event_id = tx.new_id()
    await tx.run(
        _RECORD,
        id=event_id,
        at=tx.now,
        kind=kind,
        account_id=account_id,
        actor_id=account_id if actor_id is None else actor_id,
        app_id=app_id,
        grant_id=grant_id,
        subject_id=subject_id,
        address=address or tx.address,
        detail=msgspec.json.encode(detail).decode() if detail else "",
        team_id=team_id,
    )
    if kind in ANNOUNCED:
        await announce(tx, Event(event_id, kind, tx.now, account_id, actor_id or account_id, app_id, detail))


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
