"""Reading posts: one, several, and an author's."""

from typing import Annotated, Literal

import msgspec

from volary.api.call import Call, Reply
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.pagination import TimeFilters, Token, at_token, bounds_of, meta_of
from volary.api.problems import not_found
from volary.api.query import NoQuery, whole_id
from volary.graph.shapes import why_unseen
from volary.posts.api.needs import READ
from volary.posts.queries.reading import post_by_id, posts_by_ids, posts_of_author


class IdsQuery(msgspec.Struct, frozen=True):
    """Up to a hundred ids."""

    ids: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=100)]


class AuthorQuery(TimeFilters, frozen=True, kw_only=True):
    """The parameters of an author's list."""

    max_results: Annotated[int, msgspec.Meta(ge=5, le=100)] = 10
    pagination_token: Token | None = None
    exclude: tuple[Literal["replies", "retweets"], ...] = ()


@operation("GET", "/2/tweets/{id}", need=READ, limits=limits(app=450, user=900), returns="post")
async def post(call: Call[NoQuery, None]) -> Reply:
    """One post, if the caller may see it; a hidden one is answered like a missing one (SR-193)."""
    row = await post_by_id(call.db, call.caller.account_id or 0, call.id_in_path())
    return await call.one("post", row, [not_found("tweet", "id", call.path["id"])] if row is None else ())


@operation("GET", "/2/tweets", need=READ, limits=limits(app=3500, user=5000), query=IdsQuery, returns="post")
async def posts(call: Call[IdsQuery, None]) -> Reply:
    """Several posts in the order asked for, and an error for each that is not there for the caller."""
    ids = list(dict.fromkeys(whole_id(text, "ids") for text in call.query.ids))
    found = {row.id: row for row in await posts_by_ids(call.db, call.caller.account_id or 0, ids)}
    errors = [not_found("tweet", "ids", str(one)) for one in ids if one not in found]
    return await call.many("post", [found[one] for one in ids if one in found], errors=errors)


@operation(
    "GET",
    "/2/users/{id}/tweets",
    need=READ,
    limits=limits(app=10_000, user=900),
    query=AuthorQuery,
    returns="post",
)
async def posts_of(call: Call[AuthorQuery, None]) -> Reply:
    """An account's posts, newest first (C033)."""
    author, viewer, query = call.id_in_path(), call.caller.account_id or 0, call.query
    problem = await why_unseen(call.db, viewer, author, "id", call.path["id"])
    if problem is not None:
        return await call.one("post", None, [problem])
    bound = (f"posts of {author}", str(viewer), str(query.exclude), str(bounds_of(query)))
    page = at_token(call.db.keys, query.pagination_token, bounds_of(query), *bound)
    count = query.max_results
    rows = await posts_of_author(
        call.db,
        viewer,
        author,
        page,
        count + 1,
        replies="replies" not in query.exclude,
        reposts="retweets" not in query.exclude,
    )
    more = len(rows) > count
    rows = rows[-count:] if page.up else rows[:count]
    ids = [row.id for row in rows]
    meta = meta_of(call.db.keys, ids, page, *bound, more=more, first=query.pagination_token is None)
    return await call.many("post", rows, meta=meta)
