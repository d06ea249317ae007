"""Calls on what people do with posts of others."""

import msgspec

from tests.server.calls.asking import JSON, MARKER, Act, Ask, Case, Making, at, calling, filled, post_of
from tests.server.calls.posts import after_a_block, on_a_post
from tests.server.house import House
from volary.graph.actions.follows import accept_request, follow, remove_follower
from volary.posts.actions.bookmarks import bookmark, create_folder
from volary.posts.actions.likes import like
from volary.posts.actions.reposts import repost

USERS = "/2/users/{ann}"


def naming(target: str, whose: str = "carol", text: str = "") -> Making:
    """A request that does something with a new post of somebody."""

    async def ask(house: House) -> Ask:
        made = await post_of(house, getattr(house.cast, whose), text)
        return Ask(filled(target, house), msgspec.json.encode({"tweet_id": str(made)}), JSON)

    return ask


def after(target: str, act: Act, by: str = "ann", whose: str = "carol", text: str = "") -> Making:
    """A request for a target in which `{post}` stands for a new post of somebody that somebody did something with."""

    async def ask(house: House) -> Ask:
        made = await post_of(house, getattr(house.cast, whose), text)
        await house.db.write(act, calling(getattr(house.cast, by)), made)
        return Ask(filled(target.replace("{post}", str(made)), house))

    return ask


def after_following(target: str, act: Act) -> Making:
    """A request for what ann did with a post of bob's while she followed him; she does no longer."""

    async def ask(house: House) -> Ask:
        ann, bob = calling(house.cast.ann), calling(house.cast.bob)
        await house.db.write(follow, ann, house.cast.bob.id)
        await house.db.write(accept_request, bob, house.cast.ann.id)
        made = await after(target, act, whose="bob", text=MARKER)(house)
        await house.db.write(remove_follower, bob, house.cast.ann.id)
        return made

    return ask


def _new_folder_of(whose: str) -> Making:
    async def ask(house: House) -> Ask:
        return Ask(filled(f"/2/users/{{{whose}}}/bookmarks/folders", house), b'{"name": "Bees"}', JSON)

    return ask


def _folder(whose: str) -> Making:
    async def ask(house: House) -> Ask:
        made = await house.db.write(create_folder, calling(getattr(house.cast, whose)), MARKER)
        return Ask(filled(f"{USERS}/bookmarks/folders/{made.id}", house))

    return ask


async def _into_anothers_folder(house: House) -> Ask:
    made = await house.db.write(create_folder, calling(house.cast.carol), MARKER)
    asked = await naming(f"{USERS}/bookmarks")(house)
    body = msgspec.json.decode(asked.body) | {"folder_id": str(made.id)}
    return Ask(asked.target, msgspec.json.encode(body), JSON)


ASK: dict[str, Making] = {
    "POST /2/users/{id}/retweets": naming(f"{USERS}/retweets"),
    "DELETE /2/users/{id}/retweets/{source_tweet_id}": after(f"{USERS}/retweets/{{post}}", repost),
    "GET /2/tweets/{id}/retweeted_by": after("/2/tweets/{post}/retweeted_by", repost, by="dave"),
    "GET /2/tweets/{id}/retweets": after("/2/tweets/{post}/retweets", repost, by="dave"),
    "POST /2/users/{id}/likes": naming(f"{USERS}/likes"),
    "DELETE /2/users/{id}/likes/{tweet_id}": after(f"{USERS}/likes/{{post}}", like),
    "GET /2/users/{id}/liked_tweets": after(f"{USERS}/liked_tweets", like),
    "GET /2/tweets/{id}/liking_users": after("/2/tweets/{post}/liking_users", like, by="dave"),
    "POST /2/users/{id}/bookmarks": naming(f"{USERS}/bookmarks"),
    "DELETE /2/users/{id}/bookmarks/{tweet_id}": after(f"{USERS}/bookmarks/{{post}}", bookmark),
    "GET /2/users/{id}/bookmarks": after(f"{USERS}/bookmarks", bookmark),
    "GET /2/users/{id}/bookmarks/folders": at(f"{USERS}/bookmarks/folders"),
    "POST /2/users/{id}/bookmarks/folders": _new_folder_of("ann"),
    "GET /2/users/{id}/bookmarks/folders/{folder_id}": _folder("ann"),
    "GET /1.1/statuses/show.json": on_a_post("/1.1/statuses/show.json?id={post}", "carol"),
    "GET /1.1/statuses/show/{id}.json": on_a_post("/1.1/statuses/show/{post}.json", "carol"),
    "POST /1.1/statuses/destroy/{id}.json": on_a_post("/1.1/statuses/destroy/{post}.json"),
    "POST /1.1/statuses/retweet/{id}.json": on_a_post("/1.1/statuses/retweet/{post}.json", "carol"),
    "POST /1.1/statuses/unretweet/{id}.json": after("/1.1/statuses/unretweet/{post}.json", repost),
    "POST /1.1/favorites/create.json": on_a_post("/1.1/favorites/create.json?id={post}", "carol"),
    "POST /1.1/favorites/destroy.json": after("/1.1/favorites/destroy.json?id={post}", like),
    "GET /1.1/favorites/list.json": after("/1.1/favorites/list.json", like),
}


