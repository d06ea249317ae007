"""Who may see whom: one expression, which is part of every statement that gives away what an account made.

A viewer sees an author who is active, while neither blocked the other, and who is not protected or has accepted the viewer as a
follower. Everybody sees themselves. `viewer` is an account's id, 0 for nobody in particular (an app on its own), who sees what is public.
"""

from sqlalchemy import BigInteger, ColumnElement, FromClause, and_, bindparam, exists, not_, or_, select

from volary.accounts.models import ACTIVE, accounts
from volary.db import Reader, statement
from volary.graph.models import blocks, follows

NOBODY = 0
"""The viewer of an app that acts for nobody."""

_VIEWER = bindparam("viewer", type_=BigInteger())


def visible(author: FromClause = accounts) -> ColumnElement[bool]:
    """Whether the parameter `viewer` may see what an account made. `author` is `accounts`, or an alias of it, in the same statement.

    Each part is one look-up by primary key, and what is most often enough comes first: one's own, then what nobody in particular sees.
    """
    return and_(
        author.c.state == ACTIVE,
        or_(
            author.c.id == _VIEWER,
            and_(
                or_(author.c.protected == 0, follow_exists(_VIEWER, author.c.id)),
                or_(
                    _VIEWER == NOBODY,
                    and_(not_(_block_exists(author.c.id, _VIEWER)), not_(_block_exists(_VIEWER, author.c.id))),
                ),
            ),
        ),
    )


def follow_exists(follower: ColumnElement[int], followed: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether one account follows another."""
    found = follows.alias()
    return exists(select(found.c.place).where(found.c.follower_id == follower, found.c.followed_id == followed))


def _block_exists(blocker: ColumnElement[int], blocked: ColumnElement[int]) -> ColumnElement[bool]:
    found = blocks.alias()
    return exists(select(found.c.place).where(found.c.blocker_id == blocker, found.c.blocked_id == blocked))


_SEES = statement(select(accounts.c.id).where(accounts.c.id == bindparam("author"), visible()), int)


async def may_see(reader: Reader, viewer: int, author: int) -> bool:
    """Whether a viewer may see what an account made. For saying why a list is empty: lists have the expression themselves."""
    return await reader.one(_SEES, viewer=viewer, author=author) is not None
