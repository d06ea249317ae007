"""Pages of lists, and tokens that name a place in one: opaque, authenticated, and good for one list and one viewer only.

A list is read by keyset ("after this id"), so the place is a few integers or texts. The token carries them with a keyed digest over
them and over what it is bound to (operation, viewer, query), so it can neither be made up nor be carried over to another list. It is
written in lower-case letters and digits, as X's tokens are. It holds no secret: a caller could read the place out of it.
"""

import base64
import binascii
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Select, bindparam

from volary.db.errors import unknown_page
from volary.db.reading import Reader, Value
from volary.db.statement import statement
from volary.kit.ids import LARGEST_ID
from volary.kit.secrets import Keyring, same

T = TypeVar("T")

_MAC = 16
_LONGEST = 1024


class Bounds(msgspec.Struct, frozen=True):
    """Which page to read: ids or places strictly between `after` and `before`; `up` reads from the old end, for the page before."""

    after: int = 0
    before: int = LARGEST_ID
    up: bool = False


class Pages(Generic[T]):
    """A list by pages: one statement for a page from the newest downwards, one for a page from the old end upwards.

    `chosen` selects the list's rows, `place` is the column that orders them. Made once, as a module's constant.
    """

    def __init__(self, chosen: Select[Any], place: ColumnElement[int], row: type[T]) -> None:
        bounded = chosen.where(place > bindparam("after"), place < bindparam("before")).limit(bindparam("count"))
        self.down = statement(bounded.order_by(place.desc()), row)
        self.up = statement(bounded.order_by(place.asc()), row)

    async def read(self, reader: Reader, page: Bounds, count: int, **of: Value) -> list[T]:
        """One page, newest first; `of` are the parameters of `chosen`."""
        asked = self.up if page.up else self.down
        rows = await reader.all(asked, after=page.after, before=page.before, count=count, **of)
        return rows[::-1] if page.up else rows


def page_token(keys: Keyring, place: tuple[int | str, ...], *bound: str) -> str:
    """The token of a place in the list that `bound` describes: the operation, who looks, and every parameter that filters or orders."""
    packed = msgspec.msgpack.encode(place)
    return base64.b32hexencode(_mac(keys, packed, bound) + packed).decode().rstrip("=").lower()


def place_in(keys: Keyring, token: str, kind: type[T], *bound: str) -> T:
    """The place that a token names, as a tuple type such as `tuple[int, int]`. Raises Invalid for any token not made for this list."""
    if len(token) > _LONGEST:
        raise unknown_page("too long")
    try:
        raw = base64.b32hexdecode(token.upper() + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError) as error:
        raise unknown_page("not base32") from error
    mac, packed = raw[:_MAC], raw[_MAC:]
    if not any(same(mac, _mac(key, packed, bound)) for key in keys.each):
        raise unknown_page("not made by this server for this list")
    try:
        return msgspec.msgpack.decode(packed, type=kind)
    except msgspec.DecodeError as error:
        raise unknown_page(str(error)) from error


def _mac(keys: Keyring, packed: bytes, bound: tuple[str, ...]) -> bytes:
    return keys.mac("page token", packed.hex(), *bound)[:_MAC]
