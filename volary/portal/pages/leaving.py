"""Moving an App into a Project, and deleting it."""

from volary.developers.actions import attach_app
from volary.developers.queries import projects_of_owner
from volary.kit.errors import Conflict, Invalid, NotFound
from volary.language import mark as _
from volary.portal.actions import remove_app
from volary.portal.forms import chosen_project, show
from volary.portal.pages.proof import proven
from volary.portal.pages.showing import app_of, framed
from volary.portal.queries import people_of_apps
from volary.web import Form, Response, Visit, page

_HERE = "/portal/apps/{app_id}"


@page("GET", _HERE + "/attach", signed_in=True)
async def ask_where(visit: Visit) -> Response:
    """Which Project a standalone App goes into (C151)."""
    return await _choose(visit, Form(visit))


@page("POST", _HERE + "/attach", signed_in=True)
@proven
async def attach(visit: Visit) -> Response:
    """Put it there: it can call v2 from the next request on."""
    app, form = await app_of(visit), Form(visit)
    try:
        project_id = chosen_project(form)
        if project_id is None:
            raise Invalid(_("Choose a Project."), field="project")
        await visit.db.write(attach_app, visit.me.account_id, app.id, project_id)
    except (Invalid, Conflict, NotFound) as refusal:
        return await _choose(visit, form, show(visit, form, refusal))
    return visit.redirect(f"/portal/apps/{app.id}", notice=_("The App is in the Project now and can call v2."))


@page("GET", _HERE + "/delete", signed_in=True)
async def ask_before_deleting(visit: Visit) -> Response:
    """What is in use, and the name to type (contradiction 26)."""
    return await _confirm(visit, Form(visit))


@page("POST", _HERE + "/delete", signed_in=True)
@proven
async def delete(visit: Visit) -> Response:
    """Delete an App whose name was typed: its keys and every token end (C155)."""
    app, form = await app_of(visit), Form(visit)
    if form.text("typed") != app.name:
        form.refuse("typed", _("Type the name exactly as it is written here."))
        return await _confirm(visit, form, 400)
    await visit.db.write(remove_app, visit.me.account_id, app.id)
    return visit.redirect("/portal", notice=_("The App %(name)s was deleted."), name=app.name)


async def _choose(visit: Visit, form: Form, status: int = 200) -> Response:
    app = await app_of(visit)
    projects = await projects_of_owner(visit.db, visit.me.account_id)
    return await framed(visit, "portal/attach.html", app, status, form=form, projects=projects)


async def _confirm(visit: Visit, form: Form, status: int = 200) -> Response:
    app = await app_of(visit)
    people = (await people_of_apps(visit.db, [app.id])).get(app.id, 0)
    return await framed(
        visit,
        "portal/delete_app.html",
        app,
        status,
        form=form,
        people=people,
    )
