"""What whoever governs the installation says of an account: whether it is an operator's, and in which state it is."""

from sqlalchemy import bindparam, update

from volary.accounts.models import accounts
from volary.activity.actions import record
from volary.db import Tx, statement
from volary.kit.whence import COMMAND_LINE

_SET_OPERATOR = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account_id"), accounts.c.operator != bindparam("new"))
    .values(operator=bindparam("new"))
)
_SET_STATE = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account_id"), accounts.c.state == bindparam("was"))
    .values(state=bindparam("state"))
)


async def set_operator(tx: Tx, account_id: int, new: bool) -> bool:
    """Make an account an operator's, or make it one like all others; whether that changed anything."""
    changed = bool(await tx.run(_SET_OPERATOR, account_id=account_id, new=int(new)))
    if changed:
        kind = "operator.added" if new else "operator.removed"
        await record(tx, kind, account_id=account_id, actor_id=COMMAND_LINE)
    return changed


async def set_state(tx: Tx, account_id: int, was: str, state: str) -> bool:
    """Move an account from one state to another; False when it was not in the first one. What follows is for rooms above."""
    return bool(await tx.run(_SET_STATE, account_id=account_id, was=was, state=state))
