"""Appeals in the console: those that wait, and one with its thread."""

from volary.developers.errors import AppealUnknown
from volary.developers.models.governing import CLOSED, OPEN
from volary.developers.queries.appeals import appeal_by_id, appeals_in, messages_of
from volary.developers.rules.suspending import RULES
from volary.kit.errors import Conflict, Invalid
from volary.language import mark as _
from volary.operator.actions.appeals import answer
from volary.operator.pages.entry import actor_of, console, number_in, older_page, older_than
from volary.operator.queries.apps import PAGE, seen_app
from volary.web import Form, Response, Visit

_HERE = "/operator/appeals"


@console("GET", _HERE)
async def list_appeals(visit: Visit) -> Response:
    """Those that are open, or those that were closed."""
    state = CLOSED if visit.query.get("state") == CLOSED else OPEN
    found = await appeals_in(visit.db, state, older_than(visit), PAGE + 1)
    older = older_page(_HERE, [one.id for one in found], state=state)
    return visit.render("operator/appeals.html", found=found[:PAGE], state=state, older=older)


@console("GET", _HERE + "/{appeal_id}")
async def show_appeal(visit: Visit) -> Response:
    """What both sides wrote, and why the App is suspended."""
    return await _show(visit, Form(visit))


@console("POST", _HERE + "/{appeal_id}")
async def answer_it(visit: Visit) -> Response:
    """Answer; the owner gets it as a letter too. Restoring the App is done on its own page."""
    appeal_id, form = number_in(visit, "appeal_id"), Form(visit)
    try:
        await visit.db.write(answer, actor_of(visit), appeal_id, form["text"], close=form.checked("close"))
    except (Invalid, Conflict) as refusal:
        form.add(refusal)
        return await _show(visit, form, refusal.status)
    return visit.redirect(f"{_HERE}/{appeal_id}", notice=_("Your answer was sent."))


async def _show(visit: Visit, form: Form, status: int = 200) -> Response:
    found = await appeal_by_id(visit.db, number_in(visit, "appeal_id"))
    app = None if found is None else await seen_app(visit.db, found.app_id)
    if found is None or app is None:
        raise AppealUnknown
    return visit.render(
        "operator/appeal.html",
        status,
        appeal=found,
        app=app,
        rule=RULES.get(app.state_rule, ""),
        messages=await messages_of(visit.db, found.id),
        form=form,
    )
