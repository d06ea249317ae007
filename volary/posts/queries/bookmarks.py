"""Reading bookmarks and their folders: for their owner alone, who sees only what may still be seen."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select

from volary.accounts.models import accounts
from volary.db import Reader, in_list, statement
from volary.db.paging import Bounds, Pages
from volary.posts.models import FolderRow, PlacedPostRow, bookmark_folders, bookmarks, posts
from volary.posts.queries.reading import POST_COLUMNS
from volary.posts.queries.visibility import seen

_KEPT = (
    select(*POST_COLUMNS, bookmarks.c.place)
    .select_from(bookmarks)
    .join(posts, posts.c.id == bookmarks.c.post_id)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(bookmarks.c.account_id == bindparam("viewer"), seen())
)
_ALL = Pages(_KEPT, bookmarks.c.place, PlacedPostRow)
_IN_FOLDER = Pages(_KEPT.where(bookmarks.c.folder_id == bindparam("folder")), bookmarks.c.place, PlacedPostRow)
_OWN = bookmark_folders.c.account_id == bindparam("owner")
_FOLDERS = Pages(select(bookmark_folders.c.id, bookmark_folders.c.name).where(_OWN), bookmark_folders.c.id, FolderRow)
_FOLDER = statement(
    select(bookmark_folders.c.id, bookmark_folders.c.name).where(_OWN, bookmark_folders.c.id == bindparam("folder")),
    FolderRow,
)
_HOW_MANY = statement(select(func.count(bookmark_folders.c.id).label("found")).where(_OWN), int)

_WHICH = statement(
    select(bookmarks.c.post_id).where(
        bookmarks.c.account_id == bindparam("owner"), in_list(bookmarks.c.post_id, "ids")
    ),
    int,
)


async def bookmarked_among(reader: Reader, owner: int, ids: Sequence[int]) -> set[int]:
    """Which of some posts an account keeps."""
    return set(await reader.all(_WHICH, owner=owner, ids=list(ids))) if ids else set()


async def bookmarked_by(reader: Reader, owner: int, page: Bounds, count: int) -> list[PlacedPostRow]:
    """What an account keeps, the newest bookmark first."""
    return await _ALL.read(reader, page, count, viewer=owner)


async def bookmarked_in(reader: Reader, owner: int, folder: int, page: Bounds, count: int) -> list[PlacedPostRow]:
    """What an account keeps in one of its folders."""
    return await _IN_FOLDER.read(reader, page, count, viewer=owner, folder=folder)


async def folders_of(reader: Reader, owner: int, page: Bounds, count: int) -> list[FolderRow]:
    """An account's folders, the newest first."""
    return await _FOLDERS.read(reader, page, count, owner=owner)


async def folder_of(reader: Reader, owner: int, folder: int) -> FolderRow | None:
    """One of an account's own folders."""
    return await reader.one(_FOLDER, owner=owner, folder=folder)


async def number_of_folders(reader: Reader, owner: int) -> int:
    """How many folders an account has."""
    return await reader.one(_HOW_MANY, owner=owner) or 0
