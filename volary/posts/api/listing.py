"""Lists of what hangs on a post."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from volary.api.call import Call, Reply
from volary.api.listing import PageQuery, Placed, listed
from volary.api.problems import not_found
from volary.db import Reader
from volary.db.paging import Bounds
from volary.graph.queries.visibility import NOBODY
from volary.posts.queries.reading import post_by_id

P = TypeVar("P", bound=Placed)


async def listed_of_post(
    call: Call[PageQuery, None],
    kind: str,
    name: str,
    read: Callable[[Reader, int, int, Bounds, int], Awaitable[list[P]]],
) -> Reply:
    """A page of what hangs on the post in the path, as far as the caller may see it, or that there is no such post for them."""
    post, viewer = call.id_in_path(), call.caller.account_id or NOBODY
    if await post_by_id(call.db, viewer, post) is None:
        return await call.one(kind, None, [not_found("tweet", "id", call.path["id"])])
    return await listed(call, kind, f"{name} {post}", partial(read, call.db, viewer, post))
