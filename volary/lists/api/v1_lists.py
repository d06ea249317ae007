"""v1.1's calls on Lists themselves: thin views of the same actions (X facts 7.2; C040, C052)."""

from collections.abc import Awaitable, Callable

from volary.accounts.models import AccountRow
from volary.accounts.shapes import account_named
from volary.api.call import Call, Reply
from volary.api.errors import Numbered
from volary.api.lenient import how_many, says_no, says_yes
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.sources import Sources
from volary.db import Reader
from volary.db.paging import Bounds
from volary.graph.queries.visibility import may_see
from volary.kit.ids import LARGEST_ID, id_in
from volary.lists.actions.following import follow_list, unfollow_list
from volary.lists.actions.writing import Changes, create_list, delete_list, update_list
from volary.lists.api.needs import READ_V1, WRITE_V1
from volary.lists.api.v1_naming import (
    TurningQuery,
    WhichQuery,
    cut,
    named_list,
    no_list,
    shown,
    turned,
)
from volary.lists.errors import BadDescription, BadName, ListNotFound
from volary.lists.models import PlacedList
from volary.lists.queries.reading import followed_by, held_by_owner, holding, owned_by
from volary.lists.queries.timeline import posts_of_members
from volary.posts.shapes import statuses_v1

_READING, _WRITING = limits(user=15), limits(user=300)
Read = Callable[[Reader, int, int, Bounds, int], Awaitable[list[PlacedList]]]


class WrittenQuery(WhichQuery, frozen=True):
    """What a List is to be called, and to say about itself; `mode` is public or private."""

    name: str | None = None
    mode: str = ""
    description: str | None = None


class WhoseQuery(TurningQuery, frozen=True):
    """Whose Lists; the caller's own where nobody is named."""

    user_id: str = ""
    screen_name: str = ""
    filter_to_owned_lists: str = ""
    reverse: str = ""


class StatusesQuery(WhichQuery, frozen=True):
    """Which posts of a List."""

    count: str = ""
    since_id: str = ""
    max_id: str = ""
    include_rts: str = ""
    tweet_mode: str = ""
    trim_user: str = ""


@operation("GET", "/1.1/lists/show.json", need=READ_V1, limits=limits(user=75), query=WhichQuery)
async def show(call: Call[WhichQuery, None]) -> Reply:
    """One List, named by its id or by its short name and owner, if the caller may see it."""
    return Reply((await shown(call, [await named_list(call)]))[0])


@operation("POST", "/1.1/lists/create.json", need=WRITE_V1, limits=_WRITING, query=WrittenQuery)
async def create(call: Call[WrittenQuery, None]) -> Reply:
    """Make a List of the account that the token stands for."""
    query = call.query
    if not query.name:
        raise Numbered(403, 38, "name parameter is missing.")
    try:
        made = await call.db.write(
            create_list, call.caller, query.name, query.description or "", private=query.mode == "private"
        )
    except (BadName, BadDescription) as refusal:
        raise Numbered(403, 85, str(refusal)) from None
    return Reply((await shown(call, [made]))[0])


@operation("POST", "/1.1/lists/update.json", need=WRITE_V1, limits=_WRITING, query=WrittenQuery)
async def update(call: Call[WrittenQuery, None]) -> Reply:
    """Change the name, the description or the mode of one's own List."""
    found, query = await named_list(call), call.query
    private = {"private": True, "public": False}.get(query.mode)
    try:
        row = await call.db.write(update_list, call.caller, found.id, Changes(query.name, query.description, private))
    except (BadName, BadDescription) as refusal:
        raise Numbered(403, 85, str(refusal)) from None
    except ListNotFound:
        raise no_list() from None
    return Reply((await shown(call, [row]))[0])


@operation("POST", "/1.1/lists/destroy.json", need=WRITE_V1, limits=_WRITING, query=WhichQuery)
async def destroy(call: Call[WhichQuery, None]) -> Reply:
    """Delete one's own List; the answer is the List as it was."""
    found = await named_list(call)
    (shape,) = await shown(call, [found])
    try:
        await call.db.write(delete_list, call.caller, found.id)
    except ListNotFound:
        raise no_list() from None
    return Reply(shape)


