"""Bookmarks and their folders: a person's own, whom nobody else can ask for them."""

from functools import partial

from volary.api.call import Call, Reply
from volary.api.limits import limits
from volary.api.listing import PageQuery, listed, page_of
from volary.api.operation import operation
from volary.api.query import NoQuery, whole_id
from volary.posts.actions.bookmarks import bookmark, create_folder, remove_bookmark
from volary.posts.api.needs import BOOKMARKS_READ, BOOKMARKS_WRITE, FOLDERS_READ, FOLDERS_WRITE
from volary.posts.errors import FolderNotFound
from volary.posts.queries.bookmarks import bookmarked_by, bookmarked_in, folder_of, folders_of
from volary.posts.shapes.bodies import Kept, NewFolder


@operation(
    "GET", "/2/users/{id}/bookmarks", need=BOOKMARKS_READ, limits=limits(user=180), query=PageQuery, returns="post"
)
async def kept(call: Call[PageQuery, None]) -> Reply:
    """The posts that the caller's account bookmarked, the newest bookmark first. What it may no longer see is left out."""
    owner = call.own_id()
    return await listed(call, "post", "bookmarks", partial(bookmarked_by, call.db, owner))


@operation("POST", "/2/users/{id}/bookmarks", need=BOOKMARKS_WRITE, limits=limits(user=50), body=Kept)
async def keep(call: Call[NoQuery, Kept]) -> Reply:
    """Bookmark a post, in a folder where one is named."""
    call.own_id()
    folder = None if call.body.folder_id is None else whole_id(call.body.folder_id, "folder_id")
    await call.db.write(bookmark, call.caller, whole_id(call.body.tweet_id, "tweet_id"), folder)
    return Reply({"data": {"bookmarked": True}})


@operation("DELETE", "/2/users/{id}/bookmarks/{tweet_id}", need=BOOKMARKS_WRITE, limits=limits(user=50))
async def remove(call: Call[NoQuery, None]) -> Reply:
    """Remove a post from one's own bookmarks."""
    call.own_id()
    await call.db.write(remove_bookmark, call.caller, call.id_in_path("tweet_id"))
    return Reply({"data": {"bookmarked": False}})


@operation("GET", "/2/users/{id}/bookmarks/folders", need=FOLDERS_READ, limits=limits(app=50, user=50), query=PageQuery)
async def folders(call: Call[PageQuery, None]) -> Reply:
    """The caller's folders, the newest first."""
    owner = call.own_id()
    rows, meta = await page_of(call, "bookmark folders", partial(folders_of, call.db, owner))
    return _listed([{"id": str(row.id), "name": row.name} for row in rows], meta)


@operation(
    "POST", "/2/users/{id}/bookmarks/folders", need=FOLDERS_WRITE, limits=limits(user=50), body=NewFolder, status=201
)
async def new_folder(call: Call[NoQuery, NewFolder]) -> Reply:
    """Make a folder for bookmarks, which nobody else sees."""
    call.own_id()
    made = await call.db.write(create_folder, call.caller, call.body.name)
    return Reply({"data": {"id": str(made.id), "name": made.name}})


@operation(
    "GET",
    "/2/users/{id}/bookmarks/folders/{folder_id}",
    need=BOOKMARKS_READ,
    limits=limits(app=50, user=50),
    query=PageQuery,
)
async def in_folder(call: Call[PageQuery, None]) -> Reply:
    """The ids of what lies in one of the caller's folders, the newest bookmark first."""
    owner, folder = call.own_id(), call.id_in_path("folder_id")
    if await folder_of(call.db, owner, folder) is None:
        raise FolderNotFound
    read = partial(bookmarked_in, call.db, owner, folder)
    rows, meta = await page_of(call, f"bookmarks in {folder}", read)
    return _listed([{"id": str(row.id)} for row in rows], meta)


def _listed(found: list[dict[str, str]], meta: dict[str, object]) -> Reply:
    """X's contract has pages here and no `meta`: it is there where a page has a neighbour."""
    body: dict[str, object] = {"data": found} if found else {}
    if meta.keys() & {"next_token", "previous_token"}:
        body["meta"] = meta
    return Reply(body)
