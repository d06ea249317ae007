"""An invitation to a team, as whoever is invited sees it."""

from volary.developers.actions import accept_invitation, decline_invitation
from volary.developers.queries import invitation_to
from volary.developers.rules.roles import ROLES
from volary.language import mark as _
from volary.portal.forms.settings import invitation_id_of
from volary.web import Form, Response, Visit, page

_HERE = "/portal/invitations/{invitation_id}"


@page("GET", _HERE, signed_in=True)
async def invitation(visit: Visit) -> Response:
    """Who invites, to what, and what the role may do."""
    return await _show(visit, Form(visit))


@page("POST", _HERE + "/accept", signed_in=True)
async def accept(visit: Visit) -> Response:
    """Join; that takes the developer agreement, as every other way into the portal does."""
    form = Form(visit)
    if not form.checked("agreed"):
        form.refuse("agreed", _("Please accept the developer agreement."))
        return await _show(visit, form, 400)
    team_id = await visit.db.write(accept_invitation, visit.me.account_id, invitation_id_of(visit))
    return visit.redirect(f"/portal?team={team_id}", notice=_("You are in the team now."))


@page("POST", _HERE + "/decline", signed_in=True)
async def decline(visit: Visit) -> Response:
    """Say no; the team sees it in its history."""
    await visit.db.write(decline_invitation, visit.me.account_id, invitation_id_of(visit))
    return visit.redirect("/portal", notice=_("You declined the invitation."))


async def _show(visit: Visit, form: Form, status: int = 200) -> Response:
    found = await invitation_to(visit.db, visit.me.account_id, invitation_id_of(visit))
    return visit.render("portal/invitation.html", status, invitation=found, role=ROLES[found.role], form=form)
