"""What an operator made of reports: of all that were made about an account until now."""

from sqlalchemy import bindparam, update

from volary.db import Tx, statement
from volary.graph.models import reports

_DECIDE = statement(
    update(reports)
    .where(reports.c.reported_id == bindparam("account_id"), reports.c.last_at <= bindparam("now"))
    .values(outcome=bindparam("outcome"), decided_at=bindparam("now"))
)


async def decide_reports(tx: Tx, account_id: int, outcome: str) -> int:
    """Keep the outcome of every report about an account; how many there are. Whoever reports it again is heard again."""
    return await tx.run(_DECIDE, account_id=account_id, outcome=outcome, now=tx.now)