@operation("POST", "/1.1/lists/subscribers/create.json", need=WRITE_V1, limits=_WRITING, query=WhichQuery)
async def subscribe(call: Call[WhichQuery, None]) -> Reply:
    """Follow a List."""
    found = await named_list(call)
    try:
        await call.db.write(follow_list, call.caller, found.id)
    except ListNotFound:
        raise no_list() from None
    return Reply((await shown(call, [await named_list(call)]))[0])


@operation("POST", "/1.1/lists/subscribers/destroy.json", need=WRITE_V1, limits=_WRITING, query=WhichQuery)
async def unsubscribe(call: Call[WhichQuery, None]) -> Reply:
    """Follow a List no longer."""
    found = await named_list(call)
    await call.db.write(unfollow_list, call.caller, found.id)
    return Reply((await shown(call, [await named_list(call)]))[0])


@operation("GET", "/1.1/lists/list.json", need=READ_V1, limits=_READING, query=WhoseQuery)
async def every(call: Call[WhoseQuery, None]) -> Reply:
    """Up to a hundred Lists that an account follows or owns: its own last, or first with `reverse`."""
    whose = await _whose(call)
    own = await owned_by(call.db, call.me, whose.id, Bounds(), 100)
    mine = {row.id for row in own}
    others = [row for row in await followed_by(call.db, call.me, whose.id, Bounds(), 100) if row.id not in mine]
    rows = [*own, *others] if says_yes(call.query.reverse) else [*others, *own]
    return Reply(await shown(call, rows[:100]))


@operation("GET", "/1.1/lists/ownerships.json", need=READ_V1, limits=_READING, query=WhoseQuery)
async def ownerships(call: Call[WhoseQuery, None]) -> Reply:
    """The Lists that an account owns."""
    return await _listed(call, owned_by)


@operation("GET", "/1.1/lists/subscriptions.json", need=READ_V1, limits=_READING, query=WhoseQuery)
async def subscriptions(call: Call[WhoseQuery, None]) -> Reply:
    """The Lists that an account follows."""
    return await _listed(call, followed_by)


@operation("GET", "/1.1/lists/memberships.json", need=READ_V1, limits=limits(user=75), query=WhoseQuery)
async def memberships(call: Call[WhoseQuery, None]) -> Reply:
    """The Lists that an account is on; with `filter_to_owned_lists` only the caller's own."""
    return await _listed(call, held_by_owner if says_yes(call.query.filter_to_owned_lists) else holding)


@operation("GET", "/1.1/lists/statuses.json", need=READ_V1, limits=limits(user=900), query=StatusesQuery)
async def statuses(call: Call[StatusesQuery, None]) -> Reply:
    """What the members of a List post."""
    found, query = await named_list(call), call.query
    last = id_in(query.max_id)
    bounds = Bounds(id_in(query.since_id) or 0, LARGEST_ID if last is None else min(last + 1, LARGEST_ID))
    rows = await posts_of_members(
        call.db.long,
        call.me,
        found.id,
        bounds,
        how_many(query.count, 20, 200),
        reposts=not says_no(query.include_rts),
    )
    return Reply(
        await statuses_v1(
            call.db,
            call.resources[Sources],
            rows,
            viewer=call.me,
            trim_user=says_yes(query.trim_user),
            extended=query.tweet_mode == "extended",
        )
    )


async def _whose(call: Call[WhoseQuery, None]) -> AccountRow:
    """Whose Lists are asked for, if the caller may see what they make. Raises Numbered."""
    query = call.query
    own = "" if query.screen_name else str(call.me)
    whose = await account_named(call.db, query.user_id or own, query.screen_name)
    if not await may_see(call.db, call.me, whose.id):
        raise Numbered(403, 220, "Your credentials do not allow access to this resource")
    return whose


async def _listed(call: Call[WhoseQuery, None], read: Read) -> Reply:
    whose, count, page = await _whose(call), how_many(call.query.count, 20, 1000), turned(call.query.cursor)
    rows, cursors = cut(await read(call.db, call.me, whose.id, page, count + 1), page, count)
    return Reply({"lists": await shown(call, rows), **cursors})
