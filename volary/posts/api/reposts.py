"""Reposting a post, taking it back, and who did (C035, C047)."""

from volary.api.call import Call, Reply
from volary.api.errors import NotPermitted
from volary.api.limits import limits
from volary.api.listing import PageQuery
from volary.api.operation import operation
from volary.api.query import NoQuery, whole_id
from volary.posts.actions.reposts import repost, take_back
from volary.posts.api.listing import listed_of_post
from volary.posts.api.needs import READ, WRITE
from volary.posts.errors import NotRepostable
from volary.posts.queries.reposts import reposters_of, reposts_of
from volary.posts.shapes.bodies import Engaged


@operation("POST", "/2/users/{id}/retweets", need=WRITE, limits=limits(user=50), body=Engaged)
async def start(call: Call[NoQuery, Engaged]) -> Reply:
    """Repost a post. A second time changes nothing and names the repost that there is."""
    call.own_id()
    try:
        made = await call.db.write(repost, call.caller, whole_id(call.body.tweet_id, "tweet_id"))
    except NotRepostable:
        raise NotPermitted("Retweet is not permissible for this status.") from None
    return Reply({"data": {"retweeted": True, "rest_id": str(made.post.id)}})


@operation("DELETE", "/2/users/{id}/retweets/{source_tweet_id}", need=WRITE, limits=limits(user=50))
async def end(call: Call[NoQuery, None]) -> Reply:
    """Take a repost back, named by its original or by itself."""
    call.own_id()
    await call.db.write(take_back, call.caller, call.id_in_path("source_tweet_id"))
    return Reply({"data": {"retweeted": False}})


@operation(
    "GET",
    "/2/tweets/{id}/retweeted_by",
    need=READ,
    limits=limits(app=75, user=75),
    query=PageQuery,
    returns="user",
)
async def reposted_by(call: Call[PageQuery, None]) -> Reply:
    """Who reposted a post, the newest repost first; of protected accounts only those that the caller may see."""
    return await listed_of_post(call, "user", "reposters of", reposters_of)


@operation(
    "GET",
    "/2/tweets/{id}/retweets",
    need=READ,
    limits=limits(app=75, user=75),
    query=PageQuery,
    returns="post",
)
async def reposts(call: Call[PageQuery, None]) -> Reply:
    """The reposts of a post, newest first."""
    return await listed_of_post(call, "post", "reposts of", reposts_of)