def _hidden(target: str, act: Act) -> tuple[Case, ...]:
    """What people did with posts that ann may not see, or no longer."""
    return (
        Case("protected", after(target, act, by="bob", whose="bob", text=MARKER), 200),
        Case("blocked", after_a_block(after(target, act, by="dave", text=MARKER)), 200),
    )


REFUSED: dict[str, tuple[Case, ...]] = {
    "POST /2/users/{id}/retweets": (
        Case("wrong owner", naming("/2/users/{carol}/retweets"), 403),
        Case("protected", naming(f"{USERS}/retweets", "bob"), 404),
        Case("blocked", after_a_block(naming(f"{USERS}/retweets")), 404),
    ),
    "DELETE /2/users/{id}/retweets/{source_tweet_id}": (
        Case("wrong owner", after("/2/users/{carol}/retweets/{post}", repost, by="carol"), 403),
    ),
    "GET /2/tweets/{id}/retweeted_by": _hidden("/2/tweets/{post}/retweeted_by", repost),
    "GET /2/tweets/{id}/retweets": _hidden("/2/tweets/{post}/retweets", repost),
    "POST /2/users/{id}/likes": (
        Case("wrong owner", naming("/2/users/{carol}/likes"), 403),
        Case("protected", naming(f"{USERS}/likes", "bob"), 404),
        Case("blocked", after_a_block(naming(f"{USERS}/likes")), 404),
    ),
    "DELETE /2/users/{id}/likes/{tweet_id}": (
        Case("wrong owner", after("/2/users/{carol}/likes/{post}", like, by="carol"), 403),
    ),
    "GET /2/users/{id}/liked_tweets": (
        Case("protected", after("/2/users/{bob}/liked_tweets", like, by="bob", text=MARKER), 200),
        Case("blocked", after_a_block(after("/2/users/{carol}/liked_tweets", like, by="carol", text=MARKER)), 200),
    ),
    "GET /2/tweets/{id}/liking_users": _hidden("/2/tweets/{post}/liking_users", like),
    "POST /2/users/{id}/bookmarks": (
        Case("wrong owner", naming("/2/users/{carol}/bookmarks"), 403),
        Case("wrong owner", _into_anothers_folder, 404),
        Case("protected", naming(f"{USERS}/bookmarks", "bob"), 404),
        Case("blocked", after_a_block(naming(f"{USERS}/bookmarks")), 404),
    ),
    "DELETE /2/users/{id}/bookmarks/{tweet_id}": (
        Case("wrong owner", after("/2/users/{carol}/bookmarks/{post}", bookmark, by="carol"), 403),
    ),
    "GET /2/users/{id}/bookmarks": (
        Case("wrong owner", after("/2/users/{carol}/bookmarks", bookmark, by="carol", text=MARKER), 403),
        Case("protected", after_following(f"{USERS}/bookmarks", bookmark), 200),
    ),
    "GET /2/users/{id}/bookmarks/folders": (Case("wrong owner", at("/2/users/{carol}/bookmarks/folders"), 403),),
    "POST /2/users/{id}/bookmarks/folders": (Case("wrong owner", _new_folder_of("carol"), 403),),
    "GET /2/users/{id}/bookmarks/folders/{folder_id}": (Case("wrong owner", _folder("carol"), 404),),
}
