"""Forgetting posts that were deleted long ago: the row, and with it what still names it.

Until then the row says that there was a post, empty of text. Answers and quotes keep its id: nothing of theirs changes when it goes, and
whoever asks for it hears the same as before. What counted was taken off when it was deleted, so no number changes here.
"""

from sqlalchemy import bindparam, delete, select

from volary.db import Tx, statement
from volary.kit.clock import DAY
from volary.posts.models import posts

KEPT = 30 * DAY
"""How long the row of a deleted post stays."""

BATCH = 100
"""Posts in one action: a few milliseconds, and whoever writes meanwhile waits no longer than that."""

_LONG_AGO = posts.c.deleted_at <= bindparam("before")
_DUE = select(posts.c.id).where(_LONG_AGO).order_by(posts.c.deleted_at).limit(bindparam("most"))
_FORGET = statement(delete(posts).where(posts.c.id.in_(_DUE), _LONG_AGO))


async def forget_posts(tx: Tx) -> int:
    """Delete the rows of posts and reposts that were deleted thirty days ago, a portion of them, the oldest first; how many."""
    return await tx.run(_FORGET, before=tx.now - KEPT, most=BATCH)
