"""The wizard for a new App: one form, then its credentials, shown this once."""

from volary.developers.models import ProjectRow
from volary.developers.queries import apps_of_project, developer_account, projects_of_owner
from volary.developers.rules.texts import ensure_nobodys_own
from volary.developers.rules.tiers import ESSENTIAL, project_limit
from volary.kit.errors import Conflict, Invalid, NotFound
from volary.language import mark as _
from volary.portal.actions import register_app
from volary.portal.forms import DETAILS_LIMIT, chosen_project, details_of, show
from volary.portal.pages.dashboard import SIGN_UP
from volary.portal.pages.proof import proven
from volary.portal.pages.showing import Shown, shown_once
from volary.web import Form, Response, Visit, local_path, page

_NEW = "/portal/apps/new"


@page("GET", _NEW, signed_in=True)
async def new_app(visit: Visit) -> Response:
    """The form; without a developer account, the agreement first (C161)."""
    if await developer_account(visit.db, visit.me.account_id) is None:
        return visit.redirect(local_path(f"{SIGN_UP}?then={_NEW}"))
    projects = await _projects_with_room(visit)
    wished = visit.query.get("project", "")
    offered = {str(project.id) for project in projects} | {"standalone"}
    return _form(visit, Form(visit, {"project": wished if wished in offered else ""}), projects)


@page("POST", _NEW, signed_in=True, form_limit=DETAILS_LIMIT)
@proven
async def create(visit: Visit) -> Response:
    """Make the App and show its credentials. Nothing but the form's own fields counts (SR-174)."""
    form = Form(visit)
    try:
        details = details_of(form)
        ensure_nobodys_own(details.name, visit.settings.site_name)
        made = await visit.db.write(
            register_app,
            visit.me.account_id,
            details,
            project_id=chosen_project(form),
            most=visit.settings.apps_per_account,
        )
    except (Invalid, Conflict, NotFound) as refusal:
        status = show(visit, form, refusal)
        return _form(visit, form, await _projects_with_room(visit), status)
    return shown_once(
        visit,
        made.app,
        [
            Shown(_("API Key"), made.api_key),
            Shown(_("API Key Secret"), made.api_key_secret),
            Shown(_("App Access Token"), made.bearer_token),
        ],
        new=True,
        callbacks=bool(details.callbacks),
    )


async def _projects_with_room(visit: Visit) -> list[ProjectRow]:
    owner = visit.me.account_id
    developer = await developer_account(visit.db, owner)
    limit = project_limit(developer.tier if developer else ESSENTIAL)
    projects = await projects_of_owner(visit.db, owner)
    return [project for project in projects if len(await apps_of_project(visit.db, owner, project.id)) < limit]


def _form(visit: Visit, form: Form, projects: list[ProjectRow], status: int = 200) -> Response:
    return visit.render("portal/new_app.html", status, form=form, projects=projects)
