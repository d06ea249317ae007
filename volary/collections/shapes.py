"""Collections on v1.1's wire: `objects` by id, and a `response` that refers to them (X facts 7.5)."""

from collections.abc import Iterable, Sequence

import msgspec

from volary.accounts.models import AccountRow
from volary.accounts.shapes import user_v1
from volary.collections.actions.curating import Undone
from volary.collections.models import CollectionRow
from volary.posts.models import PlacedPostRow

_PREFIX = "custom-"


class CurateChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One change in the body of `collections/entries/curate`."""

    op: str
    tweet_id: str
    relative_to: str | None = None
    above: bool = True


class Curate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `collections/entries/curate`."""

    id: str
    changes: list[CurateChange]


def wire_id(collection_id: int) -> str:
    """A collection's id as the wire writes it."""
    return f"{_PREFIX}{collection_id}"


def without_prefix(text: str) -> str:
    """The digits of a collection's id on the wire; nothing where the text is no such id."""
    return text.removeprefix(_PREFIX) if text.startswith(_PREFIX) else ""


def objects(
    rows: Sequence[CollectionRow],
    people: Iterable[AccountRow],
    base: str,
    statuses: Sequence[dict[str, object]] = (),
) -> dict[str, object]:
    """Each thing that an answer refers to, once, by its id. `people` are the owners, and the authors of the statuses."""
    known = {one.id: one for one in people}
    found: dict[str, object] = {
        "users": {str(one.id): user_v1(one, base) for one in known.values()},
        "timelines": {wire_id(row.id): _timeline(row, known[row.owner_id], base) for row in rows},
    }
    if statuses:
        found["tweets"] = {str(one["id_str"]): one for one in statuses}
    return found


def entry(row: PlacedPostRow) -> dict[str, object]:
    """One post's place in a collection."""
    return {"feature_context": "", "tweet": {"id": str(row.id), "sort_index": str(row.place)}}


def not_made(undone: Sequence[Undone]) -> dict[str, object]:
    """The answer to changes: which of them were not made."""
    errors = [
        {"reason": one.reason, "change": {"op": one.change.op, "tweet_id": str(one.change.post_id)}} for one in undone
    ]
    return {"objects": {}, "response": {"errors": errors}}


def _timeline(row: CollectionRow, owner: AccountRow, base: str) -> dict[str, object]:
    address = f"{base}/{owner.username}/timelines/{row.id}"
    return {
        "name": row.name,
        "user_id": str(row.owner_id),
        "collection_url": address,
        "custom_timeline_url": address,
        "description": row.description,
        "url": row.url,
        "visibility": "public",
        "timeline_order": row.timeline_order,
        "collection_type": "user",
        "custom_timeline_type": "user",
    }
