"""The posts that quote a post."""

from functools import partial
from typing import Annotated, Literal

import msgspec

from volary.api.call import Call, Reply
from volary.api.limits import limits
from volary.api.listing import page_of
from volary.api.operation import operation
from volary.api.pagination import Token
from volary.api.problems import not_found
from volary.posts.api.needs import READ
from volary.posts.queries.quotes import quotes_of
from volary.posts.queries.reading import post_by_id


class QuotesQuery(msgspec.Struct, frozen=True):
    """The parameters of the list of quotes. No quote is a plain repost, so leaving those out leaves out nothing."""

    max_results: Annotated[int, msgspec.Meta(ge=10, le=100)] = 10
    pagination_token: Token | None = None
    exclude: tuple[Literal["replies", "retweets"], ...] = ()


@operation(
    "GET", "/2/tweets/{id}/quote_tweets", need=READ, limits=limits(app=75, user=75), query=QuotesQuery, returns="post"
)
async def quotes(call: Call[QuotesQuery, None]) -> Reply:
    """Who quotes a post, and how, newest first, as far as the caller may see."""
    post_id, viewer, query = call.id_in_path(), call.caller.account_id or 0, call.query
    if await post_by_id(call.db, viewer, post_id) is None:
        return await call.one("post", None, [not_found("tweet", "id", call.path["id"])])
    replies = "replies" not in query.exclude
    read = partial(quotes_of, call.db, viewer, post_id, replies=replies)
    rows, meta = await page_of(call, f"quotes of {post_id}, {replies}", read)
    meta.pop("previous_token", None)  # X's contract has none in this list
    return await call.many("post", rows, meta=meta)
