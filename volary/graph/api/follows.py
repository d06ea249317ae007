"""Following: whom an account follows, who follows it, and following for one's own account (C039, C049, C077, C083)."""

from functools import partial

from volary.access.levels import Level
from volary.access.needs import Need
from volary.api.call import Call, Reply
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.query import NoQuery, whole_id
from volary.graph.actions.follows import follow, unfollow
from volary.graph.api.listing import ListQuery, listed
from volary.graph.queries.lists import followed_by, followers_of
from volary.graph.shapes import Target, why_unseen

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
    owner, viewer = call.id_in_path(), call.caller.account_id or 0
    problem = await why_unseen(call.db, viewer, owner, "id", call.path["id"])
    if problem is not None:
        return await call.one("user", None, [problem])
    return await listed(call, f"following of {owner}", partial(followed_by, call.db, viewer, owner))


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
    owner, viewer = call.id_in_path(), call.caller.account_id or 0
    problem = await why_unseen(call.db, viewer, owner, "id", call.path["id"])
    if problem is not None:
        return await call.one("user", None, [problem])
    return await listed(call, f"followers of {owner}", partial(followers_of, call.db, viewer, owner))


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
