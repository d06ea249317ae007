"""Voting in a poll: what X has no operation for, and a person does in a browser. A post's own page comes with the site's other ones."""

from volary.access.caller import in_person
from volary.accounts.queries import account_by_id, manager_of
from volary.kit.errors import Refusal
from volary.kit.ids import id_in
from volary.language import mark as _
from volary.posts.actions.polls import vote
from volary.posts.errors import NoSuchOption, PollEnded, PollNotFound, VotedAlready
from volary.posts.queries.polls import chosen_by, poll_of
from volary.posts.queries.reading import post_by_id
from volary.web import Form, Response, Visit, page

_POLL = "/posts/{id}/poll"
_VOTED = _("Your vote is counted.")


@page("GET", _POLL)
async def poll(visit: Visit) -> Response:
    """A poll, for those who may see its post: to vote in, or how the votes stand."""
    return await _shown(visit, Form(visit))


@page("POST", _POLL, signed_in=True)
async def choose(visit: Visit) -> Response:
    """Vote. Who voted already, or comes too late, sees how the votes stand."""
    form = Form(visit)
    try:
        me = in_person(visit.me.account_id, visit.me.username)
        await visit.db.write(vote, me, _post(visit), id_in(form.text("option")) or 0)
    except NoSuchOption as refusal:
        form.add(refusal)
        return await _shown(visit, form, 400)
    except (VotedAlready, PollEnded) as refusal:
        return _back(visit, refusal)
    return visit.redirect(f"/posts/{_post(visit)}/poll", notice=_VOTED)


async def _shown(visit: Visit, form: Form, status: int = 200) -> Response:
    """The page. Raises PollNotFound: no post, none with a poll, or none that this visitor may see."""
    viewer = visit.current.account_id if visit.current else 0
    found = await poll_of(visit.db, viewer, _post(visit))
    post = None if found is None else await post_by_id(visit.db, viewer, found.post_id)
    author = None if post is None else await account_by_id(visit.db, post.author_id)
    if found is None or post is None or author is None:
        raise PollNotFound
    chosen = await chosen_by(visit.db, viewer, found.id) if viewer else None
    manager = await manager_of(visit.db, author)
    return visit.render(
        "posts/poll.html", status, form=form, poll=found, post=post, author=author, manager=manager, chosen=chosen
    )


def _post(visit: Visit) -> int:
    return id_in(visit.path["id"]) or 0


def _back(visit: Visit, refusal: Refusal) -> Response:
    return visit.redirect(f"/posts/{_post(visit)}/poll", notice=refusal.message)
