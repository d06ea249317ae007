"""v1.1's calls on likes, which it calls favorites: thin views of the same actions (X facts 1.7, 7.2)."""

from volary.accounts.shapes import account_named
from volary.api.call import Call, Reply
from volary.api.errors import Numbered
from volary.api.limits import Quota, limits, per_day
from volary.api.operation import operation
from volary.db.paging import Bounds
from volary.graph.queries.visibility import may_see
from volary.kit.ids import LARGEST_ID, id_in
from volary.posts.actions.likes import like, unlike
from volary.posts.api.needs import READ_V1, WRITE_V1
from volary.posts.api.statuses import ShowQuery, StatusQuery, missing, shapes_of, shown, wanted
from volary.posts.errors import PostNotFound
from volary.posts.queries.likes import liked_by_id
from volary.posts.queries.reposts import visible_original

_MOST, _USUAL = 200, 20


class ListQuery(StatusQuery, frozen=True):
    """Whose likes, and which of them. Other parameters of v1.1 are passed over."""

    user_id: str = ""
    screen_name: str = ""
    count: str = ""
    since_id: str = ""
    max_id: str = ""


@operation(
    "POST",
    "/1.1/favorites/create.json",
    need=WRITE_V1,
    limits=limits(user=(Quota(50), per_day(1000)), app=(per_day(1000),)),
    query=ShowQuery,
)
async def create(call: Call[ShowQuery, None]) -> Reply:
    """Like a post, and answer with it (C047)."""
    try:
        new = await call.db.write(like, call.caller, wanted(call.query.id))
    except PostNotFound:
        raise missing() from None
    if not new:
        raise Numbered(403, 139, "You have already favorited this status.")
    return await _answered(call)


@operation("POST", "/1.1/favorites/destroy.json", need=WRITE_V1, limits=limits(user=50), query=ShowQuery)
async def destroy(call: Call[ShowQuery, None]) -> Reply:
    """Like a post no longer, and answer with it."""
    if not await call.db.write(unlike, call.caller, wanted(call.query.id)):
        raise missing()
    return await _answered(call)


@operation("GET", "/1.1/favorites/list.json", need=READ_V1, limits=limits(user=75), query=ListQuery)
async def favorites(call: Call[ListQuery, None]) -> Reply:
    """What an account likes, the newest post first; the caller's own where none is named."""
    query = call.query
    giver = call.me
    if query.user_id or query.screen_name:
        giver = (await account_named(call.db, query.user_id, query.screen_name)).id
        if not await may_see(call.db, call.me, giver):
            raise Numbered(401, 179, "Not authorized.")
    page = Bounds(_number(query.since_id, "since_id", 0), _number(query.max_id, "max_id", LARGEST_ID - 1) + 1)
    count = min(max(_number(query.count, "count", _USUAL), 1), _MOST)
    rows = await liked_by_id(call.db, call.me, giver, page, count)
    return Reply(await shapes_of(call, rows))


async def _answered(call: Call[ShowQuery, None]) -> Reply:
    row = await visible_original(call.db, call.me, wanted(call.query.id))
    if row is None:
        raise missing()
    return await shown(call, row)


def _number(text: str, name: str, default: int) -> int:
    """A number that a parameter gives. Raises Numbered for what is none."""
    if not text:
        return default
    found = id_in(text)
    if found is None:
        raise Numbered(400, 44, f"{name} parameter is invalid.")
    return min(found, LARGEST_ID - 1)
