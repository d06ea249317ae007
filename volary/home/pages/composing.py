"""Writing posts, answers and quotes, and editing."""

from volary.home.forms import LASTING, OPTIONS, WHO_REPLIES, draft_of, myself
from volary.home.pages.showing import shown
from volary.kit.errors import Forbidden, Invalid, NotFound
from volary.kit.ids import id_in
from volary.language import mark as _
from volary.posts.actions.writing import create_post
from volary.posts.queries.reading import post_by_id
from volary.web import Form, Response, Visit, local_path, page

COMPOSE = "/compose"
POSTED, EDITED = _("Your post was sent."), _("Your post was changed.")
_GONE = _("There is no such post, or you may not see it.")


@page("GET", COMPOSE, signed_in=True)
async def compose(visit: Visit) -> Response:
    """The composer on its own: for a new post, an answer (`reply`), a quote (`quote`), or the next version of a post (`edit`)."""
    values: dict[str, object] = {name: visit.query.get(name, "") for name in ("reply", "quote", "edit")}
    if values["edit"]:
        post = await post_by_id(visit.db, visit.me.account_id, id_in(str(values["edit"])) or 0)
        values |= {} if post is None else {"text": post.text, "reply_settings": post.reply_settings}
    return await _composer(visit, Form(visit, {"reply_settings": "everyone", "minutes": LASTING[1][0], **values}))


@page("POST", COMPOSE, signed_in=True)
async def write(visit: Visit) -> Response:
    """Post. What was refused is shown again with all that was typed."""
    form = Form(visit)
    draft = draft_of(form)
    if draft is None:
        return await _composer(visit, form, 400)
    try:
        made = await visit.db.write(create_post, myself(visit), draft)
    except (Invalid, Forbidden, NotFound) as refusal:
        form.add(refusal)
        return await _composer(visit, form, refusal.status)
    there = f"/{visit.me.username}/status/{made.id}"
    return visit.redirect(local_path(form["then"] or there, there), notice=EDITED if draft.edits_id else POSTED)


async def _composer(visit: Visit, form: Form, status: int = 200) -> Response:
    """The page, with the post that it is about. Raises NotFound where that is none that the visitor may see."""
    about = form["reply"] or form["quote"] or form["edit"]
    post = await post_by_id(visit.db, visit.me.account_id, id_in(about) or 0) if about else None
    if about and post is None:
        raise NotFound(_GONE)
    (card,) = await shown(visit, [post]) if post else (None,)
    return visit.render(
        "home/compose.html", status, form=form, card=card, options=OPTIONS, lasting=LASTING, who_replies=WHO_REPLIES
    )
