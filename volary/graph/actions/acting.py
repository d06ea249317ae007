"""The other one of an act."""

from volary.accounts.models import ACTIVE, AccountRow
from volary.accounts.queries import account_by_id
from volary.db import Tx
from volary.graph.errors import NobodyThere, NotYourself


async def other(tx: Tx, actor: int, account_id: int, *, active: bool = False) -> AccountRow:
    """The account that something is done to. Raises NotYourself, NobodyThere."""
    if account_id == actor:
        raise NotYourself
    found = await account_by_id(tx, account_id)
    if found is None or (active and found.state != ACTIVE):
        raise NobodyThere
    return found
