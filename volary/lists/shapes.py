"""Lists on X's wire: the v2 object with its fields and its expansion, bodies of requests, and the v1.1 object (X facts 5.2, 5.3, 7.4)."""

from collections.abc import Iterable, Sequence
from typing import Annotated

import msgspec

from volary.access.caller import Caller
from volary.accounts.models import AccountRow
from volary.accounts.shapes import moment, moment_v1, user_v1
from volary.api.kinds import Expansion, Kind, field
from volary.api.query import Id
from volary.db import Reader
from volary.lists.models import ListRow
from volary.lists.queries.reading import lists_by_ids
from volary.lists.rules import DESCRIPTION_LENGTH, NAME_LENGTH, slug_of

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_LENGTH)]
_Description = Annotated[str, msgspec.Meta(max_length=DESCRIPTION_LENGTH)]


def _owner(row: ListRow) -> Iterable[int]:
    return (row.owner_id,)


async def _load(reader: Reader, caller: Caller, ids: Sequence[int]) -> list[ListRow]:
    return await lists_by_ids(reader, caller.account_id or 0, ids)


LIST = Kind(
    name="list",
    bucket=("lists", "lists"),
    fields=(
        field("id", lambda row, view: str(row.id)),
        field("name", lambda row, view: row.name),
        field("created_at", lambda row, view: moment(row.created_at)),
        field("description", lambda row, view: row.description),
        field("follower_count", lambda row, view: row.follower_count),
        field("member_count", lambda row, view: row.member_count),
        field("owner_id", lambda row, view: str(row.owner_id)),
        field("private", lambda row, view: bool(row.private)),
    ),
    default=frozenset({"id", "name"}),
    load=_load,
    expansions=(Expansion(frozenset({"owner_id"}), "user", _owner, shows="owner_id"),),
)
"""How Lists are shaped on v2."""


class NewList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of making a List."""

    name: _Name
    description: _Description = ""
    private: bool = False


class ChangedList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of changing a List: what is left out stays."""

    name: _Name | None = None
    description: _Description | None = None
    private: bool | None = None


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of putting an account on a List."""

    user_id: Id


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of following and pinning a List."""

    list_id: Id


def list_v1(row: ListRow, owner: AccountRow, base: str, *, following: bool) -> dict[str, object]:
    """The v1.1 List object (X facts 7.4)."""
    slug = slug_of(row.name, row.id)
    return {
        "id": row.id,
        "id_str": str(row.id),
        "slug": slug,
        "name": row.name,
        "full_name": f"@{owner.username}/{slug}",
        "created_at": moment_v1(row.created_at),
        "description": row.description,
        "uri": f"/{owner.username}/lists/{slug}",
        "mode": "private" if row.private else "public",
        "subscriber_count": row.follower_count,
        "member_count": row.member_count,
        "following": following,
        "user": user_v1(owner, base),
    }
