"""The tables of Lists, their members, followers and pins, and the rows that queries give."""

import msgspec
from sqlalchemy import Index

from volary.accounts.models import AccountRow
from volary.db.tables import flag, id_column, moment, reference, table, text, whole

lists = table(
    "lists",
    id_column(),
    reference("owner_id", "accounts.id", cascade=True),
    text("name"),
    text("description", default=""),
    flag("private"),
    whole("member_count", default=0),
    whole("follower_count", default=0),
    moment("created_at"),
    Index(None, "owner_id", "id"),
)

list_members = table(
    "list_members",
    reference("list_id", "lists.id", key=True, cascade=True),
    reference("account_id", "accounts.id", key=True, cascade=True),
    whole("place"),
    Index(None, "list_id", "place"),
    Index(None, "account_id", "place"),
    by_key=True,
)
"""`place`, here and below, is the id of the act: it orders what is listed."""

list_followers = table(
    "list_followers",
    reference("list_id", "lists.id", key=True, cascade=True),
    reference("account_id", "accounts.id", key=True, cascade=True),
    whole("place"),
    Index(None, "list_id", "place"),
    Index(None, "account_id", "place"),
    by_key=True,
)

list_pins = table(
    "list_pins",
    reference("account_id", "accounts.id", key=True, cascade=True),
    reference("list_id", "lists.id", key=True, cascade=True),
    whole("place"),
    Index(None, "list_id"),
    by_key=True,
)


class ListRow(msgspec.Struct, frozen=True):
    """A List that its reader may see."""

    id: int
    owner_id: int
    name: str
    description: str
    private: int
    member_count: int
    follower_count: int
    created_at: int


class PlacedList(ListRow, frozen=True):
    """A List among others, with its place there."""

    place: int


class PlacedAccount(AccountRow, frozen=True):
    """A member or follower of a List, with their place there."""

    place: int
