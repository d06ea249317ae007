"""Before something new: in which team, and whether its maker may (C161, C162)."""

from volary.developers.actions import ensure_developer
from volary.developers.errors import NotADeveloper
from volary.developers.models import OwnTeamRow
from volary.developers.queries import team_of_member, teams_of_member
from volary.developers.rules.roles import Act
from volary.portal.forms.settings import chosen_team
from volary.portal.pages.signing_up import SIGN_UP
from volary.web import Response, Visit
from volary.web.local import going_on_to


async def team_for_new(visit: Visit, named: str, act: Act) -> OwnTeamRow | None:
    """The team that a form or an address names, else the visitor's own; None while there is none. Raises TeamUnknown, NotForThisRole."""
    me, team_id = visit.me.account_id, chosen_team(named)
    if team_id is not None:
        return await team_of_member(visit.db, me, team_id, act)
    return next((team for team in await teams_of_member(visit.db, me, act) if team.founder_id == me), None)


async def sign_up_first(visit: Visit, team: OwnTeamRow | None) -> Response | None:
    """The way to the agreement for whoever has not seen it. Raises DeveloperWaits, DeveloperRefused."""
    try:
        await ensure_developer(visit.db, visit.me.account_id, team.id if team else None)
    except NotADeveloper:
        return visit.redirect(going_on_to(SIGN_UP, visit.here))
    return None
