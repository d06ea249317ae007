"""The posts that were shared in a Space, for who may see both."""

from sqlalchemy import bindparam, select

from volary.accounts.models import accounts
from volary.db import Reader
from volary.db.paging import Bounds, Pages
from volary.posts.models import PlacedPostRow, posts
from volary.posts.queries.reading import POST_COLUMNS
from volary.posts.queries.visibility import seen
from volary.spaces.models import space_posts

_SHARED = Pages(
    select(*POST_COLUMNS, space_posts.c.place)
    .select_from(space_posts)
    .join(posts, posts.c.id == space_posts.c.post_id)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(space_posts.c.space_id == bindparam("space_id"), seen()),
    space_posts.c.place,
    PlacedPostRow,
)


async def posts_shared(reader: Reader, viewer: int, space_id: int, page: Bounds, count: int) -> list[PlacedPostRow]:
    """One page of the posts of a Space that the viewer may see, the last shared first."""
    return await _SHARED.read(reader, page, count, viewer=viewer, space_id=space_id)
