"""How many are on a List, follow it, and have how many Lists: each number changes with the row that it counts.

`listed_count` of an account counts public Lists only: a private one must not be seen in a number either (SR-204).
"""

from sqlalchemy import bindparam, select, update

from volary.accounts.models import accounts
from volary.db import Tx, statement
from volary.lists.errors import TooManyMembers
from volary.lists.models import ListRow, list_members, lists
from volary.lists.rules import MOST_MEMBERS

_COUNT_MEMBER = statement(
    update(lists)
    .where(lists.c.id == bindparam("list_id"), lists.c.member_count + bindparam("change") <= MOST_MEMBERS)
    .values(member_count=lists.c.member_count + bindparam("change"))
)
_COUNT_FOLLOWER = statement(
    update(lists)
    .where(lists.c.id == bindparam("list_id"))
    .values(follower_count=lists.c.follower_count + bindparam("change"))
)
_COUNT_LISTED = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account"))
    .values(listed_count=accounts.c.listed_count + bindparam("change"))
)
_COUNT_ALL_LISTED = statement(
    update(accounts)
    .where(accounts.c.id.in_(select(list_members.c.account_id).where(list_members.c.list_id == bindparam("list_id"))))
    .values(listed_count=accounts.c.listed_count + bindparam("change"))
)


async def count_member(tx: Tx, of: ListRow, account: int, change: int) -> None:
    """Add a member (1) or take one away (-1). Raises TooManyMembers."""
    if not await tx.run(_COUNT_MEMBER, list_id=of.id, change=change):
        raise TooManyMembers(MOST_MEMBERS)
    if not of.private:
        await tx.run(_COUNT_LISTED, account=account, change=change)


async def count_follower(tx: Tx, list_id: int, change: int) -> None:
    """Add a follower (1) or take some away."""
    await tx.run(_COUNT_FOLLOWER, list_id=list_id, change=change)


async def count_all_members(tx: Tx, list_id: int, change: int) -> None:
    """Count a List among those of all its members (1), or no longer (-1)."""
    await tx.run(_COUNT_ALL_LISTED, list_id=list_id, change=change)
