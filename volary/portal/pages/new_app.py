"""The wizard for a new App: one form, then its credentials, shown this once."""

from volary.developers.models import OwnTeamRow
from volary.developers.rules.roles import Act
from volary.developers.rules.texts import ensure_nobodys_own
from volary.developers.rules.tiers import ESSENTIAL, TIERS
from volary.kit.errors import Conflict, Invalid, NotFound
from volary.language import mark as _
from volary.portal.actions import register_app
from volary.portal.forms.settings import DETAILS_LIMIT, chosen_project, chosen_team, details_of, show
from volary.portal.pages.creating import sign_up_first, team_for_new
from volary.portal.pages.proof import proven
from volary.portal.pages.showing import Shown, shown_once
from volary.portal.queries import projects_by_room
from volary.web import Form, Response, Visit, page

_NEW = "/portal/apps/new"


@page("GET", _NEW, signed_in=True)
async def new_app(visit: Visit) -> Response:
    """The form; without a developer account, the agreement first (C161)."""
    team = await team_for_new(visit, visit.query.get("team", ""), Act.CREATE_APP)
    if (elsewhere := await sign_up_first(visit, team)) is not None:
        return elsewhere
    return await _form(visit, Form(visit, {"project": visit.query.get("project", "")}), team)


@page("POST", _NEW, signed_in=True, form_limit=DETAILS_LIMIT)
@proven
async def create(visit: Visit) -> Response:
    """Make the App and show its credentials. Nothing but the form's own fields counts (SR-174)."""
    form = Form(visit)
    team = await team_for_new(visit, form["team"], Act.CREATE_APP)
    try:
        details = details_of(form)
        ensure_nobodys_own(details.name, visit.settings.site_name)
        made = await visit.db.write(
            register_app,
            visit.me.account_id,
            details,
            project_id=chosen_project(form),
            team_id=chosen_team(form["team"]),
            most=visit.settings.apps_per_account,
        )
    except (Invalid, Conflict, NotFound) as refusal:
        return await _form(visit, form, team, show(visit, form, refusal))
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


async def _form(visit: Visit, form: Form, team: OwnTeamRow | None, status: int = 200) -> Response:
    """The form with the Projects that have room, and the names of those that have none."""
    tier = TIERS.get(team.tier if team else ESSENTIAL, TIERS[ESSENTIAL])
    room, full = await projects_by_room(visit.db, visit.me.account_id, team) if team else ([], [])
    if visit.request.method == "GET" and form["project"] not in {"standalone", *(str(one.id) for one in room)}:
        form.values["project"] = ""
    form.values["team"] = str(team.id) if team else ""
    return visit.render("portal/new_app.html", status, form=form, team=team, projects=room, full=full, tier=tier)
