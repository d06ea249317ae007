"""v1.1's calls on who is on a List and who follows it: thin views of the same actions (X facts 1.7, 7.2; C052)."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from volary.accounts.queries import accounts_by_usernames
from volary.accounts.shapes import account_named, user_v1
from volary.api.call import Call, Reply
from volary.api.errors import Numbered
from volary.api.lenient import how_many
from volary.api.limits import limits
from volary.api.operation import operation
from volary.db import Reader
from volary.db.paging import Bounds
from volary.kit.ids import id_in
from volary.lists.actions.members import add_member, add_members, remove_member, remove_members
from volary.lists.api.needs import READ_V1, WRITE_V1
from volary.lists.api.v1_naming import WhichQuery, cut, named_list, no_list, shown, turned
from volary.lists.errors import ListNotFound, NobodyToAdd, NotToBeAdded, NotYours
from volary.lists.models import PlacedAccount
from volary.lists.queries.people import followers_of, is_follower, is_member, members_of

_WRITING = limits(user=300)
_AT_ONCE = 100
Read = Callable[[Reader, int, int, Bounds, int], Awaitable[list[PlacedAccount]]]
Is = Callable[[Reader, int, int, int], Awaitable[bool]]
T = TypeVar("T")


class WhoQuery(WhichQuery, frozen=True):
    """An account and a List. Of several accounts, ids and names are written with commas."""

    user_id: str = ""
    screen_name: str = ""


class ManyQuery(WhichQuery, frozen=True):
    """A page of a List's people."""

    count: str = ""
    cursor: str = ""


@operation("GET", "/1.1/lists/members.json", need=READ_V1, limits=limits(user=900), query=ManyQuery)
async def members(call: Call[ManyQuery, None]) -> Reply:
    """Who is on a List."""
    return await _listed(call, members_of)


@operation("GET", "/1.1/lists/subscribers.json", need=READ_V1, limits=limits(user=180), query=ManyQuery)
async def subscribers(call: Call[ManyQuery, None]) -> Reply:
    """Who follows a List."""
    return await _listed(call, followers_of)


@operation("GET", "/1.1/lists/members/show.json", need=READ_V1, limits=limits(user=15), query=WhoQuery)
async def member(call: Call[WhoQuery, None]) -> Reply:
    """An account, if it is on the List."""
    return await _one(call, is_member, "The specified user is not found in this list.")


@operation("GET", "/1.1/lists/subscribers/show.json", need=READ_V1, limits=limits(user=15), query=WhoQuery)
async def subscriber(call: Call[WhoQuery, None]) -> Reply:
    """An account, if it follows the List."""
    return await _one(call, is_follower, "The specified user is not a subscriber of this list.")


@operation("POST", "/1.1/lists/members/create.json", need=WRITE_V1, limits=_WRITING, query=WhoQuery)
async def add(call: Call[WhoQuery, None]) -> Reply:
    """Put an account on one's own List."""
    found = await named_list(call)
    who = await account_named(call.db, call.query.user_id, call.query.screen_name)
    await _done(call.db.write(add_member, call.caller, found.id, who.id))
    return Reply((await shown(call, [await named_list(call)]))[0])


@operation("POST", "/1.1/lists/members/create_all.json", need=WRITE_V1, limits=_WRITING, query=WhoQuery)
async def add_all(call: Call[WhoQuery, None]) -> Reply:
    """Put up to a hundred accounts on one's own List; those that are not there or may not be added are passed over."""
    found = await named_list(call)
    await _done(call.db.write(add_members, call.caller, found.id, await _many(call)))
    return Reply((await shown(call, [await named_list(call)]))[0])


@operation("POST", "/1.1/lists/members/destroy.json", need=WRITE_V1, limits=_WRITING, query=WhoQuery)
async def remove(call: Call[WhoQuery, None]) -> Reply:
    """Take an account off one's own List."""
    found = await named_list(call)
    who = await account_named(call.db, call.query.user_id, call.query.screen_name)
    if not await _done(call.db.write(remove_member, call.caller, found.id, who.id)):
        raise Numbered(400, 110, "The user you are trying to remove from this list is not a member.")
    return Reply((await shown(call, [await named_list(call)]))[0])


@operation("POST", "/1.1/lists/members/destroy_all.json", need=WRITE_V1, limits=_WRITING, query=WhoQuery)
async def remove_all(call: Call[WhoQuery, None]) -> Reply:
    """Take up to a hundred accounts off one's own List."""
    found = await named_list(call)
    await _done(call.db.write(remove_members, call.caller, found.id, await _many(call)))
    return Reply((await shown(call, [await named_list(call)]))[0])


async def _done(act: Awaitable[T]) -> T:
    """What an act on a List's members gives. Raises Numbered."""
    try:
        return await act
    except NotYours:
        raise Numbered(403, 104, "You aren't allowed to add members to this list.") from None
    except NotToBeAdded as refusal:
        raise Numbered(403, 106, str(refusal)) from None
    except NobodyToAdd:
        raise Numbered(404, 108, "Cannot find specified user.") from None
    except ListNotFound:
        raise no_list() from None


async def _many(call: Call[WhoQuery, None]) -> list[int]:
    """The ids of the accounts that are named, by id or by name, in that order. Raises Numbered for none and for too many."""
    query = call.query
    ids = [text.strip() for text in query.user_id.split(",") if text.strip()]
    names = [text.strip() for text in query.screen_name.split(",") if text.strip()]
    if not ids and not names:
        raise Numbered(403, 38, "user_id or screen_name parameter is missing.")
    if len(ids) + len(names) > _AT_ONCE:
        raise Numbered(403, 18, "Too many terms specified in query.")
    known = [number for text in ids if (number := id_in(text)) is not None]
    by_name = {row.username.lower(): row.id for row in await accounts_by_usernames(call.db, names)}
    wanted = [*known, *(by_name[name.lower()] for name in names if name.lower() in by_name)]
    return list(dict.fromkeys(wanted))


async def _one(call: Call[WhoQuery, None], asked: Is, otherwise: str) -> Reply:
    found = await named_list(call)
    who = await account_named(call.db, call.query.user_id, call.query.screen_name)
    if not await asked(call.db, call.me, found.id, who.id):
        raise Numbered(404, 109, otherwise)
    return Reply(user_v1(who, call.settings.public_url))


async def _listed(call: Call[ManyQuery, None], read: Read) -> Reply:
    found, count, page = await named_list(call), how_many(call.query.count, 20, 5000), turned(call.query.cursor)
    rows, cursors = cut(await read(call.db, call.me, found.id, page, count + 1), page, count)
    return Reply({"users": [user_v1(row, call.settings.public_url) for row in rows], **cursors})
