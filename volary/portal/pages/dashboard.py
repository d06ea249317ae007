"""The dashboard: a team's Projects with their Apps, its standalone Apps, and those that were deleted lately."""

from collections.abc import Sequence

import msgspec

from volary.developers.models import AppRow, DeletedAppRow, OwnTeamRow, ProjectRow
from volary.developers.queries import (
    apps_of_team,
    deleted_apps_of_team,
    developer_account,
    icon_versions,
    invitations_to,
    projects_of_team,
    team_is_approved,
    team_of_member,
    teams_of_member,
)
from volary.developers.rules.icons import icon_path
from volary.developers.rules.roles import ROLES, acts_of
from volary.developers.rules.tiers import ESSENTIAL, TIERS, project_limit
from volary.kit.clock import DAY
from volary.portal.forms.settings import chosen_team
from volary.portal.queries import people_of_apps
from volary.web import Response, Visit, page


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
    """Projects with their Apps, then standalone Apps: those of one's team, nobody else's (C152, C153)."""
    me = visit.me.account_id
    developer = await developer_account(visit.db, me)
    teams = await teams_of_member(visit.db, me)
    team = await shown_team(visit, teams)
    vouched = team is not None and await team_is_approved(visit.db, team.id)
    tier = TIERS.get(team.tier if team else ESSENTIAL, TIERS[ESSENTIAL])
    groups, standalone, deleted = await _of_team(visit, team)
    return visit.render(
        "portal/dashboard.html",
        developer=developer,
        # Who may create: with a developer account of one's own, or in a team whose administrators have one (C161, C162).
        signed_up=vouched or (developer is not None and developer.approved),
        team=team,
        teams=teams,
        may=acts_of(team.role) if team else frozenset(),
        invitations=await invitations_to(visit.db, me),
        tier=tier,
        roles=ROLES,
        groups=groups,
        standalone=standalone,
        deleted=deleted,
    )


async def shown_team(visit: Visit, teams: Sequence[OwnTeamRow]) -> OwnTeamRow | None:
    """The team that the address names, else one's own, else the first one; None before there is any. Raises TeamUnknown."""
    named = chosen_team(visit.query.get("team", ""))
    if named is not None:
        return await team_of_member(visit.db, visit.me.account_id, named)
    own = [team for team in teams if team.founder_id == visit.me.account_id]
    return next(iter([*own, *teams]), None)


async def _of_team(
    visit: Visit, team: OwnTeamRow | None
) -> tuple[list[Group], list[Tile], list[tuple[DeletedAppRow, int]]]:
    """Its Projects with their Apps, its standalone Apps, and the deleted ones with the moment until which they can be brought back."""
    if team is None:
        return [], [], []
    me, limit, grace = visit.me.account_id, project_limit(team.tier), visit.settings.undelete_days * DAY
    apps = await apps_of_team(visit.db, me, team.id)
    tiles = await _tiles(visit, apps)
    groups = []
    for project in await projects_of_team(visit.db, me, team.id):
        inside = [tiles[app.id] for app in apps if app.project_id == project.id]
        groups.append(Group(project, inside, len(inside) < limit))
    standalone = [tiles[app.id] for app in apps if app.project_id is None]
    deleted = await deleted_apps_of_team(visit.db, me, team.id, grace=grace)
    return groups, standalone, [(app, app.deleted_at + grace) for app in deleted]


async def _tiles(visit: Visit, apps: Sequence[AppRow]) -> dict[int, Tile]:
    ids = [app.id for app in apps]
    versions = await icon_versions(visit.db, ids)
    people = await people_of_apps(visit.db, ids)
    return {app.id: Tile(app, icon_path(app.id, versions.get(app.id)), people.get(app.id, 0)) for app in apps}
