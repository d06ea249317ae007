"""A post with its conversation; its quotes; who likes and reposts it; its earlier versions."""

from collections.abc import Awaitable, Callable
from typing import Any

from volary.accounts.queries import account_by_id
from volary.db import Reader
from volary.db.paging import Bounds
from volary.graph.models import PlacedRow
from volary.home.pages.showing import PAGE, bounds_of, shown, viewer_of
from volary.kit.errors import NotFound
from volary.kit.ids import id_in
from volary.language import mark as _
from volary.posts.models import PostRow
from volary.posts.queries.likes import likers_of
from volary.posts.queries.quotes import quotes_of
from volary.posts.queries.reading import post_by_id, posts_by_ids
from volary.posts.queries.reposts import reposters_of
from volary.posts.queries.threads import answers_to, posts_before
from volary.posts.rules.editing import versions_of
from volary.web import Form, Response, Visit, page

POST = "/{username}/status/{id}"
_GONE = _("There is no such post, or you may not see it.")

ReadPeople = Callable[[Reader, int, int, Bounds, int], Awaitable[list[PlacedRow]]]


@page("GET", POST)
async def conversation(visit: Visit) -> Response:
    """The post, what it answers, and its answers, the oldest first."""
    post = await _post(visit)
    if isinstance(post, Response):
        return post
    viewer = viewer_of(visit)
    after = id_in(visit.query.get("after", "")) or 0
    rows = (await answers_to(visit.db, viewer, post, Bounds(after=after, up=True), PAGE + 1))[::-1]
    before = await posts_before(visit.db, viewer, post)
    cards = await shown(visit, [*before, post, *rows[:PAGE]])
    at = len(before)
    begun_by = next((row.author_id for row in (*before, post) if row.conversation_id in versions_of(row)), None)
    return visit.render(
        "home/conversation.html",
        before=cards[:at],
        card=cards[at],
        answers=cards[at + 1 :],
        begun_by=begun_by,
        further=rows[PAGE - 1].id if len(rows) > PAGE else None,
        form=Form(visit),
    )


@page("GET", "/i/web/status/{id}")
async def by_id(visit: Visit) -> Response:
    """The address that messages and clients know where they have only the id. Raises NotFound for what is none (SR-361)."""
    post_id = id_in(visit.path["id"])
    if post_id is None:
        raise NotFound(_GONE)
    return visit.redirect(f"/i/status/{post_id}")


@page("GET", POST + "/quotes")
async def quotes(visit: Visit) -> Response:
    """The posts that quote it, newest first."""
    post = await _post(visit, "/quotes")
    if isinstance(post, Response):
        return post
    rows = await quotes_of(visit.db, viewer_of(visit), post.id, bounds_of(visit), PAGE + 1)
    further = rows[PAGE - 1].place if len(rows) > PAGE else None
    return await _about(visit, post, "quotes", cards=await shown(visit, rows[:PAGE]), further=further)


@page("GET", POST + "/history")
async def history(visit: Visit) -> Response:
    """All versions of an edited post, newest first."""
    post = await _post(visit, "/history")
    if isinstance(post, Response):
        return post
    rows = await posts_by_ids(visit.db, viewer_of(visit), list(versions_of(post)))
    newest_first = sorted(rows, key=lambda row: row.id, reverse=True)
    return await _about(visit, post, "history", cards=await shown(visit, newest_first), further=None)


@page("GET", POST + "/likes")
async def likes(visit: Visit) -> Response:
    """Who likes it, as far as the visitor may see them."""
    return await _people(visit, "likes", likers_of)


@page("GET", POST + "/reposts")
async def reposts(visit: Visit) -> Response:
    """Who reposted it, as far as the visitor may see the reposts."""
    return await _people(visit, "reposts", reposters_of)


async def _people(visit: Visit, which: str, read: ReadPeople) -> Response:
    post = await _post(visit, "/" + which)
    if isinstance(post, Response):
        return post
    rows = await read(visit.db, viewer_of(visit), post.id, bounds_of(visit), PAGE + 1)
    further = rows[PAGE - 1].place if len(rows) > PAGE else None
    return await _about(visit, post, which, people=rows[:PAGE], further=further)


async def _about(visit: Visit, post: PostRow, which: str, **context: Any) -> Response:
    (card,) = await shown(visit, [post])
    return visit.render("home/about.html", which=which, card=card, **context)


async def _post(visit: Visit, rest: str = "") -> PostRow | Response:
    """The post that the address names, or the way to its own address: an id finds a post under any name, and a repost its original.

    Raises NotFound: no such post, or none that the visitor may see.
    """
    post = await post_by_id(visit.db, viewer_of(visit), id_in(visit.path["id"]) or 0)
    original = None if post is None else post.repost_of_id or post.id
    author = None if post is None else await account_by_id(visit.db, post.author_id)
    if post is None or author is None:
        raise NotFound(_GONE)
    if original != post.id:
        return visit.redirect(f"/i/status/{original}{rest}")
    if visit.path["username"] != author.username:
        return visit.redirect(f"/{author.username}/status/{post.id}{rest}")
    return post
