"""Who acts: an operator in a browser, or whoever runs the server at its command line."""

import msgspec
from sqlalchemy import bindparam, select

from volary.accounts.models import ACTIVE, accounts
from volary.db import Tx, statement
from volary.kit.whence import COMMAND_LINE
from volary.operator.errors import NotAnOperator

_IS_OPERATOR = statement(
    select(accounts.c.id).where(
        accounts.c.id == bindparam("account_id"), accounts.c.operator == 1, accounts.c.state == ACTIVE
    ),
    int,
)


class Actor(msgspec.Struct, frozen=True):
    """An operator and the address that they come from; without one, the command line."""

    account_id: int = COMMAND_LINE
    address: str = ""


async def ensure_operator(tx: Tx, actor: Actor) -> None:
    """Refuse whoever is no operator now: the flag is read in the transaction of the act (SR-183). Raises NotAnOperator."""
    if actor.account_id != COMMAND_LINE and await tx.one(_IS_OPERATOR, account_id=actor.account_id) is None:
        raise NotAnOperator(actor.account_id)
