"""Taking away what a thief may have set up: everything since a moment."""

from sqlalchemy import bindparam, delete

from volary.activity.actions import record
from volary.db import Tx, statement
from volary.factors.actions.steps import switch_off
from volary.factors.models import authenticators, passkeys, recovery_codes
from volary.factors.queries import second_step_since

_MADE_SINCE = [
    statement(
        delete(table).where(table.c.account_id == bindparam("account_id"), table.c.created_at >= bindparam("since"))
    )
    for table in (passkeys, authenticators, recovery_codes)
]


async def forget_since(tx: Tx, account_id: int, since: int) -> bool:
    """Remove passkeys, an authenticator and recovery codes that were set up since a moment, and the second step if it was switched on then.

    What was there before stays: whoever reads somebody's letters gets around no second step. Whether anything was removed.
    """
    removed = sum([await tx.run(one, account_id=account_id, since=since) for one in _MADE_SINCE])
    switched_on = await second_step_since(tx, account_id)
    if switched_on is not None and switched_on >= since:
        await switch_off(tx, account_id)
    if removed:
        await record(tx, "factors.removed", account_id=account_id, detail={"count": removed})
    return bool(removed)
