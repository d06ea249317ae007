"""The Lists that somebody owns, is on, follows and pinned; following and pinning them (C040, C052)."""

from collections.abc import Awaitable, Callable
from functools import partial

from volary.api.call import Call, Reply
from volary.api.limits import limits
from volary.api.listing import PageQuery, listed
from volary.api.operation import operation
from volary.api.query import NoQuery, whole_id
from volary.db import Reader
from volary.db.paging import Bounds
from volary.graph.queries.visibility import NOBODY
from volary.graph.shapes import why_unseen
from volary.lists.actions.following import follow_list, pin_list, unfollow_list, unpin_list
from volary.lists.api.needs import READ, READ_OWN, WRITE
from volary.lists.models import PlacedList
from volary.lists.queries.reading import followed_by, holding, owned_by, pinned_by
from volary.lists.rules import MOST_PINS
from volary.lists.shapes import Target

Read = Callable[[Reader, int, int, Bounds, int], Awaitable[list[PlacedList]]]

_WRITING = limits(user=50)


@operation(
    "GET",
    "/2/users/{id}/owned_lists",
    need=READ,
    limits=limits(app=15, user=15),
    query=PageQuery,
    returns="list",
)
async def owned(call: Call[PageQuery, None]) -> Reply:
    """The Lists that an account owns."""
    return await _listed_of(call, "owned by", owned_by)


@operation(
    "GET",
    "/2/users/{id}/list_memberships",
    need=READ,
    limits=limits(app=75, user=75),
    query=PageQuery,
    returns="list",
)
async def memberships(call: Call[PageQuery, None]) -> Reply:
    """The Lists that an account is on."""
    return await _listed_of(call, "holding", holding)


@operation(
    "GET", "/2/users/{id}/followed_lists", need=READ, limits=limits(app=15, user=15), query=PageQuery, returns="list"
)
async def followed(call: Call[PageQuery, None]) -> Reply:
    """The Lists that an account follows."""
    return await _listed_of(call, "followed by", followed_by)


@operation("POST", "/2/users/{id}/followed_lists", need=WRITE, limits=_WRITING, body=Target)
async def follow(call: Call[NoQuery, Target]) -> Reply:
    """Follow a List."""
    call.own_id()
    await call.db.write(follow_list, call.caller, whole_id(call.body.list_id, "list_id"))
    return Reply({"data": {"following": True}})


@operation("DELETE", "/2/users/{id}/followed_lists/{list_id}", need=WRITE, limits=_WRITING)
async def unfollow(call: Call[NoQuery, None]) -> Reply:
    """Follow a List no longer."""
    call.own_id()
    await call.db.write(unfollow_list, call.caller, call.id_in_path("list_id"))
    return Reply({"data": {"following": False}})


@operation("GET", "/2/users/{id}/pinned_lists", need=READ_OWN, limits=limits(user=15), returns="list")
async def pinned(call: Call[NoQuery, None]) -> Reply:
    """The Lists that the caller's account pinned."""
    me = call.own_id()
    rows = await pinned_by(call.db, me, me, Bounds(), MOST_PINS)
    return await call.many("list", rows, meta={"result_count": len(rows)})


@operation("POST", "/2/users/{id}/pinned_lists", need=WRITE, limits=_WRITING, body=Target)
async def pin(call: Call[NoQuery, Target]) -> Reply:
    """Pin a List."""
    call.own_id()
    await call.db.write(pin_list, call.caller, whole_id(call.body.list_id, "list_id"))
    return Reply({"data": {"pinned": True}})


@operation("DELETE", "/2/users/{id}/pinned_lists/{list_id}", need=WRITE, limits=_WRITING)
async def unpin(call: Call[NoQuery, None]) -> Reply:
    """Pin a List no longer."""
    call.own_id()
    await call.db.write(unpin_list, call.caller, call.id_in_path("list_id"))
    return Reply({"data": {"pinned": False}})


async def _listed_of(call: Call[PageQuery, None], name: str, read: Read) -> Reply:
    """A page of an account's Lists, or why it is not shown."""
    account, viewer = call.id_in_path(), call.caller.account_id or NOBODY
    problem = await why_unseen(call.db, viewer, account, "id", call.path["id"])
    if problem is not None:
        return await call.one("list", None, [problem])
    return await listed(call, "list", f"lists {name} {account}", partial(read, call.db, viewer, account))
