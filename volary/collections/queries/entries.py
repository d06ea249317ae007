"""Reading what is in a collection: who may see the collection and who may see each post are part of the statement."""

from sqlalchemy import bindparam, select

from volary.accounts.models import accounts
from volary.collections.models import collection_entries, collections
from volary.db import Reader, statement
from volary.graph.queries.visibility import visible
from volary.posts.models import PlacedPostRow, posts
from volary.posts.queries.reading import POST_COLUMNS
from volary.posts.queries.visibility import seen

_curators = accounts.alias("curators")
_PAGE = statement(
    select(*POST_COLUMNS, collection_entries.c.place)
    .select_from(collection_entries)
    .join(collections, collections.c.id == collection_entries.c.collection_id)
    .join(_curators, _curators.c.id == collections.c.owner_id)
    .join(posts, posts.c.id == collection_entries.c.post_id)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(
        collection_entries.c.collection_id == bindparam("collection_id"),
        collection_entries.c.place > bindparam("after"),
        collection_entries.c.place < bindparam("before"),
        visible(_curators),
        seen(),
    )
    .order_by(collection_entries.c.place.desc())
    .limit(bindparam("count")),
    PlacedPostRow,
)


async def entries_of(
    reader: Reader, viewer: int, collection_id: int, *, after: int, before: int, count: int
) -> list[PlacedPostRow]:
    """The posts of a collection at places strictly between `after` and `before`, in its order, as far as the viewer may see them."""
    return await reader.all(_PAGE, viewer=viewer, collection_id=collection_id, after=after, before=before, count=count)
