"""The appeal against an App's suspension: what both sides wrote, and the form to write more (C179)."""

from volary.developers.actions.appeals import appeal
from volary.developers.queries.appeals import latest_appeal, messages_of
from volary.developers.rules.roles import Act
from volary.kit.errors import Conflict, Invalid, TooMany
from volary.language import mark as _
from volary.portal.forms.settings import show
from volary.portal.pages.showing import app_of, framed
from volary.web import Form, Response, Visit, page

_HERE = "/portal/apps/{app_id}/appeal"


@page("GET", _HERE, signed_in=True)
async def show_appeal(visit: Visit) -> Response:
    """The thread, and a form while the App is suspended."""
    return await _show(visit, Form(visit))


@page("POST", _HERE, signed_in=True)
async def write(visit: Visit) -> Response:
    """Write to the operator; the first message opens the appeal."""
    app, form = await app_of(visit, Act.EDIT_APP), Form(visit)
    try:
        await visit.db.write(appeal, visit.me.account_id, app.id, form["text"])
    except (Invalid, Conflict, TooMany) as refusal:
        return await _show(visit, form, show(visit, form, refusal))
    return visit.redirect(f"/portal/apps/{app.id}/appeal", notice=_("Your message was sent. An operator reads it."))


async def _show(visit: Visit, form: Form, status: int = 200) -> Response:
    app = await app_of(visit)
    found = await latest_appeal(visit.db, app.id)
    messages = await messages_of(visit.db, found.id) if found else []
    return await framed(visit, "portal/appeal.html", app, status, form=form, appeal=found, messages=messages)
