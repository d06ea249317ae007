"""Reading Lists: by their ids, and the Lists that an account owns, follows, pinned or is on. Newest first."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, FromClause, Table, bindparam, select

from volary.accounts.models import accounts
from volary.db import Reader, in_list, statement
from volary.db.paging import Bounds, Pages
from volary.graph.queries.visibility import visible
from volary.lists.models import ListRow, PlacedList, list_followers, list_members, list_pins, lists
from volary.lists.queries.visibility import owners, shown
from volary.lists.rules import slug_of

LIST_COLUMNS = tuple(lists.c[name] for name in ListRow.__struct_fields__)

_joined: FromClause = lists.join(owners, owners.c.id == lists.c.owner_id)
_BY_ID = statement(
    select(*LIST_COLUMNS).select_from(_joined).where(lists.c.id == bindparam("id"), shown()),
    ListRow,
)
_BY_IDS = statement(select(*LIST_COLUMNS).select_from(_joined).where(in_list(lists.c.id, "ids"), shown()), ListRow)
_OWN = statement(
    select(*LIST_COLUMNS)
    .select_from(_joined)
    .where(lists.c.owner_id == bindparam("owner"), shown())
    .order_by(lists.c.id),
    ListRow,
)


def _pages(
    place: ColumnElement[int], of: ColumnElement[int], start: FromClause, *more: ColumnElement[bool]
) -> Pages[PlacedList]:
    """Lists in the order of `place`, of the account in the column `of`, if the viewer may see what that account makes."""
    chosen = (
        select(*LIST_COLUMNS, place.label("place"))
        .select_from(start.join(accounts, accounts.c.id == of))
        .where(of == bindparam("account"), visible(), shown(), *more)
    )
    return Pages(chosen, place, PlacedList)


def _through(kept: Table, *more: ColumnElement[bool]) -> Pages[PlacedList]:
    """Lists that an account has to do with by a row of `kept`."""
    joined = kept.join(lists, lists.c.id == kept.c.list_id).join(owners, owners.c.id == lists.c.owner_id)
    return _pages(kept.c.place, kept.c.account_id, joined, *more)


_OWNED = _pages(lists.c.id, lists.c.owner_id, _joined)
_FOLLOWED, _PINNED, _HOLDING = _through(list_followers), _through(list_pins), _through(list_members)
_HELD_BY_VIEWER = _through(list_members, lists.c.owner_id == bindparam("viewer"))


async def list_by_id(reader: Reader, viewer: int, list_id: int) -> ListRow | None:
    """The List, if the viewer may see it."""
    return await reader.one(_BY_ID, id=list_id, viewer=viewer)


async def lists_by_ids(reader: Reader, viewer: int, ids: Sequence[int]) -> list[ListRow]:
    """Those of the Lists that the viewer may see, in no particular order."""
    return await reader.all(_BY_IDS, ids=list(ids), viewer=viewer) if ids else []


async def list_by_slug(reader: Reader, viewer: int, owner: int, slug: str) -> ListRow | None:
    """An owner's List by its short name, if the viewer may see it; of several with one short name the oldest."""
    wanted = slug.lower()
    found = await reader.all(_OWN, owner=owner, viewer=viewer)
    return next((row for row in found if slug_of(row.name, row.id) == wanted), None)


async def owned_by(reader: Reader, viewer: int, account: int, page: Bounds, count: int) -> list[PlacedList]:
    """The Lists that an account owns, as far as the viewer may see them."""
    return await _OWNED.read(reader, page, count, viewer=viewer, account=account)


async def followed_by(reader: Reader, viewer: int, account: int, page: Bounds, count: int) -> list[PlacedList]:
    """The Lists that an account follows, as far as the viewer may see them."""
    return await _FOLLOWED.read(reader, page, count, viewer=viewer, account=account)


async def pinned_by(reader: Reader, viewer: int, account: int, page: Bounds, count: int) -> list[PlacedList]:
    """The Lists that an account pinned, as far as the viewer may see them."""
    return await _PINNED.read(reader, page, count, viewer=viewer, account=account)


async def holding(reader: Reader, viewer: int, account: int, page: Bounds, count: int) -> list[PlacedList]:
    """The Lists that an account is on, as far as the viewer may see them."""
    return await _HOLDING.read(reader, page, count, viewer=viewer, account=account)


async def held_by_owner(reader: Reader, viewer: int, account: int, page: Bounds, count: int) -> list[PlacedList]:
    """The viewer's own Lists that an account is on."""
    return await _HELD_BY_VIEWER.read(reader, page, count, viewer=viewer, account=account)
