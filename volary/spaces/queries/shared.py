"""The posts that were shared in a Space, for who may see both."""

import msgspec
from sqlalchemy import bindparam, select

from volary.accounts.models import accounts
from volary.db import Reader, statement
from volary.db.paging import Bounds
from volary.posts.models import posts
from volary.posts.queries.visibility import seen
from volary.spaces.models import space_posts


class SharedRow(msgspec.Struct, frozen=True):
    """A post in a Space, and its place there."""

    post_id: int
    place: int


_SHARED = (
    select(space_posts.c.post_id, space_posts.c.place)
    .join(posts, posts.c.id == space_posts.c.post_id)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(
        space_posts.c.space_id == bindparam("space_id"),
        space_posts.c.place > bindparam("after"),
        space_posts.c.place < bindparam("before"),
        seen(),
    )
    .limit(bindparam("count"))
)
_DOWN = statement(_SHARED.order_by(space_posts.c.place.desc()), SharedRow)
_UP = statement(_SHARED.order_by(space_posts.c.place), SharedRow)


async def posts_shared(reader: Reader, viewer: int, space_id: int, page: Bounds, count: int) -> list[SharedRow]:
    """One page of the posts of a Space that the viewer may see, the last shared first."""
    asked = _UP if page.up else _DOWN
    rows = await reader.all(asked, viewer=viewer, space_id=space_id, after=page.after, before=page.before, count=count)
    return rows[::-1] if page.up else rows
