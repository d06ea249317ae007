"""Keeping posts in bookmarks and their folders, for oneself alone."""

from sqlalchemy import bindparam, delete, insert, update

from volary.access.caller import Caller
from volary.activity.actions import note
from volary.db import Tx, statement, upsert
from volary.posts.actions.counting import count_bookmark
from volary.posts.errors import FolderNotFound, PostNotFound, TooManyFolders
from volary.posts.models import FolderRow, bookmark_folders, bookmarks
from volary.posts.queries.bookmarks import folder_of, number_of_folders
from volary.posts.queries.reposts import original_of, visible_original
from volary.posts.rules.folders import MOST_FOLDERS, checked_folder_name

_MINE = (bookmarks.c.account_id == bindparam("owner"), bookmarks.c.post_id == bindparam("post"))
_KEEP = statement(
    upsert(bookmarks, values=["account_id", "post_id", "place", "folder_id"], key=["account_id", "post_id"])
)
_LAY_INTO = statement(update(bookmarks).where(*_MINE).values(folder_id=bindparam("folder")))
_REMOVE = statement(delete(bookmarks).where(*_MINE))
_NEW_FOLDER = statement(
    insert(bookmark_folders).values({name: bindparam(name) for name in ("id", "account_id", "name")})
)


async def bookmark(tx: Tx, caller: Caller, post_id: int, folder: int | None = None) -> bool:
    """Keep a post; of a repost, its original. With a folder it lies there from then on. Whether it was not kept before.

    Raises PostNotFound, FolderNotFound.
    """
    me = caller.me
    post = await visible_original(tx, me, post_id)
    if post is None:
        raise PostNotFound
    if folder is not None and await folder_of(tx, me, folder) is None:
        raise FolderNotFound
    if await tx.run(_KEEP, account_id=me, post_id=post.id, place=tx.new_id(), folder_id=folder):
        await count_bookmark(tx, post.id, 1)
        await note(tx, caller, "bookmark.made", post.id)
        return True
    if folder is not None:
        await tx.run(_LAY_INTO, owner=me, post=post.id, folder=folder)
    return False


async def remove_bookmark(tx: Tx, caller: Caller, post_id: int) -> bool:
    """Keep a post no longer, also one that cannot be seen any more; whether it was kept."""
    post = await original_of(tx, post_id)
    if post is None or not await tx.run(_REMOVE, owner=caller.me, post=post):
        return False
    await count_bookmark(tx, post, -1)
    await note(tx, caller, "bookmark.ended", post)
    return True


async def create_folder(tx: Tx, caller: Caller, name: str) -> FolderRow:
    """Make a folder for bookmarks. Raises Invalid, TooManyFolders."""
    made = FolderRow(tx.new_id(), checked_folder_name(name))
    if await number_of_folders(tx, caller.me) >= MOST_FOLDERS:
        raise TooManyFolders(MOST_FOLDERS)
    await tx.run(_NEW_FOLDER, id=made.id, account_id=caller.me, name=made.name)
    await note(tx, caller, "bookmarks.folder_made", made.id)
    return made
