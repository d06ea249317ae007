"""The timelines of an account: home, mentions, and its posts that were reposted."""

from typing import Annotated, Literal

import msgspec

from volary.access.levels import Level
from volary.access.needs import Need
from volary.api.call import Call, Reply
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.pagination import TimeFilters, Token, at_token, bounds_of, going_on, meta_of
from volary.db.paging import Bounds
from volary.graph.shapes import why_unseen
from volary.posts.models import PostRow
from volary.timelines.queries.home import home
from volary.timelines.queries.mentions import mentions_of
from volary.timelines.queries.reposted import reposted_of

_READ = frozenset({"tweet.read", "users.read"})
READ = Need(oauth1=Level.READ, scopes=_READ)
READ_ALSO_APPS = Need(oauth1=Level.READ, scopes=_READ, app_only=True)
READ_OWN = Need(oauth1=Level.READ, scopes=frozenset({"timeline.read", "tweet.read"}))


class HomeQuery(TimeFilters, frozen=True, kw_only=True):
    """The parameters of the home timeline."""

    max_results: Annotated[int, msgspec.Meta(ge=1, le=100)] = 100
    pagination_token: Token | None = None
    exclude: tuple[Literal["replies", "retweets"], ...] = ()


class MentionsQuery(TimeFilters, frozen=True, kw_only=True):
    """The parameters of an account's mentions."""

    max_results: Annotated[int, msgspec.Meta(ge=5, le=100)] = 10
    pagination_token: Token | None = None


class RepostedQuery(msgspec.Struct, frozen=True):
    """The parameters of one's own posts that were reposted."""

    max_results: Annotated[int, msgspec.Meta(ge=1, le=100)] = 100
    pagination_token: Token | None = None


@operation(
    "GET",
    "/2/users/{id}/timelines/reverse_chronological",
    need=READ,
    limits=limits(user=180),
    query=HomeQuery,
    returns="post",
)
async def home_timeline(call: Call[HomeQuery, None]) -> Reply:
    """What those whom the caller's account follows posted and reposted, newest first (C036, C037)."""
    viewer, query, keys = call.own_id(), call.query, call.db.keys
    bound = (f"home of {viewer}", str(sorted(query.exclude)), str(bounds_of(query)))
    page = at_token(keys, query.pagination_token, bounds_of(query), *bound)
    found = await home(
        call.db,
        viewer,
        page,
        query.max_results,
        replies="replies" not in query.exclude,
        reposts="retweets" not in query.exclude,
    )
    ids = [row.id for row in found.rows]
    meta = meta_of(keys, ids, page, *bound, more=found.more, first=query.pagination_token is None)
    if found.edge is not None:
        meta = {**meta, **going_on(keys, found.edge, *bound, up=page.up)}
    return await call.many("post", found.rows, meta=meta)


@operation(
    "GET",
    "/2/users/{id}/mentions",
    need=READ_ALSO_APPS,
    limits=limits(app=450, user=300),
    query=MentionsQuery,
    returns="post",
)
async def mentions(call: Call[MentionsQuery, None]) -> Reply:
    """The posts that mention an account, newest first."""
    mentioned, viewer, query = call.id_in_path(), call.caller.account_id or 0, call.query
    problem = await why_unseen(call.db, viewer, mentioned, "id", call.path["id"])
    if problem is not None:
        return await call.one("post", None, [problem])
    bound = (f"mentions of {mentioned}", str(viewer), str(bounds_of(query)))
    page = at_token(call.db.keys, query.pagination_token, bounds_of(query), *bound)
    rows = await mentions_of(call.db, viewer, mentioned, page, query.max_results + 1)
    return await _listed(call, rows, page, *bound)


@operation("GET", "/2/users/reposts_of_me", need=READ_OWN, limits=limits(user=75), query=RepostedQuery, returns="post")
async def reposts_of_me(call: Call[RepostedQuery, None]) -> Reply:
    """The caller's own posts that were reposted, newest first."""
    bound = ("reposts of me", str(call.me))
    page = at_token(call.db.keys, call.query.pagination_token, Bounds(), *bound)
    rows = await reposted_of(call.db, call.me, page, call.query.max_results + 1)
    return await _listed(call, rows, page, *bound, edges=False)


async def _listed(
    call: Call[MentionsQuery, None] | Call[RepostedQuery, None],
    rows: list[PostRow],
    page: Bounds,
    *bound: str,
    edges: bool = True,
) -> Reply:
    """A page, of which one row more was read than is shown."""
    count = call.query.max_results
    more = len(rows) > count
    rows = rows[-count:] if page.up else rows[:count]
    first = call.query.pagination_token is None
    ids = [row.id for row in rows]
    meta = meta_of(call.db.keys, ids, page, *bound, more=more, first=first, edges=edges)
    return await call.many("post", rows, meta=meta)
