"""The posts that mention or answer an account: a walk of the table of mentions, which is written when a post is made."""

import msgspec
from sqlalchemy import BigInteger, bindparam, exists, not_, select

from volary.accounts.models import accounts
from volary.db import Reader, statement
from volary.db.paging import Bounds
from volary.graph.models import mutes
from volary.posts.models import PostRow, mentions, posts
from volary.posts.queries.reading import POST_COLUMNS
from volary.posts.queries.visibility import seen

DEEPEST = 800
"""How many mentions a list of them reaches back."""

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
_END = statement(
    select(mentions.c.post_id)
    .where(mentions.c.mentioned_id == bindparam("mentioned"))
    .order_by(mentions.c.post_id.desc())
    .limit(1)
    .offset(bindparam("deepest", type_=BigInteger())),
    int,
)
_DOWN = statement(_PAGE.order_by(mentions.c.post_id.desc()), PostRow)
_UP = statement(_PAGE.order_by(mentions.c.post_id), PostRow)


async def mentions_of(
    reader: Reader, viewer: int, mentioned: int, page: Bounds, count: int, *, deepest: int = DEEPEST
) -> list[PostRow]:
    """One page of the posts that mention an account, newest first; not those of whom the viewer mutes.

    It reaches back to the newest so many mentions (X facts 5.4), whoever may see them.
    """
    end = await reader.one(_END, mentioned=mentioned, deepest=deepest)
    if end is not None:
        page = msgspec.structs.replace(page, after=max(page.after, end))
    asked = _UP if page.up else _DOWN
    rows = await reader.all(
        asked, viewer=viewer, mentioned=mentioned, after=page.after, before=page.before, count=count
    )
    return rows[::-1] if page.up else rows
