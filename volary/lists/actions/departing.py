"""Lists of an account that is erased, and those that it was on or followed: ended a few at a time, with what that counts for."""

from sqlalchemy import bindparam, delete, exists, or_, select

from volary.db import Tx, statement
from volary.lists.actions.counting import count_all_members
from volary.lists.actions.following import stop_following
from volary.lists.actions.members import take_off
from volary.lists.models import ListRow, list_followers, list_members, list_pins, lists
from volary.lists.queries.reading import LIST_COLUMNS

_ON, _FOLLOWED = (
    exists(select(of.c.place).where(of.c.list_id == lists.c.id, of.c.account_id == bindparam("account")))
    for of in (list_members, list_followers)
)
_THEIRS = statement(
    select(*LIST_COLUMNS)
    .where(or_(lists.c.owner_id == bindparam("account"), _ON, _FOLLOWED))
    .limit(bindparam("count")),
    ListRow,
)
_DELETE = statement(delete(lists).where(lists.c.id == bindparam("list_id")))
_UNPIN = statement(delete(list_pins).where(list_pins.c.account_id == bindparam("account")))


async def end_lists(tx: Tx, account: int, count: int) -> int:
    """Delete some of an account's own Lists, and take it off others; how many Lists. With the last of them its pins go."""
    found = await tx.all(_THEIRS, account=account, count=count)
    for one in found:
        if one.owner_id == account:
            if not one.private:
                await count_all_members(tx, one.id, -1)
            await tx.run(_DELETE, list_id=one.id)
            continue
        await take_off(tx, one, account)
        await stop_following(tx, one.id, account)
    if len(found) < count:
        await tx.run(_UNPIN, account=account)
    return len(found)
