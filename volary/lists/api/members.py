"""Who is on a List and who follows it, what its members post, and putting accounts on it (C040, C052)."""

from functools import partial

from volary.api.call import Call, Reply
from volary.api.limits import limits
from volary.api.listing import PageQuery, listed
from volary.api.operation import operation
from volary.api.query import NoQuery, whole_id
from volary.lists.actions.members import add_member, remove_member
from volary.lists.api.listing import found_list, missing
from volary.lists.api.needs import READ, WRITE
from volary.lists.queries.people import followers_of, members_of
from volary.lists.queries.timeline import posts_of_members
from volary.lists.shapes import Member

_READING = limits(app=900, user=900)
_MANY = 500
"""From so many members on, a timeline is read without holding up others."""


@operation("GET", "/2/lists/{id}/members", need=READ, limits=_READING, query=PageQuery, returns="user")
async def members(call: Call[PageQuery, None]) -> Reply:
    """Who is on a List."""
    row = await found_list(call)
    if row is None:
        return await missing(call)
    read = partial(members_of, call.db, call.caller.account_id or 0, row.id)
    return await listed(call, "user", f"members of {row.id}", read)


@operation(
    "GET", "/2/lists/{id}/followers", need=READ, limits=limits(app=180, user=180), query=PageQuery, returns="user"
)
async def followers(call: Call[PageQuery, None]) -> Reply:
    """Who follows a List."""
    row = await found_list(call)
    if row is None:
        return await missing(call)
    read = partial(followers_of, call.db, call.caller.account_id or 0, row.id)
    return await listed(call, "user", f"followers of {row.id}", read)


@operation("GET", "/2/lists/{id}/tweets", need=READ, limits=_READING, query=PageQuery, returns="post")
async def posts(call: Call[PageQuery, None]) -> Reply:
    """What the members of a List post, as far as the caller may see it."""
    row = await found_list(call)
    if row is None:
        return await missing(call)
    reader = call.db.long if row.member_count > _MANY else call.db
    read = partial(posts_of_members, reader, call.caller.account_id or 0, row.id)
    return await listed(call, "post", f"posts of list {row.id}", read)


@operation("POST", "/2/lists/{id}/members", need=WRITE, limits=limits(user=300), body=Member)
async def add(call: Call[NoQuery, Member]) -> Reply:
    """Put an account on one's own List."""
    await call.db.write(add_member, call.caller, call.id_in_path(), whole_id(call.body.user_id, "user_id"))
    return Reply({"data": {"is_member": True}})


@operation("DELETE", "/2/lists/{id}/members/{user_id}", need=WRITE, limits=limits(user=300))
async def remove(call: Call[NoQuery, None]) -> Reply:
    """Take an account off one's own List."""
    await call.db.write(remove_member, call.caller, call.id_in_path(), call.id_in_path("user_id"))
    return Reply({"data": {"is_member": False}})
