"""An App in the console, and what operators do to it."""

from volary.developers.errors import AppUnknown
from volary.developers.models import ACTIVE, SUSPENDED
from volary.developers.queries import callback_urls
from volary.developers.queries.names import percent_of
from volary.developers.rules.suspending import RULES
from volary.developers.rules.tiers import ESSENTIAL, TIERS
from volary.kit.errors import Conflict, Invalid
from volary.language import mark as _
from volary.operator.actions.apps import disconnect, restore, suspend
from volary.operator.pages.entry import actor_of, console, number_in
from volary.operator.queries.apps import SeenApp, seen_app
from volary.web import Form, Response, Visit

_HERE = "/operator/apps/{app_id}"


@console("GET", _HERE)
async def show_app(visit: Visit) -> Response:
    """Whose it is, what it may, how many people it is connected to, and what happened to it."""
    return await _show(visit, Form(visit))


@console("POST", _HERE + "/suspend", dangerous=True)
async def suspend_it(visit: Visit) -> Response:
    """Refuse every call with its keys and tokens from now on, and tell its owner why (C176–C178)."""
    form = Form(visit)
    try:
        written = await visit.db.write(
            suspend, actor_of(visit), number_in(visit, "app_id"), rule=form["rule"], reason=form["reason"]
        )
    except (Invalid, Conflict) as refusal:
        form.add(refusal)
        return await _show(visit, form, refusal.status)
    told = (
        _("The App is suspended. Its owner was written to.")
        if written
        else _("The App is suspended. Its owner has no email address and reads the reason in the portal.")
    )
    return _back(visit, told)


@console("POST", _HERE + "/restore", dangerous=True)
async def restore_it(visit: Visit) -> Response:
    """Let it be used again, with the connections that people had."""
    await visit.db.write(restore, actor_of(visit), number_in(visit, "app_id"))
    return _back(visit, _("The App is restored."))


@console("GET", _HERE + "/disconnect")
async def ask_before_disconnecting(visit: Visit) -> Response:
    """How many people lose their connection, and the name to type."""
    return await _confirm(visit, Form(visit))


@console("POST", _HERE + "/disconnect", dangerous=True)
async def disconnect_it(visit: Visit) -> Response:
    """End what everybody allowed it. It cannot be undone, so the App's name is typed."""
    app, form = await _app(visit), Form(visit)
    if form.text("typed") != app.name:
        form.refuse("typed", _("Type the name exactly as it is written here."))
        return await _confirm(visit, form, 400)
    people = await visit.db.write(disconnect, actor_of(visit), app.id)
    return _back(visit, _("The App lost its connections; people who were connected: %(people)s."), people=people)


async def _app(visit: Visit) -> SeenApp:
    app = await seen_app(visit.db, number_in(visit, "app_id"))
    if app is None:
        raise AppUnknown
    return app


async def _show(visit: Visit, form: Form, status: int = 200) -> Response:
    app = await _app(visit)
    return visit.render(
        "operator/app.html",
        status,
        app=app,
        form=form,
        rules=[(word, visit.t(rule)) for word, rule in RULES.items()],
        rule=RULES.get(app.state_rule, ""),
        tier=TIERS.get(app.tier, TIERS[ESSENTIAL]),
        percent=await percent_of(visit.db, app.id),
        callbacks=await callback_urls(visit.db, app.id),
        active=app.state == ACTIVE,
        suspended=app.state == SUSPENDED,
    )


async def _confirm(visit: Visit, form: Form, status: int = 200) -> Response:
    return visit.render("operator/disconnect.html", status, app=await _app(visit), form=form)


def _back(visit: Visit, notice: str, **parameters: int) -> Response:
    return visit.redirect(f"/operator/apps/{number_in(visit, 'app_id')}", notice=notice, **parameters)
