"""What every act has: somebody who does it to somebody else, and a line in the record when an app does it for them."""

from volary.access.caller import Caller
from volary.accounts.models import ACTIVE, AccountRow
from volary.accounts.queries import account_by_id
from volary.activity.actions import record
from volary.db import Tx
from volary.graph.errors import NobodyThere, NotYourself


def actor_of(caller: Caller) -> int:
    """The account that the caller acts for."""
    if caller.account_id is None:
        raise RuntimeError("this needs a caller who acts for an account")
    return caller.account_id


async def other(tx: Tx, actor: int, account_id: int, *, active: bool = False) -> AccountRow:
    """The account that something is done to. Raises NotYourself, NobodyThere."""
    if account_id == actor:
        raise NotYourself
    found = await account_by_id(tx, account_id)
    if found is None or (active and found.state != ACTIVE):
        raise NobodyThere
    return found


async def note(tx: Tx, caller: Caller, kind: str, account_id: int) -> None:
    """Write down what an app does in a person's name; what people do themselves they know."""
    if caller.app_id is not None:
        await record(
            tx,
            kind,
            account_id=caller.account_id,
            app_id=caller.app_id,
            grant_id=caller.grant_id,
            subject_id=account_id,
        )
