"""Forgetting: with the App, and after the days for which things are kept."""

from sqlalchemy import bindparam, delete, select, tuple_

from volary.db import Database, Tx, statement
from volary.db.batches import in_batches, rows_of
from volary.kit.clock import DAY
from volary.usage.models import app_calls, app_usage
from volary.usage.rules.days import today

SWEEP_SECONDS = 600
"""How often a process sweeps."""

BATCH = 500
"""Rows of one table in one action: short enough that nobody who writes meanwhile notices."""

_OF_APP = tuple(
    statement(delete(table).where(table.c.app_id == bindparam("app_id"))) for table in (app_usage, app_calls)
)
_CALLS_KEY = (app_calls.c.app_id, app_calls.c.proven, app_calls.c.id)
_USAGE_KEY = (app_usage.c.app_id, app_usage.c.day, app_usage.c.endpoint)
_OLD_CALLS = statement(
    delete(app_calls).where(
        tuple_(*_CALLS_KEY).in_(select(*_CALLS_KEY).where(app_calls.c.last_at < bindparam("before")).limit(BATCH))
    )
)
_OLD_USAGE = statement(
    delete(app_usage).where(
        tuple_(*_USAGE_KEY).in_(select(*_USAGE_KEY).where(app_usage.c.day < bindparam("before")).limit(BATCH))
    )
)


async def forget_app(tx: Tx, app_id: int) -> None:
    """Forget an App's counters and calls."""
    for asked in _OF_APP:
        await tx.run(asked, app_id=app_id)


async def sweep(db: Database, usage_days: int, log_days: int) -> int:
    """Forget what is older than it is kept, in small actions; how many rows went."""
    gone = await in_batches(db, BATCH, rows_of, _OLD_USAGE, before=today(db.now) - usage_days)
    return gone + await in_batches(db, BATCH, rows_of, _OLD_CALLS, before=db.now - log_days * DAY)
