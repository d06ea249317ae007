"""Writing down what calls came to: counters are added to, the latest calls put behind those that are there, the oldest let go."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import bindparam, delete, insert, select

from volary.db import Tx, in_list, statement, upsert
from volary.developers.models import DELETED, apps
from volary.usage.models import LoggedCall, Tally, app_calls, app_usage
from volary.usage.rules.days import today

_COUNTED = Tally.__struct_fields__
_ADD = statement(
    upsert(
        app_usage,
        values=["app_id", "day", "endpoint", *_COUNTED],
        key=["app_id", "day", "endpoint"],
        update={name: app_usage.c[name] + bindparam(name) for name in _COUNTED},
    )
)
_PUT = statement(insert(app_calls).values({column.name: bindparam(column.name) for column in app_calls.c}))
_OF_BUCKET = (app_calls.c.app_id == bindparam("app_id"), app_calls.c.proven == bindparam("proven"))


class _Size(msgspec.Struct, frozen=True):
    id: int
    size: int


_SIZES = statement(select(app_calls.c.id, app_calls.c.size).where(*_OF_BUCKET).order_by(app_calls.c.id.desc()), _Size)
_PRUNE = statement(delete(app_calls).where(*_OF_BUCKET, app_calls.c.id < bindparam("before")))
_LIVE = statement(select(apps.c.id).where(in_list(apps.c.id, "ids"), apps.c.state != DELETED), int)

encode = msgspec.msgpack.Encoder().encode


class Parcel(msgspec.Struct, frozen=True):
    """One bucket's share of a flush. `keep` is how many calls its log keeps, where it is time to let the oldest go; else 0."""

    app_id: int
    proven: bool
    tallies: Mapping[str, Tally]
    calls: Sequence[LoggedCall]
    keep: int


async def store(tx: Tx, parcels: Sequence[Parcel]) -> None:
    """Write some parcels. Those of Apps that were deleted meanwhile are dropped: their log is gone and must not come back."""
    live = {0, *await tx.all(_LIVE, ids=[parcel.app_id for parcel in parcels])}
    day = today(tx.now)
    for parcel in parcels:
        if parcel.app_id not in live:
            continue
        for endpoint, tally in parcel.tallies.items():
            numbers = {name: getattr(tally, name) for name in _COUNTED}
            await tx.run(_ADD, app_id=parcel.app_id, day=day, endpoint=endpoint, **numbers)
        if parcel.calls:
            await _put(tx, parcel)


async def _put(tx: Tx, parcel: Parcel) -> None:
    await tx.run(
        _PUT,
        app_id=parcel.app_id,
        proven=int(parcel.proven),
        id=tx.new_id(),
        size=len(parcel.calls),
        last_at=parcel.calls[-1].at,
        calls=encode(parcel.calls),
    )
    if parcel.keep:
        await _prune(tx, parcel.app_id, int(parcel.proven), parcel.keep)


async def _prune(tx: Tx, app_id: int, proven: int, keep: int) -> None:
    """Let go of the batches that lie behind the newest `keep` calls."""
    counted = 0
    for row in await tx.all(_SIZES, app_id=app_id, proven=proven):
        counted += row.size
        if counted >= keep:
            await tx.run(_PRUNE, app_id=app_id, proven=proven, before=row.id)
            return
