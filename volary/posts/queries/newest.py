"""The newest post of each of some accounts, as far as a viewer may see it."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import select

from volary.accounts.models import accounts
from volary.db import Reader, in_list, statement
from volary.posts.models import posts
from volary.posts.queries.visibility import seen


class NewestRow(msgspec.Struct, frozen=True):
    """An account and its newest post, None where the viewer sees none."""

    account_id: int
    post_id: int | None


_authors = accounts.alias("authors")
_OF_ONE = (
    select(posts.c.id)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(posts.c.author_id == _authors.c.id, posts.c.replaced_at.is_(None), seen())
    .order_by(posts.c.id.desc())
    .limit(1)
    .correlate(_authors)
    .scalar_subquery()
)
_NEWEST = statement(
    select(_authors.c.id.label("account_id"), _OF_ONE.label("post_id")).where(in_list(_authors.c.id, "ids")), NewestRow
)


async def newest_of(reader: Reader, viewer: int, authors: Sequence[int]) -> dict[int, int]:
    """The newest post or repost of each account; an account of which the viewer sees none is left out."""
    rows = await reader.all(_NEWEST, viewer=viewer, ids=list(authors)) if authors else []
    return {row.account_id: row.post_id for row in rows if row.post_id is not None}
