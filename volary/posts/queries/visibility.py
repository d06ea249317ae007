"""Who may see a post: one expression, which is part of every statement that gives posts away.

A post is visible while it is not deleted and the viewer may see its author (`graph.queries.visibility`), a repost while its original is
visible too. `viewer` is the account that reads, 0 for nobody in particular (an app on its own).
"""

from sqlalchemy import ColumnElement, and_, exists, or_, select

from volary.accounts.models import accounts
from volary.graph.queries.visibility import visible
from volary.posts.models import posts

_originals, _owners = posts.alias("originals"), accounts.alias("owners")


def seen() -> ColumnElement[bool]:
    """Whether the parameter `viewer` may see a post, in a statement that joins `posts` with its authors' `accounts`.

    Rooms above that read posts in their own ways have it inside. Lists leave out replaced versions as well: `posts.c.replaced_at` is null.
    """
    original = exists(
        select(_originals.c.id)
        .join(_owners, _owners.c.id == _originals.c.author_id)
        .where(_originals.c.id == posts.c.repost_of_id, _originals.c.deleted_at.is_(None), visible(_owners))
    )
    return and_(posts.c.deleted_at.is_(None), visible(), or_(posts.c.repost_of_id.is_(None), original))
