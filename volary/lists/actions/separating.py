"""What a block ends between two people: neither stays on the other's Lists, follows or pins one (SR-228)."""

from sqlalchemy import bindparam, delete, exists, select

from volary.db import Tx, statement
from volary.graph.actions.separating import when_separated
from volary.lists.actions.following import stop_following
from volary.lists.actions.members import take_off
from volary.lists.models import ListRow, list_followers, list_members, list_pins, lists
from volary.lists.queries.reading import LIST_COLUMNS

_HOLDING, _FOLLOWED = (
    statement(
        select(*LIST_COLUMNS).where(
            lists.c.owner_id == bindparam("owner"),
            exists(select(kept.c.place).where(kept.c.list_id == lists.c.id, kept.c.account_id == bindparam("account"))),
        ),
        ListRow,
    )
    for kept in (list_members, list_followers)
)
_UNPIN = statement(
    delete(list_pins).where(
        list_pins.c.account_id == bindparam("account"),
        list_pins.c.list_id.in_(select(lists.c.id).where(lists.c.owner_id == bindparam("owner"))),
    )
)


@when_separated
async def leave_lists(tx: Tx, one: int, two: int) -> None:
    """End what each of two accounts has to do with the other's Lists."""
    for owner, account in ((one, two), (two, one)):
        for found in await tx.all(_HOLDING, owner=owner, account=account):
            await take_off(tx, found, account)
        for found in await tx.all(_FOLLOWED, owner=owner, account=account):
            await stop_following(tx, found.id, account)
        await tx.run(_UNPIN, owner=owner, account=account)
