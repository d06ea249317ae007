"""Moving an App between Projects, handing it to another member, deleting it, and bringing it back."""

from volary.developers.actions import move_app, undelete_app
from volary.developers.models import DeletedAppRow
from volary.developers.queries import deleted_app_of_member, members_of_team, team_of_member
from volary.developers.rules.roles import Act
from volary.developers.rules.texts import ensure_nobodys_own
from volary.developers.rules.tiers import ESSENTIAL, TIERS
from volary.kit.clock import DAY
from volary.kit.errors import Conflict, Invalid, NotFound
from volary.kit.ids import id_in
from volary.language import mark as _
from volary.portal.actions import give_app, remove_app
from volary.portal.forms.settings import app_id_of, chosen_project, show
from volary.portal.pages.proof import proven
from volary.portal.pages.showing import app_of, framed
from volary.portal.queries import people_of_apps, projects_by_room
from volary.web import Form, Response, Visit, page

_HERE = "/portal/apps/{app_id}"


@page("GET", _HERE + "/attach", signed_in=True)
async def ask_where(visit: Visit) -> Response:
    """Which Project the App goes into, or out of (C151)."""
    return await _choose(visit, Form(visit))


@page("POST", _HERE + "/attach", signed_in=True)
@proven
async def attach(visit: Visit) -> Response:
    """Put it there: in a Project it can call v2 from the next request on, outside of all it cannot any more."""
    app, form = await app_of(visit, Act.MOVE_APP), Form(visit)
    try:
        project_id = chosen_project(form)
        await visit.db.write(move_app, visit.me.account_id, app.id, project_id)
    except (Invalid, Conflict, NotFound) as refusal:
        return await _choose(visit, form, show(visit, form, refusal))
    if project_id is None:
        said = _("The App is a standalone App now and cannot call v2 any more.")
    else:
        said = _("The App is in the Project now and can call v2.")
    return visit.redirect(f"/portal/apps/{app.id}", notice=said)


@page("GET", _HERE + "/owner", signed_in=True)
async def ask_whose(visit: Visit) -> Response:
    """Which member of the team answers for the App."""
    return await _choose_owner(visit, Form(visit))


@page("POST", _HERE + "/owner", signed_in=True)
@proven
async def hand_over(visit: Visit) -> Response:
    """Make another member its owner; the old owner's own access token ends."""
    app, form = await app_of(visit, Act.GIVE_APP), Form(visit)
    try:
        heir = id_in(form["owner"])
        if heir is None:
            raise Invalid(_("Choose a member of the team."), field="owner")
        await visit.db.write(give_app, visit.me.account_id, app.id, heir)
    except (Invalid, Conflict, NotFound) as refusal:
        return await _choose_owner(visit, form, show(visit, form, refusal))
    return visit.redirect(f"/portal/apps/{app.id}", notice=_("The App has another owner now."))


@page("GET", _HERE + "/delete", signed_in=True)
async def ask_before_deleting(visit: Visit) -> Response:
    """What is in use, and the name to type (contradiction 26)."""
    return await _confirm(visit, Form(visit))


@page("POST", _HERE + "/delete", signed_in=True)
@proven
async def delete(visit: Visit) -> Response:
    """Delete an App whose name was typed: its keys and every token end (C155)."""
    app, form = await app_of(visit, Act.DELETE_APP), Form(visit)
    if form.text("typed") != app.name:
        form.refuse("typed", _("Type the name exactly as it is written here."))
        return await _confirm(visit, form, 400)
    await visit.db.write(remove_app, visit.me.account_id, app.id)
    return visit.redirect("/portal", notice=_("The App %(name)s was deleted."), name=app.name)


@page("GET", _HERE + "/undelete", signed_in=True)
async def ask_before_undeleting(visit: Visit) -> Response:
    """What comes back, and under which name."""
    app = await _deleted(visit)
    return _bring_back(visit, app, Form(visit, {"name": app.name}))


@page("POST", _HERE + "/undelete", signed_in=True)
@proven
async def undelete(visit: Visit) -> Response:
    """Bring the App back; its old keys and tokens stay ended."""
    app, form = await _deleted(visit), Form(visit)
    name = form.text("name") or app.name
    try:
        if name != app.name:
            ensure_nobodys_own(name, visit.settings.site_name)
        await visit.db.write(undelete_app, visit.me.account_id, app.id, name=name, grace=_grace(visit))
    except (Invalid, Conflict) as refusal:
        return _bring_back(visit, app, form, show(visit, form, refusal))
    return visit.redirect(
        f"/portal/apps/{app.id}/keys", notice=_("The App is back. Generate new keys and tokens for it.")
    )


async def _choose(visit: Visit, form: Form, status: int = 200) -> Response:
    app = await app_of(visit, Act.MOVE_APP)
    me = visit.me.account_id
    team = await team_of_member(visit.db, me, app.team_id)
    room, full = await projects_by_room(visit.db, me, team)
    return await framed(
        visit,
        "portal/attach.html",
        app,
        status,
        form=form,
        projects=[project for project in room if project.id != app.project_id],
        full=[project for project in full if project.id != app.project_id],
        tier=TIERS.get(team.tier, TIERS[ESSENTIAL]),
    )


async def _choose_owner(visit: Visit, form: Form, status: int = 200) -> Response:
    app = await app_of(visit, Act.GIVE_APP)
    members = await members_of_team(visit.db, app.team_id)
    return await framed(visit, "portal/owner.html", app, status, form=form, members=members)


async def _confirm(visit: Visit, form: Form, status: int = 200) -> Response:
    app = await app_of(visit, Act.DELETE_APP)
    people = (await people_of_apps(visit.db, [app.id])).get(app.id, 0)
    return await framed(
        visit,
        "portal/delete_app.html",
        app,
        status,
        form=form,
        people=people,
        days=visit.settings.undelete_days,
    )


async def _deleted(visit: Visit) -> DeletedAppRow:
    return await deleted_app_of_member(
        visit.db, visit.me.account_id, app_id_of(visit), Act.UNDELETE_APP, grace=_grace(visit)
    )


def _bring_back(visit: Visit, app: DeletedAppRow, form: Form, status: int = 200) -> Response:
    return visit.render("portal/undelete.html", status, app=app, form=form, until=app.deleted_at + _grace(visit))


def _grace(visit: Visit) -> int:
    return visit.settings.undelete_days * DAY
