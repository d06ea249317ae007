"""Liking a post, what an account likes, and who likes a post (C035, C047, decision 0037)."""

from functools import partial
from typing import Annotated

import msgspec

from volary.api.call import Call, Reply
from volary.api.limits import Quota, limits, per_day
from volary.api.listing import PageQuery, listed
from volary.api.operation import operation
from volary.api.pagination import Token
from volary.api.query import NoQuery, whole_id
from volary.graph.shapes import why_unseen
from volary.posts.actions.likes import like, unlike
from volary.posts.api.listing import listed_of_post
from volary.posts.api.needs import LIKES_READ, LIKES_WRITE
from volary.posts.queries.likes import liked_by, likers_of
from volary.posts.shapes.bodies import Engaged

_WRITING = limits(user=(Quota(50), per_day(1000)))


class LikedQuery(msgspec.Struct, frozen=True):
    """The parameters of what an account likes."""

    max_results: Annotated[int, msgspec.Meta(ge=5, le=100)] = 100
    pagination_token: Token | None = None


@operation("POST", "/2/users/{id}/likes", need=LIKES_WRITE, limits=_WRITING, body=Engaged)
async def start(call: Call[NoQuery, Engaged]) -> Reply:
    """Like a post in the name of the account that the token stands for."""
    call.own_id()
    await call.db.write(like, call.caller, whole_id(call.body.tweet_id, "tweet_id"))
    return Reply({"data": {"liked": True}})


@operation("DELETE", "/2/users/{id}/likes/{tweet_id}", need=LIKES_WRITE, limits=_WRITING)
async def end(call: Call[NoQuery, None]) -> Reply:
    """Take one's own like of a post back."""
    call.own_id()
    await call.db.write(unlike, call.caller, call.id_in_path("tweet_id"))
    return Reply({"data": {"liked": False}})


@operation(
    "GET",
    "/2/users/{id}/liked_tweets",
    need=LIKES_READ,
    limits=limits(app=75, user=75),
    query=LikedQuery,
    returns="post",
)
async def liked(call: Call[LikedQuery, None]) -> Reply:
    """What an account likes, the newest like first, as far as the caller may see both."""
    giver = call.id_in_path()
    problem = await why_unseen(call.db, call.me, giver, "id", call.path["id"])
    if problem is not None:
        return await call.one("post", None, [problem])
    return await listed(call, "post", f"likes of {giver}", partial(liked_by, call.db, call.me, giver))


@operation(
    "GET",
    "/2/tweets/{id}/liking_users",
    need=LIKES_READ,
    limits=limits(app=75, user=75),
    query=PageQuery,
    returns="user",
)
async def likers(call: Call[PageQuery, None]) -> Reply:
    """Who likes a post, the newest like first, as far as the caller may see them."""
    return await listed_of_post(call, "user", "likers of", likers_of)
