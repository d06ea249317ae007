"""What is in a collection: reading it, and putting posts in, moving them and taking them out (X facts 7.5; C041, C053)."""

from typing import Any, Literal

import msgspec

from volary.accounts.queries import accounts_by_ids
from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest, Numbered
from volary.api.lenient import how_many, says_no
from volary.api.operation import operation
from volary.api.query import NoQuery
from volary.api.sources import Sources
from volary.collections.actions.curating import Change, curate
from volary.collections.api.naming import LIMITS, READ, WRITE, done, named, needed, number_of
from volary.collections.queries.entries import entries_of
from volary.collections.rules import MOST_CHANGES
from volary.collections.shapes import Curate, CurateChange, entry, not_made, objects, wire_id
from volary.kit.ids import LARGEST_ID, id_in
from volary.posts.shapes import statuses_v1


class EntriesQuery(msgspec.Struct, frozen=True):
    """Which part of a collection: strictly below `max_position`, strictly above `min_position`."""

    id: str = ""
    count: str = ""
    max_position: str = ""
    min_position: str = ""
    tweet_mode: str = ""


class EntryQuery(msgspec.Struct, frozen=True):
    """A post, and where in the collection it is to stand."""

    id: str = ""
    tweet_id: str = ""
    relative_to: str = ""
    above: str = ""


@operation("GET", "/1.1/collections/entries.json", need=READ, limits=LIMITS, query=EntriesQuery)
async def entries(call: Call[EntriesQuery, None]) -> Reply:
    """The posts of a collection in its order, as far as the caller may see them.

    The next page is below the `min_position` of this one, given as `max_position`.
    """
    query = call.query
    found = await named(call, query.id)
    count = how_many(query.count, 20, 200)
    before, after = id_in(query.max_position), id_in(query.min_position)
    rows = await entries_of(
        call.db,
        call.me,
        found.id,
        after=after or 0,
        before=LARGEST_ID if before is None else before,
        count=count + 1,
    )
    truncated, rows = len(rows) > count, rows[:count]
    position: dict[str, object] = {"was_truncated": truncated}
    if rows:
        position |= {"max_position": str(rows[0].place), "min_position": str(rows[-1].place)}
    statuses = await statuses_v1(
        call.db,
        call.resources[Sources],
        rows,
        viewer=call.me,
        trim_user=True,
        extended=query.tweet_mode == "extended",
    )
    people = await accounts_by_ids(call.db, sorted({found.owner_id, *(row.author_id for row in rows)}))
    return Reply(
        {
            "objects": objects([found], people, call.settings.public_url, statuses),
            "response": {
                "timeline_id": wire_id(found.id),
                "position": position,
                "timeline": [entry(row) for row in rows],
            },
        }
    )


@operation("POST", "/1.1/collections/entries/add.json", need=WRITE, limits=LIMITS, query=EntryQuery)
async def add(call: Call[EntryQuery, None]) -> Reply:
    """Put a post into one's own collection: on top, or above or below another."""
    return await _changed(call, "add")


@operation("POST", "/1.1/collections/entries/remove.json", need=WRITE, limits=LIMITS, query=EntryQuery)
async def remove(call: Call[EntryQuery, None]) -> Reply:
    """Take a post out of one's own collection."""
    return await _changed(call, "remove")


@operation("POST", "/1.1/collections/entries/move.json", need=WRITE, limits=LIMITS, query=EntryQuery)
async def move(call: Call[EntryQuery, None]) -> Reply:
    """Move a post above or below another."""
    needed(call.query.relative_to, "relative_to")
    return await _changed(call, "move")


@operation("POST", "/1.1/collections/entries/curate.json", need=WRITE, limits=LIMITS, body=Curate)
async def curate_many(call: Call[NoQuery, Curate]) -> Reply:
    """Make up to a hundred changes at once."""
    body = call.body
    if not 1 <= len(body.changes) <= MOST_CHANGES:
        raise InvalidRequest(f"$.changes: expected 1 to {MOST_CHANGES} changes", "changes")
    return await _curated(call, body.id, [_change_in(one) for one in body.changes])


async def _changed(call: Call[EntryQuery, None], op: Literal["add", "remove", "move"]) -> Reply:
    query = call.query
    change = Change(
        op,
        _post(needed(query.tweet_id, "tweet_id")),
        _post(query.relative_to) if query.relative_to else None,
        above=not says_no(query.above),
    )
    return await _curated(call, query.id, [change])


async def _curated(call: Call[Any, Any], id: str, changes: list[Change]) -> Reply:
    return Reply(not_made(await done(call.db.write(curate, call.caller, number_of(id), changes))))


def _change_in(sent: CurateChange) -> Change:
    other = _post(sent.relative_to) if sent.relative_to else None
    if sent.op == "add":
        return Change("add", _post(sent.tweet_id), other, above=sent.above)
    if sent.op == "remove":
        return Change("remove", _post(sent.tweet_id))
    raise InvalidRequest("$.changes: `op` must be add or remove", "changes")


def _post(text: str) -> int:
    """The id of a post. Raises Numbered for what is none."""
    found = id_in(text)
    if found is None:
        raise Numbered(404, 144, "No status found with that ID.")
    return found
