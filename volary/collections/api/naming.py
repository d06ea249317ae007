"""What the calls on collections have in common: who may call, which collection is meant, and how refusals are told."""

from collections.abc import Awaitable
from typing import Any, TypeVar

from volary.access.levels import Level
from volary.access.needs import Need
from volary.api.call import Call
from volary.api.errors import Numbered
from volary.api.limits import limits
from volary.collections.errors import CollectionNotFound
from volary.collections.models import CollectionRow
from volary.collections.queries.reading import collection_by_id
from volary.collections.shapes import without_prefix
from volary.kit.ids import id_in

READ = Need(oauth1=Level.READ, project=False)
WRITE = Need(oauth1=Level.READ_WRITE, project=False)
LIMITS = limits(user=1000)

T = TypeVar("T")


def needed(value: str, name: str) -> str:
    """A parameter that must be there. Raises Numbered."""
    if not value:
        raise Numbered(403, 38, f"{name} parameter is missing.")
    return value


def number_of(text: str) -> int:
    """The number in a collection's id on the wire. Raises Numbered."""
    found = id_in(without_prefix(needed(text, "id")))
    if found is None:
        raise no_collection()
    return found


def no_collection() -> Numbered:
    """There is no such collection, or none for this caller."""
    return Numbered(404, 34, "Sorry, that page does not exist.")


async def named(call: Call[Any, Any], text: str) -> CollectionRow:
    """The collection that a call names, if the caller may see it. Raises Numbered."""
    row = await collection_by_id(call.db, call.me, number_of(text))
    if row is None:
        raise no_collection()
    return row


async def done(act: Awaitable[T]) -> T:
    """What an act gives. Raises Numbered where the collection is not there for the caller."""
    try:
        return await act
    except CollectionNotFound:
        raise no_collection() from None
