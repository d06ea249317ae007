"""The posts that mention or answer an account: a walk of the table of mentions, which is written when a post is made."""

from sqlalchemy import BigInteger, bindparam, exists, not_, select

from volary.accounts.models import accounts
from volary.db import Reader, statement
from volary.db.paging import Bounds
from volary.graph.models import mutes
from volary.posts.models import PostRow, mentions, posts
from volary.posts.queries.reading import POST_COLUMNS
from volary.posts.queries.visibility import seen

_PAGE = (
    select(*POST_COLUMNS)
    .select_from(mentions)
    .join(posts, posts.c.id == mentions.c.post_id)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(
        mentions.c.mentioned_id == bindparam("mentioned"),
        mentions.c.post_id > bindparam("after"),
        mentions.c.post_id < bindparam("before"),
        seen(),
        posts.c.replaced_at.is_(None),
        not_(
            exists(
                select(mutes.c.place).where(
                    mutes.c.muter_id == bindparam("viewer", type_=BigInteger()), mutes.c.muted_id == posts.c.author_id
                )
            )
        ),
    )
    .limit(bindparam("count"))
)
_DOWN = statement(_PAGE.order_by(mentions.c.post_id.desc()), PostRow)
_UP = statement(_PAGE.order_by(mentions.c.post_id), PostRow)


async def mentions_of(reader: Reader, viewer: int, mentioned: int, page: Bounds, count: int) -> list[PostRow]:
    """One page of the posts that mention an account, newest first; not those of whom the viewer mutes."""
    asked = _UP if page.up else _DOWN
    rows = await reader.all(
        asked, viewer=viewer, mentioned=mentioned, after=page.after, before=page.before, count=count
    )
    return rows[::-1] if page.up else rows
