"""*Direct Messages*: who can write to one."""

from volary.access.caller import in_person
from volary.language import mark as _
from volary.messages.actions.reach import allow_messages
from volary.messages.models import EVERYONE, FOLLOWING
from volary.messages.queries.reach import allowed_by
from volary.web import Form, Response, Visit, page

MESSAGES = "/settings/messages"
_UNKNOWN = _("Choose one of the two.")


@page("GET", MESSAGES, signed_in=True)
async def messages(visit: Visit) -> Response:
    """Who can begin a conversation now, and the way to those whose messages one does not take."""
    return _shown(visit, Form(visit, {"allowed": await allowed_by(visit.db, visit.me.account_id)}))


@page("POST", MESSAGES, signed_in=True)
async def save_messages(visit: Visit) -> Response:
    """Say who can begin a conversation."""
    form = Form(visit)
    if form["allowed"] not in {EVERYONE, FOLLOWING}:
        form.refuse("allowed", _UNKNOWN)
        return _shown(visit, form, 400)
    await visit.db.write(allow_messages, in_person(visit.me.account_id, visit.me.username), form["allowed"])
    return visit.redirect(MESSAGES, notice=_("Your choice was saved."))


def _shown(visit: Visit, form: Form, status: int = 200) -> Response:
    return visit.render("person/messages.html", status, form=form, everyone=EVERYONE, following=FOLLOWING)
