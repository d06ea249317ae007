"""What one does with a post, each a form of its own: the same actions that apps use, in person."""

from collections.abc import Callable, Coroutine
from typing import Any

from volary.access.caller import Caller
from volary.db import Tx
from volary.home.forms import myself
from volary.home.pages.showing import shown
from volary.kit.errors import Forbidden, NotFound
from volary.kit.ids import id_in
from volary.language import mark as _
from volary.posts.actions.bookmarks import bookmark, remove_bookmark
from volary.posts.actions.hiding import hide_answer
from volary.posts.actions.likes import like, unlike
from volary.posts.actions.reposts import repost, take_back
from volary.posts.actions.writing import delete_post
from volary.posts.queries.reading import post_by_id
from volary.web import Response, Visit, local_path, page

_POST = "/posts/{id}"
DELETED = _("Your post was deleted.")
_HIDDEN, _SHOWN = _("The reply is hidden."), _("The reply is shown again.")
_KEPT, _LET_GO = _("Added to your bookmarks."), _("Removed from your bookmarks.")
_NOT_YOURS = _("There is no such post of yours.")

Act = Callable[[Tx, Caller, int], Coroutine[Any, Any, object]]


@page("POST", _POST + "/like", signed_in=True)
async def liking(visit: Visit) -> Response:
    """Like it."""
    return await _done(visit, like)


@page("POST", _POST + "/unlike", signed_in=True)
async def unliking(visit: Visit) -> Response:
    """Like it no longer."""
    return await _done(visit, unlike)


@page("POST", _POST + "/repost", signed_in=True)
async def reposting(visit: Visit) -> Response:
    """Repost it."""
    return await _done(visit, repost)


@page("POST", _POST + "/take-back", signed_in=True)
async def taking_back(visit: Visit) -> Response:
    """Take the repost back."""
    return await _done(visit, take_back)


@page("POST", _POST + "/bookmark", signed_in=True)
async def keeping(visit: Visit) -> Response:
    """Keep it among one's bookmarks."""
    return await _done(visit, bookmark, _KEPT)


@page("POST", _POST + "/unbookmark", signed_in=True)
async def letting_go(visit: Visit) -> Response:
    """Keep it no longer."""
    return await _done(visit, remove_bookmark, _LET_GO)


@page("POST", _POST + "/hide", signed_in=True)
async def hiding(visit: Visit) -> Response:
    """Hide an answer in one's own conversation."""
    return await _done(visit, _hide, _HIDDEN)


@page("POST", _POST + "/unhide", signed_in=True)
async def unhiding(visit: Visit) -> Response:
    """Show it again."""
    return await _done(visit, _unhide, _SHOWN)


@page("GET", _POST + "/delete", signed_in=True)
async def deleting(visit: Visit) -> Response:
    """Ask before a post is deleted."""
    post = await post_by_id(visit.db, visit.me.account_id, _id(visit))
    if post is None or post.author_id != visit.me.account_id:
        raise NotFound(_NOT_YOURS)
    (card,) = await shown(visit, [post])
    return visit.render("home/delete.html", card=card)


@page("POST", _POST + "/delete", signed_in=True)
async def delete(visit: Visit) -> Response:
    """Delete one's own post."""
    await visit.db.write(delete_post, myself(visit), _id(visit))
    return visit.redirect("/home", notice=DELETED)


async def _hide(tx: Tx, caller: Caller, post_id: int) -> None:
    await hide_answer(tx, caller, post_id, hidden=True)


async def _unhide(tx: Tx, caller: Caller, post_id: int) -> None:
    await hide_answer(tx, caller, post_id, hidden=False)


async def _done(visit: Visit, act: Act, sentence: str | None = None) -> Response:
    """Do it, and go back to where the button stood. What a rule refuses is said there."""
    try:
        await visit.db.write(act, myself(visit), _id(visit))
    except Forbidden as refusal:
        sentence = refusal.message
    return visit.redirect(local_path(visit.form.get("then"), "/home"), notice=sentence)


def _id(visit: Visit) -> int:
    return id_in(visit.path["id"]) or 0
