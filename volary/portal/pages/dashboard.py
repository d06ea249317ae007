"""The dashboard, and the developer agreement that stands before everything new."""

from collections.abc import Sequence

import msgspec

from volary.developers.actions import sign_up
from volary.developers.models import AppRow, ProjectRow
from volary.developers.queries import apps_of_owner, developer_account, icon_versions, projects_of_owner
from volary.developers.rules.icons import icon_path
from volary.developers.rules.tiers import ESSENTIAL, project_limit
from volary.kit.errors import Invalid
from volary.language import mark as _
from volary.portal.forms import show
from volary.portal.queries import people_of_apps
from volary.web import Form, Response, Visit, local_path, page

SIGN_UP = "/portal/signup"
AFTER_SIGN_UP = "then"


class Tile(msgspec.Struct, frozen=True):
    """An App as the dashboard lists it."""

    app: AppRow
    icon: str
    people: int


class Group(msgspec.Struct, frozen=True):
    """A Project with its Apps, and whether there is room for another one."""

    project: ProjectRow
    tiles: Sequence[Tile]
    room: bool


@page("GET", "/portal", signed_in=True)
async def dashboard(visit: Visit) -> Response:
    """Projects with their Apps, then standalone Apps: one's own, nobody else's (C152, C153)."""
    owner = visit.me.account_id
    developer = await developer_account(visit.db, owner)
    limit = project_limit(developer.tier if developer else ESSENTIAL)
    apps = await apps_of_owner(visit.db, owner)
    tiles = await _tiles(visit, apps)
    groups = []
    for project in await projects_of_owner(visit.db, owner):
        inside = [tiles[app.id] for app in apps if app.project_id == project.id]
        groups.append(Group(project, inside, len(inside) < limit))
    standalone = [tiles[app.id] for app in apps if app.project_id is None]
    return visit.render("portal/dashboard.html", developer=developer, limit=limit, groups=groups, standalone=standalone)


@page("GET", SIGN_UP, signed_in=True)
async def show_sign_up(visit: Visit) -> Response:
    """The agreement. Apps that one owns already need none (C160)."""
    if await developer_account(visit.db, visit.me.account_id) is not None:
        return visit.redirect("/portal")
    form = Form(visit, {AFTER_SIGN_UP: local_path(visit.query.get(AFTER_SIGN_UP), "/portal")})
    return visit.render("portal/sign_up.html", form=form)


@page("POST", SIGN_UP, signed_in=True)
async def accept(visit: Visit) -> Response:
    """Make the developer account, and go on to what was wanted."""
    form = Form(visit)
    try:
        await visit.db.write(sign_up, visit.me.account_id, agreed=form.checked("agreed"), use_case=form["use_case"])
    except Invalid as refusal:
        return visit.render("portal/sign_up.html", show(visit, form, refusal), form=form)
    return visit.redirect(
        local_path(form[AFTER_SIGN_UP], "/portal"), notice=_("Welcome. You can create Projects and Apps now.")
    )


async def _tiles(visit: Visit, apps: Sequence[AppRow]) -> dict[int, Tile]:
    ids = [app.id for app in apps]
    versions = await icon_versions(visit.db, ids)
    people = await people_of_apps(visit.db, ids)
    return {app.id: Tile(app, icon_path(app.id, versions.get(app.id)), people.get(app.id, 0)) for app in apps}
