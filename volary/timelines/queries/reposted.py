"""An account's own posts that others have reposted: a walk of an index that holds only posts with reposts."""

from sqlalchemy import bindparam, select

from volary.accounts.models import accounts
from volary.db import Reader, statement
from volary.db.paging import Bounds
from volary.posts.models import PostRow, posts
from volary.posts.queries.reading import POST_COLUMNS
from volary.posts.queries.visibility import seen

_PAGE = (
    select(*POST_COLUMNS)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(
        posts.c.author_id == bindparam("viewer"),
        posts.c.repost_count > 0,
        posts.c.id > bindparam("after"),
        posts.c.id < bindparam("before"),
        seen(),
        posts.c.replaced_at.is_(None),
    )
    .limit(bindparam("count"))
)
_DOWN = statement(_PAGE.order_by(posts.c.id.desc()), PostRow)
_UP = statement(_PAGE.order_by(posts.c.id), PostRow)


async def reposted_of(reader: Reader, viewer: int, page: Bounds, count: int) -> list[PostRow]:
    """One page of the viewer's own posts that were reposted, newest first."""
    asked = _UP if page.up else _DOWN
    rows = await reader.all(asked, viewer=viewer, after=page.after, before=page.before, count=count)
    return rows[::-1] if page.up else rows
