"""Muting: the caller's own list, muting and unmuting (C039, C050, C078)."""

from functools import partial

from volary.access.levels import Level
from volary.access.needs import Need
from volary.api.call import Call, Reply
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.query import NoQuery, whole_id
from volary.graph.actions.mutes import mute, unmute
from volary.graph.api.listing import ListQuery, listed
from volary.graph.queries.lists import muted_by
from volary.graph.shapes import Target

_SCOPES = frozenset({"tweet.read", "users.read"})
READ = Need(oauth1=Level.READ, scopes=_SCOPES | {"mute.read"})
WRITE = Need(oauth1=Level.READ_WRITE, scopes=_SCOPES | {"mute.write"})


@operation("GET", "/2/users/{id}/muting", need=READ, limits=limits(user=15), query=ListQuery, returns="user")
async def muting(call: Call[ListQuery, None]) -> Reply:
    """Whom the caller's account mutes."""
    owner = call.own_id()
    return await listed(call, "muting", partial(muted_by, call.db, owner))


@operation("POST", "/2/users/{id}/muting", need=WRITE, limits=limits(user=50), body=Target)
async def start(call: Call[NoQuery, Target]) -> Reply:
    """Mute an account: its posts no longer come into the caller's home timeline, and it is not told."""
    call.own_id()
    await call.db.write(mute, call.caller, whole_id(call.body.target_user_id, "target_user_id"))
    return Reply({"data": {"muting": True}})


@operation("DELETE", "/2/users/{source_user_id}/muting/{target_user_id}", need=WRITE, limits=limits(user=50))
async def end(call: Call[NoQuery, None]) -> Reply:
    """Mute an account no longer."""
    call.own_id("source_user_id")
    await call.db.write(unmute, call.caller, call.id_in_path("target_user_id"))
    return Reply({"data": {"muting": False}})
