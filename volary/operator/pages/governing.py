"""The installation's own pages in the console: read-only mode, reserved names; and an App's limits and name."""

from volary.developers.queries.names import reserved
from volary.kit.errors import Conflict, Invalid, NotFound
from volary.language import mark as _
from volary.operator.actions.following import Followed
from volary.operator.actions.governing import close, limit, release, rename, reopen, reserve
from volary.operator.pages.entry import actor_of, console, number_in
from volary.web import Form, Response, Visit


@console("GET", "/operator/switches")
async def show_switches(visit: Visit) -> Response:
    """What is switched for the whole installation."""
    return visit.render("operator/switches.html", form=Form(visit))


@console("POST", "/operator/switches/close", dangerous=True)
async def close_it(visit: Visit) -> Response:
    """Take no changes any more; other processes follow within seconds."""
    form = Form(visit)
    try:
        await visit.db.write(close, actor_of(visit), reason=form["reason"])
    except Invalid as refusal:
        form.add(refusal)
        return visit.render("operator/switches.html", refusal.status, form=form)
    await visit.resources[Followed].look(visit.db)
    return visit.redirect("/operator/switches", notice=_("Read-only mode is on."))


@console("POST", "/operator/switches/reopen")
async def reopen_it(visit: Visit) -> Response:
    """Take changes again."""
    await visit.db.write(reopen, actor_of(visit))
    await visit.resources[Followed].look(visit.db)
    return visit.redirect("/operator/switches", notice=_("Read-only mode is off."))


@console("GET", "/operator/names")
async def show_names(visit: Visit) -> Response:
    """Names that no App may have."""
    return await _names(visit, Form(visit))


@console("POST", "/operator/names")
async def add_name(visit: Visit) -> Response:
    """Keep one more from Apps."""
    form = Form(visit)
    try:
        await visit.db.write(reserve, actor_of(visit), form["name"])
    except (Invalid, Conflict) as refusal:
        form.add(refusal)
        return await _names(visit, form, refusal.status)
    return visit.redirect("/operator/names", notice=_("The name is reserved."))


@console("POST", "/operator/names/release")
async def release_it(visit: Visit) -> Response:
    """Let Apps have it again."""
    form = Form(visit)
    try:
        await visit.db.write(release, actor_of(visit), form["name"])
    except NotFound as refusal:
        form.add(refusal)
        return await _names(visit, form, refusal.status)
    return visit.redirect("/operator/names", notice=_("The name is free."))


@console("POST", "/operator/apps/{app_id}/limits", dangerous=True)
async def limit_it(visit: Visit) -> Response:
    """Give the App another share of the usual rate limits."""
    app_id, text = number_in(visit, "app_id"), Form(visit)["percent"].strip()
    percent = int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0
    await visit.db.write(limit, actor_of(visit), app_id, percent=percent)
    await visit.resources[Followed].look(visit.db)
    return visit.redirect(f"/operator/apps/{app_id}", notice=_("The App’s limits were changed."))


@console("POST", "/operator/apps/{app_id}/name", dangerous=True)
async def rename_it(visit: Visit) -> Response:
    """Give the App another name."""
    app_id = number_in(visit, "app_id")
    await visit.db.write(rename, actor_of(visit), app_id, name=Form(visit)["name"])
    return visit.redirect(f"/operator/apps/{app_id}", notice=_("The App has another name now."))


async def _names(visit: Visit, form: Form, status: int = 200) -> Response:
    return visit.render("operator/names.html", status, form=form, found=await reserved(visit.db))
