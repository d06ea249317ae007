"""Projects: made, changed, deleted."""

from volary.developers.actions import delete_project, edit_project
from volary.developers.models import ProjectRow
from volary.developers.queries import apps_of_project, project_of_member, team_of_member
from volary.developers.rules.roles import Act, acts_of
from volary.developers.rules.tiers import ESSENTIAL, TIERS, project_limit
from volary.kit.errors import Conflict, Invalid
from volary.language import mark as _
from volary.portal.actions import register_project
from volary.portal.forms.settings import chosen_team, project_id_of, show
from volary.portal.pages.creating import sign_up_first, team_for_new
from volary.portal.pages.proof import proven
from volary.web import Form, Response, Visit, page

_NEW = "/portal/projects/new"
_ONE = "/portal/projects/{project_id}"


@page("GET", _NEW, signed_in=True)
async def new_project(visit: Visit) -> Response:
    """The form for a new Project; without a developer account, the agreement first (C161)."""
    team = await team_for_new(visit, visit.query.get("team", ""), Act.CREATE_PROJECT)
    if (elsewhere := await sign_up_first(visit, team)) is not None:
        return elsewhere
    return visit.render("portal/new_project.html", form=Form(visit, {"team": team.id if team else ""}))


@page("POST", _NEW, signed_in=True)
async def create(visit: Visit) -> Response:
    """Make a Project, and go on to its first App."""
    form = Form(visit)
    try:
        project = await visit.db.write(
            register_project,
            visit.me.account_id,
            name=form["name"],
            use_case=form["use_case"],
            description=form["description"],
            team_id=chosen_team(form["team"]),
            most=visit.settings.apps_per_account,
        )
    except (Invalid, Conflict) as refusal:
        return visit.render("portal/new_project.html", show(visit, form, refusal), form=form)
    return visit.redirect(
        f"/portal/apps/new?project={project.id}&team={project.team_id}",
        notice=_("The Project was created. Now create its App."),
    )


@page("GET", _ONE, signed_in=True)
async def project_page(visit: Visit) -> Response:
    """A Project's settings."""
    return await _show(visit)


@page("POST", _ONE, signed_in=True)
async def change(visit: Visit) -> Response:
    """Change a Project's texts."""
    form = Form(visit)
    try:
        await visit.db.write(
            edit_project,
            visit.me.account_id,
            project_id_of(visit),
            name=form["name"],
            use_case=form["use_case"],
            description=form["description"],
        )
    except (Invalid, Conflict) as refusal:
        return await _show(visit, show(visit, form, refusal), form)
    return visit.redirect(f"/portal/projects/{project_id_of(visit)}", notice=_("Your changes were saved."))


@page("GET", _ONE + "/delete", signed_in=True)
async def ask_before_deleting(visit: Visit) -> Response:
    """What is in use, and the name to type."""
    return await _confirm(visit, Form(visit))


@page("POST", _ONE + "/delete", signed_in=True)
@proven
async def delete(visit: Visit) -> Response:
    """Delete a Project whose name was typed; its Apps become standalone Apps."""
    form, project = Form(visit), await _project(visit, Act.DELETE_PROJECT)
    if form.text("typed") != project.name:
        form.refuse("typed", _("Type the name exactly as it is written here."))
        return await _confirm(visit, form, 400)
    await visit.db.write(delete_project, visit.me.account_id, project.id)
    return visit.redirect("/portal", notice=_("The Project %(name)s was deleted."), name=project.name)


async def _project(visit: Visit, act: Act = Act.SEE) -> ProjectRow:
    return await project_of_member(visit.db, visit.me.account_id, project_id_of(visit), act)


async def _show(visit: Visit, status: int = 200, form: Form | None = None) -> Response:
    project = await _project(visit)
    me = visit.me.account_id
    team = await team_of_member(visit.db, me, project.team_id)
    apps = await apps_of_project(visit.db, me, project.id)
    stored = {"name": project.name, "use_case": project.use_case, "description": project.description}
    return visit.render(
        "portal/project.html",
        status,
        project=project,
        team=team,
        may=acts_of(team.role),
        apps=apps,
        room=len(apps) < project_limit(team.tier),
        tier=TIERS.get(team.tier, TIERS[ESSENTIAL]),
        form=form or Form(visit, stored),
    )


async def _confirm(visit: Visit, form: Form, status: int = 200) -> Response:
    project = await _project(visit, Act.DELETE_PROJECT)
    apps = await apps_of_project(visit.db, visit.me.account_id, project.id)
    return visit.render("portal/delete_project.html", status, project=project, apps=apps, form=form)
