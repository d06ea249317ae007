"""Reading likes: what an account likes, who likes a post. Likes are their giver's: who may not see the giver does not see them."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from volary.accounts.models import accounts
from volary.accounts.queries import ACCOUNT_COLUMNS
from volary.db import Reader, in_list, statement
from volary.db.paging import Bounds, Pages
from volary.graph.models import PlacedRow
from volary.graph.queries.visibility import visible
from volary.posts.models import PlacedPostRow, likes, posts
from volary.posts.queries.reading import POST_COLUMNS
from volary.posts.queries.visibility import seen

_givers = accounts.alias("givers")
_LIKES = (
    select(*POST_COLUMNS, likes.c.place)
    .select_from(likes)
    .join(posts, posts.c.id == likes.c.post_id)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .join(_givers, _givers.c.id == likes.c.account_id)
    .where(seen(), visible(_givers))
)
_LIKED = Pages(_LIKES.where(likes.c.account_id == bindparam("giver")), likes.c.place, PlacedPostRow)
_LIKED_BY_POST = Pages(_LIKES.where(likes.c.account_id == bindparam("giver")), likes.c.post_id, PlacedPostRow)
_LIKING = Pages(
    _LIKES.where(likes.c.post_id == bindparam("post")).with_only_columns(
        *(_givers.c[column.name] for column in ACCOUNT_COLUMNS), likes.c.place
    ),
    likes.c.place,
    PlacedRow,
)


async def liked_by(reader: Reader, viewer: int, giver: int, page: Bounds, count: int) -> list[PlacedPostRow]:
    """What an account likes, the newest like first, as far as the viewer may see both the posts and the account."""
    return await _LIKED.read(reader, page, count, viewer=viewer, giver=giver)


async def liked_by_id(reader: Reader, viewer: int, giver: int, page: Bounds, count: int) -> list[PlacedPostRow]:
    """What an account likes, the newest post first, as v1.1 lists it; the bounds are ids of posts."""
    return await _LIKED_BY_POST.read(reader, page, count, viewer=viewer, giver=giver)


async def likers_of(reader: Reader, viewer: int, post: int, page: Bounds, count: int) -> list[PlacedRow]:
    """Who likes a post, as far as the viewer may see them; nobody where the post itself is hidden."""
    return await _LIKING.read(reader, page, count, viewer=viewer, post=post)


_WHICH = statement(
    select(likes.c.post_id).where(likes.c.account_id == bindparam("giver"), in_list(likes.c.post_id, "ids")), int
)


async def liked_among(reader: Reader, giver: int, ids: Sequence[int]) -> set[int]:
    """Which of some posts an account likes."""
    return set(await reader.all(_WHICH, giver=giver, ids=list(ids))) if ids else set()
