"""What the calls on one List have in common: finding it, and why it is not shown."""

from typing import Any

from volary.api.call import Call, Reply
from volary.api.problems import not_found
from volary.lists.models import ListRow
from volary.lists.queries.reading import list_by_id


async def found_list(call: Call[Any, None]) -> ListRow | None:
    """The List that the path names, if the caller may see it."""
    return await list_by_id(call.db, call.caller.account_id or 0, call.id_in_path())


async def missing(call: Call[Any, None]) -> Reply:
    """The answer about a List that is not there, or not for this caller: one and the same (SR-204)."""
    return await call.one("list", None, [not_found("list", "id", call.path["id"])])
