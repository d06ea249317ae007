"""Lists themselves: reading, making, changing and deleting one (C040, C052, C079)."""

from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest, NotPermitted
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.query import NoQuery
from volary.lists.actions.writing import Changes, create_list, delete_list, update_list
from volary.lists.api.listing import found_list, missing
from volary.lists.api.needs import CREATE, READ, WRITE
from volary.lists.errors import BadDescription, BadName, NotYours
from volary.lists.shapes import ChangedList, NewList


@operation("GET", "/2/lists/{id}", need=READ, limits=limits(app=75, user=75), returns="list")
async def show(call: Call[NoQuery, None]) -> Reply:
    """One List, if the caller may see it."""
    row = await found_list(call)
    return await missing(call) if row is None else await call.one("list", row)


@operation("POST", "/2/lists", need=CREATE, limits=limits(user=300), body=NewList, status=201)
async def create(call: Call[NoQuery, NewList]) -> Reply:
    """Make a List of the account that the token stands for; a private one is seen by nobody else."""
    body = call.body
    try:
        row = await call.db.write(create_list, call.caller, body.name, body.description, private=body.private)
    except (BadName, BadDescription) as refusal:
        raise InvalidRequest(f"$.{refusal.field}: {refusal}", refusal.field or "") from None
    return Reply({"data": {"id": str(row.id), "name": row.name}})


@operation("PUT", "/2/lists/{id}", need=WRITE, limits=limits(user=300), body=ChangedList)
async def update(call: Call[NoQuery, ChangedList]) -> Reply:
    """Change the name, the description or the privacy of one's own List."""
    body = call.body
    changes = Changes(name=body.name, description=body.description, private=body.private)
    if changes == Changes():
        raise InvalidRequest("$: one of name, description and private is needed")
    try:
        await call.db.write(update_list, call.caller, call.id_in_path(), changes)
    except (BadName, BadDescription) as refusal:
        raise InvalidRequest(f"$.{refusal.field}: {refusal}", refusal.field or "") from None
    except NotYours:
        raise NotPermitted("You are not allowed to update this List.") from None
    return Reply({"data": {"updated": True}})


@operation("DELETE", "/2/lists/{id}", need=WRITE, limits=limits(user=300))
async def delete(call: Call[NoQuery, None]) -> Reply:
    """Delete one's own List. Its members and followers lose it, their posts stay."""
    try:
        await call.db.write(delete_list, call.caller, call.id_in_path())
    except NotYours:
        raise NotPermitted("You are not allowed to delete this List.") from None
    return Reply({"data": {"deleted": True}})
