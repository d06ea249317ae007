"""The posts that quote a post, newest first. A version of an edited post has quotes of its own."""

from sqlalchemy import bindparam, select

from volary.accounts.models import accounts
from volary.db import Reader
from volary.db.paging import Bounds, Pages
from volary.posts.models import PlacedPostRow, posts
from volary.posts.queries.reading import POST_COLUMNS
from volary.posts.queries.visibility import seen

_QUOTES = (
    select(*POST_COLUMNS, posts.c.id.label("place"))
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(posts.c.quote_of_id == bindparam("post_id"), posts.c.replaced_at.is_(None), seen())
)
_ALL = Pages(_QUOTES, posts.c.id, PlacedPostRow)
_NO_ANSWERS = Pages(_QUOTES.where(posts.c.reply_to_id.is_(None)), posts.c.id, PlacedPostRow)


async def quotes_of(
    reader: Reader, viewer: int, post_id: int, page: Bounds, count: int, *, replies: bool = True
) -> list[PlacedPostRow]:
    """Those quotes of a post that the viewer may see; without those that are answers, if `replies` is off."""
    return await (_ALL if replies else _NO_ANSWERS).read(reader, page, count, viewer=viewer, post_id=post_id)
