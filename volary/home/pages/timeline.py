"""*Home*: the posts of whom one follows, newest first, as the API gives them; and what one keeps."""

from volary.db.paging import Bounds
from volary.home.pages.showing import PAGE, bounds_of, shown
from volary.kit.errors import NotFound
from volary.kit.ids import id_in
from volary.language import mark as _
from volary.posts.queries.bookmarks import bookmarked_by, bookmarked_in, folder_of, folders_of
from volary.timelines.queries.home import home
from volary.web import Form, Response, Visit, page

HOME, BOOKMARKS = "/home", "/home/bookmarks"
_MOST_FOLDERS = 100
_NO_FOLDER = _("There is no such folder.")


@page("GET", HOME, signed_in=True)
async def timeline(visit: Visit) -> Response:
    """The home timeline with a form to post."""
    bounds = bounds_of(visit)
    found = await home(visit.db, visit.me.account_id, bounds, PAGE)
    further = (found.edge or found.rows[-1].id) if found.more and (found.edge or found.rows) else None
    cards = await shown(visit, found.rows)
    return visit.render(
        "home/home.html", cards=cards, further=further, form=Form(visit), newest=bounds == Bounds(), path=HOME
    )


@page("GET", BOOKMARKS, signed_in=True)
async def bookmarks(visit: Visit) -> Response:
    """What one keeps, all of it or one folder's. Nobody else sees it."""
    me, bounds = visit.me.account_id, bounds_of(visit)
    folder = None
    if asked := visit.query.get("folder", ""):
        folder = await folder_of(visit.db, me, id_in(asked) or 0)
        if folder is None:
            raise NotFound(_NO_FOLDER)
        rows = await bookmarked_in(visit.db, me, folder.id, bounds, PAGE + 1)
    else:
        rows = await bookmarked_by(visit.db, me, bounds, PAGE + 1)
    return visit.render(
        "home/bookmarks.html",
        cards=await shown(visit, rows[:PAGE]),
        further=rows[PAGE - 1].place if len(rows) > PAGE else None,
        folder=folder,
        folders=await folders_of(visit.db, me, Bounds(), _MOST_FOLDERS),
        path=BOOKMARKS,
    )
