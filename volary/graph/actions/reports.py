"""Reporting an account to whoever runs the server."""

from sqlalchemy import bindparam

from volary.access.caller import Caller
from volary.activity.actions import note
from volary.db import Tx, statement, upsert
from volary.graph.actions.acting import other
from volary.graph.actions.blocks import block
from volary.graph.models import reports

_REPORT = statement(
    upsert(
        reports,
        values={
            **{name: bindparam(name) for name in ("reporter_id", "reported_id", "place", "app_id")},
            "first_at": bindparam("at"),
            "last_at": bindparam("at"),
        },
        key=["reporter_id", "reported_id"],
        update={
            "times": reports.c.times + 1,
            "place": bindparam("place"),
            "app_id": bindparam("app_id"),
            "last_at": bindparam("at"),
        },
    )
)


async def report(tx: Tx, caller: Caller, account_id: int, *, blocking: bool) -> None:
    """Report an account for spam, and block it where that is wanted (C051). It does not learn of it. Raises NotYourself, NobodyThere."""
    me = caller.me
    await other(tx, me, account_id)
    await tx.run(_REPORT, reporter_id=me, reported_id=account_id, place=tx.new_id(), app_id=caller.app_id, at=tx.now)
    await note(tx, caller, "account.reported", account_id)
    if blocking:
        await block(tx, caller, account_id)
