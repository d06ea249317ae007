"""Reading reposts: what they show, who made them, and whose original they lead to."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, func, select

from volary.accounts.models import accounts
from volary.accounts.queries import ACCOUNT_COLUMNS, accounts_by_ids
from volary.db import Reader, in_list, statement
from volary.db.paging import Bounds, Pages
from volary.graph.models import PlacedRow
from volary.posts.models import PlacedPostRow, PostRow, posts
from volary.posts.queries.reading import POST_COLUMNS, post_by_id, posts_by_ids
from volary.posts.queries.visibility import seen
from volary.posts.rules.answering import kept_entities
from volary.posts.rules.reposting import repost_entities, repost_text

_ORIGINAL = statement(
    select(func.coalesce(posts.c.repost_of_id, posts.c.id).label("id")).where(posts.c.id == bindparam("post")), int
)
_MINE = statement(
    select(*POST_COLUMNS).where(
        posts.c.author_id == bindparam("author"),
        posts.c.repost_of_id == bindparam("original"),
        posts.c.deleted_at.is_(None),
    ),
    PostRow,
)
_AMONG = statement(
    select(posts.c.repost_of_id).where(
        posts.c.author_id == bindparam("author"), in_list(posts.c.repost_of_id, "ids"), posts.c.deleted_at.is_(None)
    ),
    int,
)
_OF_POST = (
    select(*POST_COLUMNS, posts.c.id.label("place"))
    .select_from(posts)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(posts.c.repost_of_id == bindparam("original"), seen())
)
_REPOSTS = Pages(_OF_POST, posts.c.id, PlacedPostRow)
_REPOSTERS = Pages(
    _OF_POST.with_only_columns(*ACCOUNT_COLUMNS, posts.c.id.label("place")),
    posts.c.id,
    PlacedRow,
)


async def original_of(reader: Reader, post_id: int) -> int | None:
    """The id of what a post reposts, or its own; None for no post. For undoing what one did: it says nothing of who may see it."""
    return await reader.one(_ORIGINAL, post=post_id)


async def visible_original(reader: Reader, viewer: int, post_id: int) -> PostRow | None:
    """The post, or what it reposts, if the viewer may see it: what a like, a repost or a bookmark goes to."""
    found = await post_by_id(reader, viewer, post_id)
    if found is None or found.repost_of_id is None:
        return found
    return await post_by_id(reader, viewer, found.repost_of_id)


async def repost_by(reader: Reader, author: int, original: int) -> PostRow | None:
    """An account's live repost of a post."""
    return await reader.one(_MINE, author=author, original=original)


async def reposted_among(reader: Reader, author: int, ids: Sequence[int]) -> set[int]:
    """Which of some posts an account reposts."""
    return set(await reader.all(_AMONG, author=author, ids=list(ids))) if ids else set()


async def reposts_of(reader: Reader, viewer: int, original: int, page: Bounds, count: int) -> list[PlacedPostRow]:
    """The reposts of a post that the viewer may see; none where the post itself is hidden."""
    return await _REPOSTS.read(reader, page, count, viewer=viewer, original=original)


async def reposters_of(reader: Reader, viewer: int, original: int, page: Bounds, count: int) -> list[PlacedRow]:
    """Who reposted a post, as far as the viewer may see the reposts."""
    return await _REPOSTERS.read(reader, page, count, viewer=viewer, original=original)


async def completed(reader: Reader, viewer: int, rows: Sequence[PostRow]) -> Sequence[PostRow]:
    """The rows with what reposts show: text, media, language and number of reposts of the original as it is now."""
    wanted = {row.repost_of_id for row in rows if row.repost_of_id is not None}
    if not wanted:
        return rows
    originals = {row.id: row for row in await posts_by_ids(reader, viewer, sorted(wanted))}
    authors = sorted({row.author_id for row in originals.values()})
    names = {row.id: row.username for row in await accounts_by_ids(reader, authors)}
    return [
        row
        if row.repost_of_id is None or (original := originals.get(row.repost_of_id)) is None
        else _showing(row, original, names[original.author_id])
        for row in rows
    ]


def _showing(row: PostRow, original: PostRow, username: str) -> PostRow:
    entities = repost_entities(username, original.author_id, original.text, kept_entities(original.entities))
    return msgspec.structs.replace(
        row,
        text=repost_text(username, original.text),
        language=original.language,
        entities=msgspec.json.encode(entities).decode(),
        media_ids=original.media_ids,
        repost_count=original.repost_count,
        sensitive=original.sensitive,
        paid_partnership=original.paid_partnership,
        made_with_ai=original.made_with_ai,
    )
