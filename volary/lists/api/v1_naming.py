"""How v1.1 names a List, turns pages and shows Lists (X facts 7.1, 7.2, 7.4)."""

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from volary.accounts.queries import accounts_by_ids
from volary.accounts.shapes import account_named
from volary.api.call import Call
from volary.api.errors import Numbered
from volary.db.paging import Bounds
from volary.kit.ids import id_in
from volary.lists.models import ListRow, PlacedAccount, PlacedList
from volary.lists.queries.people import followed_among
from volary.lists.queries.reading import list_by_id, list_by_slug
from volary.lists.shapes import list_v1

R = TypeVar("R", PlacedList, PlacedAccount)


class WhichQuery(msgspec.Struct, frozen=True):
    """A List by its id, or by its short name and its owner."""

    list_id: str = ""
    slug: str = ""
    owner_screen_name: str = ""
    owner_id: str = ""


class TurningQuery(msgspec.Struct, frozen=True):
    """How many, and from where on; as text, since v1.1 passes over what it cannot read."""

    count: str = ""
    cursor: str = ""


def no_list() -> Numbered:
    """There is no such List, or none for this caller (SR-204)."""
    return Numbered(404, 34, "Sorry, that page does not exist.")


async def named_list(call: Call[Any, None]) -> ListRow:
    """The List that a call names, if the caller may see it. Raises Numbered."""
    query = call.query
    found: ListRow | None = None
    if query.list_id:
        known = id_in(query.list_id)
        found = None if known is None else await list_by_id(call.db, call.me, known)
    elif query.slug and (query.owner_id or query.owner_screen_name):
        owner = await account_named(call.db, query.owner_id, query.owner_screen_name)
        found = await list_by_slug(call.db, call.me, owner.id, query.slug)
    else:
        raise Numbered(400, 112, "You must specify either a list ID or a slug and owner.")
    if found is None:
        raise no_list()
    return found


async def shown(call: Call[Any, None], rows: Sequence[ListRow]) -> list[dict[str, object]]:
    """Lists as v1.1 shows them to the caller."""
    owners = {one.id: one for one in await accounts_by_ids(call.db, sorted({row.owner_id for row in rows}))}
    followed = await followed_among(call.db, call.me, [row.id for row in rows])
    return [list_v1(row, owners[row.owner_id], call.settings.public_url, following=row.id in followed) for row in rows]


def turned(text: str) -> Bounds:
    """The bounds of the page at a cursor: below a place, above it where it is negative, the first page for -1 and for what is none."""
    place = id_in(text.removeprefix("-"))
    if place is None or text in {"-1", "0"}:
        return Bounds()
    return Bounds(after=place, up=True) if text.startswith("-") else Bounds(before=place)


def cut(rows: list[R], page: Bounds, count: int) -> tuple[list[R], dict[str, object]]:
    """The rows of a page, of which one more than `count` was read, and the cursors around it; 0 is the end (X facts 7.1)."""
    more = len(rows) > count
    rows = rows[-count:] if page.up else rows[:count]
    first = page == Bounds()
    older = rows[-1].place if rows and (more or page.up) else 0
    newer = -rows[0].place if rows and (more if page.up else not first) else 0
    cursors: dict[str, object] = {"next_cursor": older, "previous_cursor": newer}
    return rows, cursors | {f"{name}_str": str(value) for name, value in cursors.items()}
