"""Who is on a List and who follows it, newest first, if the viewer may see the List. Only active accounts are listed."""

from collections.abc import Sequence

from sqlalchemy import Table, bindparam, select

from volary.accounts.models import ACTIVE, accounts
from volary.accounts.queries import ACCOUNT_COLUMNS
from volary.db import Reader, Statement, in_list, statement
from volary.db.paging import Bounds, Pages
from volary.lists.models import PlacedAccount, list_followers, list_members, lists
from volary.lists.queries.visibility import owners, shown


def _pages(kept: Table) -> Pages[PlacedAccount]:
    chosen = (
        select(*ACCOUNT_COLUMNS, kept.c.place)
        .select_from(kept)
        .join(accounts, accounts.c.id == kept.c.account_id)
        .join(lists, lists.c.id == kept.c.list_id)
        .join(owners, owners.c.id == lists.c.owner_id)
        .where(kept.c.list_id == bindparam("list_id"), accounts.c.state == ACTIVE, shown())
    )
    return Pages(chosen, kept.c.place, PlacedAccount)


def _one(kept: Table) -> Statement[int]:
    return statement(
        select(kept.c.place)
        .select_from(kept)
        .join(lists, lists.c.id == kept.c.list_id)
        .join(owners, owners.c.id == lists.c.owner_id)
        .where(kept.c.list_id == bindparam("list_id"), kept.c.account_id == bindparam("account"), shown()),
        int,
    )


_MEMBERS, _FOLLOWERS = _pages(list_members), _pages(list_followers)
_IS_MEMBER, _IS_FOLLOWER = _one(list_members), _one(list_followers)
_FOLLOWED_AMONG = statement(
    select(list_followers.c.list_id).where(
        in_list(list_followers.c.list_id, "ids"), list_followers.c.account_id == bindparam("account")
    ),
    int,
)


async def members_of(reader: Reader, viewer: int, list_id: int, page: Bounds, count: int) -> list[PlacedAccount]:
    """Who is on a List."""
    return await _MEMBERS.read(reader, page, count, viewer=viewer, list_id=list_id)


async def followers_of(reader: Reader, viewer: int, list_id: int, page: Bounds, count: int) -> list[PlacedAccount]:
    """Who follows a List."""
    return await _FOLLOWERS.read(reader, page, count, viewer=viewer, list_id=list_id)


async def is_member(reader: Reader, viewer: int, list_id: int, account: int) -> bool:
    """Whether an account is on a List that the viewer may see."""
    return await reader.one(_IS_MEMBER, viewer=viewer, list_id=list_id, account=account) is not None


async def is_follower(reader: Reader, viewer: int, list_id: int, account: int) -> bool:
    """Whether an account follows a List that the viewer may see."""
    return await reader.one(_IS_FOLLOWER, viewer=viewer, list_id=list_id, account=account) is not None


async def followed_among(reader: Reader, account: int, ids: Sequence[int]) -> set[int]:
    """Which of some Lists, which the account was shown, it follows."""
    return set(await reader.all(_FOLLOWED_AMONG, account=account, ids=list(ids))) if ids else set()
