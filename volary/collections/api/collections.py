"""Collections themselves: making, showing, listing, changing and deleting them (X facts 7.5; C041, C053)."""

from collections.abc import Sequence
from typing import Any

import msgspec

from volary.accounts.queries import accounts_by_ids
from volary.accounts.shapes import account_named
from volary.api.call import Call, Reply
from volary.api.errors import Numbered
from volary.api.lenient import how_many
from volary.api.operation import operation
from volary.api.pagination import at_token, meta_of
from volary.collections.actions.writing import (
    Changes,
    Draft,
    create_collection,
    delete_collection,
    update_collection,
)
from volary.collections.api.naming import LIMITS, READ, WRITE, done, named, needed, number_of
from volary.collections.models import CollectionRow
from volary.collections.queries.reading import collections_of
from volary.collections.rules import CURATED
from volary.collections.shapes import objects, wire_id
from volary.db.paging import Bounds
from volary.graph.queries.visibility import may_see
from volary.kit.ids import id_in


class IdQuery(msgspec.Struct, frozen=True):
    """A collection by its id."""

    id: str = ""


class NewQuery(msgspec.Struct, frozen=True):
    """What a new collection is to be."""

    name: str = ""
    description: str = ""
    url: str = ""
    timeline_order: str = CURATED


class ChangeQuery(IdQuery, frozen=True):
    """What is to be different; an empty description or address takes it away."""

    name: str | None = None
    description: str | None = None
    url: str | None = None


class WhoseQuery(msgspec.Struct, frozen=True):
    """Whose collections, and which page of them; with `tweet_id` only those that hold that post."""

    user_id: str = ""
    screen_name: str = ""
    tweet_id: str = ""
    count: str = ""
    cursor: str = ""


@operation("POST", "/1.1/collections/create.json", need=WRITE, limits=LIMITS, query=NewQuery)
async def create(call: Call[NewQuery, None]) -> Reply:
    """Make a collection of posts, owned by the account that the token stands for."""
    query = call.query
    draft = Draft(needed(query.name, "name"), query.description, query.url, query.timeline_order)
    return await _shown(call, await call.db.write(create_collection, call.caller, draft))


@operation("GET", "/1.1/collections/show.json", need=READ, limits=LIMITS, query=IdQuery)
async def show(call: Call[IdQuery, None]) -> Reply:
    """One collection with its owner, without its posts."""
    return await _shown(call, await named(call, call.query.id))


@operation("POST", "/1.1/collections/update.json", need=WRITE, limits=LIMITS, query=ChangeQuery)
async def update(call: Call[ChangeQuery, None]) -> Reply:
    """Change one's own collection."""
    query = call.query
    changes = Changes(query.name, query.description, query.url)
    changed = call.db.write(update_collection, call.caller, number_of(query.id), changes)
    return await _shown(call, await done(changed))


@operation("POST", "/1.1/collections/destroy.json", need=WRITE, limits=LIMITS, query=IdQuery)
async def destroy(call: Call[IdQuery, None]) -> Reply:
    """Delete one's own collection."""
    await done(call.db.write(delete_collection, call.caller, number_of(call.query.id)))
    return Reply({"destroyed": True})


@operation("GET", "/1.1/collections/list.json", need=READ, limits=LIMITS, query=WhoseQuery)
async def listed(call: Call[WhoseQuery, None]) -> Reply:
    """An account's collections, newest first."""
    query = call.query
    whose = await account_named(call.db, query.user_id, query.screen_name)
    if not await may_see(call.db, call.me, whose.id):
        raise Numbered(403, 220, "Your credentials do not allow access to this resource")
    holding = id_in(query.tweet_id)
    if query.tweet_id and holding is None:
        raise Numbered(404, 144, "No status found with that ID.")
    bound = (f"collections of {whose.id}", str(call.me), query.tweet_id)
    page = at_token(call.db.keys, query.cursor if query.cursor not in {"", "-1"} else None, Bounds(), *bound)
    count = how_many(query.count, 20, 200)
    rows = await collections_of(call.db, call.me, whose.id, page, count + 1, holding=holding)
    more = len(rows) > count
    rows = rows[-count:] if page.up else rows[:count]
    meta = meta_of(call.db.keys, [row.id for row in rows], page, *bound, more=more, first=page == Bounds())
    cursors = {
        name: meta[token]
        for name, token in (("next_cursor", "next_token"), ("previous_cursor", "previous_token"))
        if token in meta
    }
    results = [{"timeline_id": wire_id(row.id)} for row in rows]
    found = objects(rows, [whose], call.settings.public_url)
    return Reply({"objects": found, "response": {"results": results, "cursors": cursors}})


async def _shown(call: Call[Any, None], row: CollectionRow) -> Reply:
    people: Sequence[Any] = await accounts_by_ids(call.db, [row.owner_id])
    found = objects([row], people, call.settings.public_url)
    return Reply({"objects": found, "response": {"timeline_id": wire_id(row.id)}})
