"""Blocking: the caller's own list, and the two calls that X took back and clients still make (X facts 6; C039, C050, C078)."""

from functools import partial

from volary.access.levels import Level
from volary.access.needs import Need
from volary.api.call import Call, Reply
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.query import NoQuery, whole_id
from volary.graph.actions.blocks import block, unblock
from volary.graph.api.listing import ListQuery, listed
from volary.graph.queries.lists import blocked_by
from volary.graph.shapes import Target

_SCOPES = frozenset({"tweet.read", "users.read"})
READ = Need(oauth1=Level.READ, scopes=_SCOPES | {"block.read"})
WRITE = Need(oauth1=Level.READ_WRITE, scopes=_SCOPES | {"block.write"})


@operation("GET", "/2/users/{id}/blocking", need=READ, limits=limits(user=15), query=ListQuery, returns="user")
async def blocking(call: Call[ListQuery, None]) -> Reply:
    """Whom the caller's account blocks."""
    owner = call.own_id()
    return await listed(call, "blocking", partial(blocked_by, call.db, owner))


@operation("POST", "/2/users/{id}/blocking", need=WRITE, limits=limits(user=50), body=Target)
async def start(call: Call[NoQuery, Target]) -> Reply:
    """Block an account: neither follows the other any more, and it sees nothing of the caller's account."""
    call.own_id()
    await call.db.write(block, call.caller, whole_id(call.body.target_user_id, "target_user_id"))
    return Reply({"data": {"blocking": True}})


@operation("DELETE", "/2/users/{source_user_id}/blocking/{target_user_id}", need=WRITE, limits=limits(user=50))
async def end(call: Call[NoQuery, None]) -> Reply:
    """Block an account no longer."""
    call.own_id("source_user_id")
    await call.db.write(unblock, call.caller, call.id_in_path("target_user_id"))
    return Reply({"data": {"blocking": False}})
