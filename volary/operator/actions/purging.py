"""Throwing old events away: the one way in which the record loses anything, and it is written down in the record itself."""

from sqlalchemy import bindparam, delete, insert, select

from volary.activity.actions import record
from volary.activity.models import event_purges, events
from volary.db import Tx, statement
from volary.kit.clock import DAY
from volary.kit.errors import Invalid
from volary.language import mark as _
from volary.operator.actions.actors import Actor, ensure_operator

LEAST = 90
"""Days for which events are always kept."""
BATCH = 5_000

_SAY = statement(insert(event_purges).values({name: bindparam(name) for name in ("id", "at", "before", "actor_id")}))
_OLD = select(events.c.id).where(events.c.at < bindparam("before")).order_by(events.c.id).limit(BATCH)
_PURGE = statement(delete(events).where(events.c.id.in_(_OLD)))


async def begin_purge(tx: Tx, actor: Actor, *, days: int) -> int:
    """Say that events older than so many days are thrown away; the moment before which. Raises NotAnOperator, Invalid."""
    await ensure_operator(tx, actor)
    if days < LEAST:
        raise Invalid(_("Events are kept for at least %(days)s days."), field="days", days=LEAST)
    before = tx.now - days * DAY
    await tx.run(_SAY, id=tx.new_id(), at=tx.now, before=before, actor_id=actor.account_id)
    await record(tx, "audit.purged", account_id=None, actor_id=actor.account_id, detail={"days": days})
    return before


async def purge(tx: Tx, before: int) -> int:
    """Throw a batch of them away; how many. The database refuses it for events that no purge was said for."""
    return await tx.run(_PURGE, before=before)
