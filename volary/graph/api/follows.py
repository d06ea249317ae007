"""Following: whom an account follows, who follows it, and following for one's own account (C039, C049, C077, C083)."""

from collections.abc import Awaitable, Callable
from functools import partial

from volary.access.levels import Level
from volary.access.needs import Need
from volary.api.call import Call, Reply
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.query import NoQuery, whole_id
from volary.db import Reader
from volary.db.paging import Bounds
from volary.graph.actions.follows import follow, unfollow
from volary.graph.api.listing import ListQuery, listed
from volary.graph.models import PlacedRow
from volary.graph.queries.lists import followed_by, followers_of
from volary.graph.queries.visibility import NOBODY
from volary.graph.shapes import Target, why_unseen

Read = Callable[[Reader, int, int, Bounds, int], Awaitable[list[PlacedRow]]]

_SCOPES = frozenset({"tweet.read", "users.read"})
READ = Need(oauth1=Level.READ, scopes=_SCOPES | {"follows.read"}, app_only=True)
WRITE = Need(oauth1=Level.READ_WRITE, scopes=_SCOPES | {"follows.write"})


@operation(
    "GET",
    "/2/users/{id}/following",
    need=READ,
    limits=limits(app=300, user=300),
    query=ListQuery,
    returns="user",
)
async def following(call: Call[ListQuery, None]) -> Reply:
    """Whom an account follows."""
    return await _listed_of(call, "following", followed_by)


@operation(
    "GET",
    "/2/users/{id}/followers",
    need=READ,
    limits=limits(app=300, user=300),
    query=ListQuery,
    returns="user",
)
async def followers(call: Call[ListQuery, None]) -> Reply:
    """Who follows an account."""
    return await _listed_of(call, "followers", followers_of)


@operation("POST", "/2/users/{id}/following", need=WRITE, limits=limits(user=50), body=Target)
async def start(call: Call[NoQuery, Target]) -> Reply:
    """Follow an account, or ask to where it is protected (`pending_follow`)."""
    call.own_id()
    found = await call.db.write(follow, call.caller, whole_id(call.body.target_user_id, "target_user_id"))
    return Reply({"data": {"following": found.following, "pending_follow": found.pending}})


@operation("DELETE", "/2/users/{source_user_id}/following/{target_user_id}", need=WRITE, limits=limits(user=50))
async def end(call: Call[NoQuery, None]) -> Reply:
    """Follow an account no longer, or take the request back."""
    call.own_id("source_user_id")
    await call.db.write(unfollow, call.caller, call.id_in_path("target_user_id"))
    return Reply({"data": {"following": False}})


async def _listed_of(call: Call[ListQuery, None], name: str, read: Read) -> Reply:
    """A page of an account's list, or why it is not shown."""
    owner, viewer = call.id_in_path(), call.caller.account_id or NOBODY
    problem = await why_unseen(call.db, viewer, owner, "id", call.path["id"])
    if problem is not None:
        return await call.one("user", None, [problem])
    return await listed(call, f"{name} of {owner}", partial(read, call.db, viewer, owner))
