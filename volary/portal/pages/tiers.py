"""A team's access tier: what it allows, and the request for another one."""

from volary.developers.actions import ask_for_tier
from volary.developers.queries import team_of_member
from volary.developers.rules.roles import Act
from volary.developers.rules.tiers import ESSENTIAL, TIERS
from volary.kit.errors import Conflict, Invalid
from volary.language import mark as _
from volary.portal.forms.settings import show, team_id_of
from volary.web import Form, Response, Visit, page

_HERE = "/portal/teams/{team_id}/tier"


@page("GET", _HERE, signed_in=True)
async def tier(visit: Visit) -> Response:
    """The tiers, which one the team has, and what became of its request."""
    return await _show(visit, Form(visit))


@page("POST", _HERE, signed_in=True)
async def ask(visit: Visit) -> Response:
    """Ask the operator for another tier, and say why."""
    form = Form(visit)
    try:
        await visit.db.write(ask_for_tier, visit.me.account_id, team_id_of(visit), form["tier"], form["why"])
    except (Invalid, Conflict) as refusal:
        return await _show(visit, form, show(visit, form, refusal))
    return visit.redirect(
        f"/portal/teams/{team_id_of(visit)}/tier", notice=_("Your request was sent. An operator answers it.")
    )


async def _show(visit: Visit, form: Form, status: int = 200) -> Response:
    team = await team_of_member(visit.db, visit.me.account_id, team_id_of(visit), Act.ASK_FOR_TIER)
    present = TIERS.get(team.tier, TIERS[ESSENTIAL])
    return visit.render("portal/tier.html", status, team=team, tiers=TIERS, present=present, form=form)
