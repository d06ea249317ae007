"""v1.1's calls on one post: show, delete, repost and take the repost back. Thin views of the same actions (X facts 1.7, 7.2)."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from volary.api.call import Call, Reply
from volary.api.errors import Numbered
from volary.api.lenient import says_yes
from volary.api.limits import Quota, limits
from volary.api.operation import operation
from volary.api.sources import Sources
from volary.kit.ids import id_in
from volary.posts.actions.reposts import repost, take_back
from volary.posts.actions.writing import delete_post
from volary.posts.api.needs import READ_V1, WRITE_V1
from volary.posts.errors import NotRepostable, NotYours, PostNotFound
from volary.posts.models import PostRow
from volary.posts.queries.reading import post_by_id
from volary.posts.queries.reposts import visible_original
from volary.posts.shapes import statuses_v1

_WRITING = limits(user=50)
_REPOSTING = limits(user=(Quota(300, 10_800),), app=(Quota(300, 10_800),))


class StatusQuery(msgspec.Struct, frozen=True):
    """How a status is shown."""

    trim_user: str = ""
    tweet_mode: str = ""


class ShowQuery(StatusQuery, frozen=True):
    """The status that is asked for."""

    id: str = ""


Q = TypeVar("Q", bound=StatusQuery)


@operation("GET", "/1.1/statuses/show.json", need=READ_V1, limits=limits(user=900), query=ShowQuery)
async def show(call: Call[ShowQuery, None]) -> Reply:
    """One post, if the caller may see it; a hidden one is answered like a missing one (SR-193)."""
    return await shown(call, await _found(call, call.query.id))


@operation("GET", "/1.1/statuses/show/{id}.json", need=READ_V1, limits=limits(user=900), query=StatusQuery)
async def show_by_path(call: Call[StatusQuery, None]) -> Reply:
    """One post by the id in the path, if the caller may see it; a hidden one is answered like a missing one."""
    return await shown(call, await _found(call, _in_path(call)))


@operation("POST", "/1.1/statuses/destroy/{id}.json", need=WRITE_V1, limits=_WRITING, query=StatusQuery)
async def destroy(call: Call[StatusQuery, None]) -> Reply:
    """Delete one's own post, and answer with it as it was (C046)."""
    row = await _found(call, _in_path(call))
    answer = await shown(call, row)
    try:
        await call.db.write(delete_post, call.caller, row.id)
    except PostNotFound:
        raise missing() from None
    except NotYours:
        raise Numbered(403, 183, "You may not delete another user's status.") from None
    return answer


@operation("POST", "/1.1/statuses/retweet/{id}.json", need=WRITE_V1, limits=_REPOSTING, query=StatusQuery)
async def retweet(call: Call[StatusQuery, None]) -> Reply:
    """Repost a post, and answer with the repost (C047)."""
    try:
        made = await call.db.write(repost, call.caller, wanted(_in_path(call)))
    except PostNotFound:
        raise missing() from None
    except NotRepostable:
        raise Numbered(403, 328, "Retweet is not permissible for this status.") from None
    if not made.new:
        raise Numbered(403, 327, "You have already retweeted this Tweet.")
    return await shown(call, made.post)


@operation("POST", "/1.1/statuses/unretweet/{id}.json", need=WRITE_V1, limits=_WRITING, query=StatusQuery)
async def unretweet(call: Call[StatusQuery, None]) -> Reply:
    """Take a repost back, and answer with the original."""
    row = await visible_original(call.db, call.me, wanted(_in_path(call)))
    await call.db.write(take_back, call.caller, wanted(_in_path(call)))
    if row is None:
        raise missing()
    return await shown(call, await post_by_id(call.db, call.me, row.id) or row)


async def shown(call: Call[Q, None], row: PostRow) -> Reply:
    """A post as this caller's status."""
    (shape,) = await shapes_of(call, [row])
    return Reply(shape)


async def shapes_of(call: Call[Q, None], rows: Sequence[PostRow]) -> list[dict[str, object]]:
    """Posts as this caller's statuses."""
    query = call.query
    return await statuses_v1(
        call.db,
        call.resources[Sources],
        rows,
        viewer=call.me,
        trim_user=says_yes(query.trim_user),
        extended=query.tweet_mode == "extended",
    )


def wanted(text: str) -> int:
    """The id that a call names. Raises Numbered for none."""
    known = id_in(text)
    if known is None:
        raise missing()
    return known


def missing() -> Numbered:
    """X's answer where there is no such status."""
    return Numbered(404, 144, "No status found with that ID.")


async def _found(call: Call[Q, None], text: str) -> PostRow:
    row = await post_by_id(call.db, call.me, wanted(text))
    if row is None:
        raise missing()
    return row


def _in_path(call: Call[StatusQuery, None]) -> str:
    """The id in a path that ends with `/<id>.json`. Raises Numbered for another ending."""
    text = call.path["id"]
    if not text.endswith(".json"):
        raise Numbered(404, 34, "Sorry, that page does not exist.")
    return text.removesuffix(".json")
