"""A team: its members and invitations, its access tier, and its history (C162)."""

from volary.developers import actions
from volary.developers.errors import MemberUnknown
from volary.developers.models import MemberRow, OwnTeamRow
from volary.developers.queries import invitations_from, member_of_team, members_of_team, team_of_member
from volary.developers.rules.roles import DEVELOPER, ROLES, Act, acts_of
from volary.developers.rules.tiers import ESSENTIAL, TIERS
from volary.kit.errors import Conflict, Invalid, NotFound
from volary.language import mark as _
from volary.portal.actions import leave_team, remove_member
from volary.portal.forms.settings import account_id_of, invitation_id_of, show, team_id_of
from volary.portal.pages.proof import proven
from volary.web import Form, Response, Visit, page

_HERE = "/portal/teams/{team_id}"
_MEMBER = _HERE + "/members/{account_id}"


@page("GET", _HERE, signed_in=True)
async def team(visit: Visit) -> Response:
    """Who is in it, who is invited, and what may be changed."""
    return await _show(visit)


@page("POST", _HERE, signed_in=True)
async def rename(visit: Visit) -> Response:
    """Give the team another name."""
    found, form = await _team(visit, Act.RENAME_TEAM), Form(visit)
    try:
        await visit.db.write(actions.rename_team, visit.me.account_id, found.id, form["name"])
    except Invalid as refusal:
        return await _show(visit, show(visit, form, refusal), renaming=form)
    return _back(visit, found, _("Your changes were saved."))


@page("POST", _HERE + "/invite", signed_in=True)
@proven
async def invite(visit: Visit) -> Response:
    """Invite somebody by username, as administrator or developer."""
    found, form = await _team(visit, Act.INVITE), Form(visit)
    try:
        invited = await visit.db.write(actions.invite, visit.me.account_id, found.id, form["username"], form["role"])
    except (Invalid, Conflict, NotFound) as refusal:
        return await _show(visit, show(visit, form, refusal), inviting=form)
    return _back(visit, found, _("@%(username)s is invited."), username=invited)


@page("POST", _HERE + "/invitations/{invitation_id}/withdraw", signed_in=True)
async def withdraw(visit: Visit) -> Response:
    """Take an invitation back."""
    found = await _team(visit, Act.INVITE)
    await visit.db.write(actions.withdraw_invitation, visit.me.account_id, found.id, invitation_id_of(visit))
    return _back(visit, found, _("The invitation was withdrawn."))


@page("GET", _MEMBER, signed_in=True)
async def member(visit: Visit) -> Response:
    """A member's role, and the way out."""
    return await _show_member(visit)


@page("POST", _MEMBER, signed_in=True)
@proven
async def set_role(visit: Visit) -> Response:
    """Give a member another role."""
    found, form = await _team(visit, Act.SET_ROLE), Form(visit)
    try:
        await visit.db.write(actions.set_role, visit.me.account_id, found.id, account_id_of(visit), form["role"])
    except (Invalid, Conflict) as refusal:
        return await _show_member(visit, show(visit, form, refusal), form)
    return _back(visit, found, _("Your changes were saved."))


@page("POST", _MEMBER + "/remove", signed_in=True)
@proven
async def remove(visit: Visit) -> Response:
    """Take a member out of the team; their Apps stay in it."""
    found, form = await _team(visit, Act.REMOVE_MEMBER), Form(visit)
    gone = await _member_of(visit, found)
    try:
        await visit.db.write(remove_member, visit.me.account_id, found.id, gone.account_id)
    except Conflict as refusal:
        return await _show_member(visit, show(visit, form, refusal))
    if gone.account_id == visit.me.account_id:
        return visit.redirect("/portal", notice=_("You left the team."))
    return _back(visit, found, _("@%(username)s is no longer in the team."), username=gone.username)


@page("GET", _HERE + "/leave", signed_in=True)
async def ask_before_leaving(visit: Visit) -> Response:
    """What becomes of one's Apps."""
    found = await _team(visit, Act.LEAVE)
    return visit.render("portal/leave_team.html", team=found, form=Form(visit))


@page("POST", _HERE + "/leave", signed_in=True)
@proven
async def leave(visit: Visit) -> Response:
    """Leave the team, unless nobody else administers it."""
    found, form = await _team(visit, Act.LEAVE), Form(visit)
    try:
        await visit.db.write(leave_team, visit.me.account_id, found.id)
    except Conflict as refusal:
        return visit.render("portal/leave_team.html", show(visit, form, refusal), team=found, form=form)
    return visit.redirect("/portal", notice=_("You left the team."))


async def _team(visit: Visit, act: Act = Act.SEE) -> OwnTeamRow:
    return await team_of_member(visit.db, visit.me.account_id, team_id_of(visit), act)


async def _member_of(visit: Visit, found: OwnTeamRow) -> MemberRow:
    row = await member_of_team(visit.db, found.id, account_id_of(visit))
    if row is None:
        raise MemberUnknown
    return row


def _back(visit: Visit, found: OwnTeamRow, notice: str, *, username: str = "") -> Response:
    return visit.redirect(f"/portal/teams/{found.id}", notice=notice, username=username)


async def _show(
    visit: Visit, status: int = 200, *, renaming: Form | None = None, inviting: Form | None = None
) -> Response:
    found = await _team(visit)
    return visit.render(
        "portal/team.html",
        status,
        team=found,
        may=acts_of(found.role),
        members=await members_of_team(visit.db, found.id),
        invitations=await invitations_from(visit.db, found.id),
        roles=ROLES,
        tier=TIERS.get(found.tier, TIERS[ESSENTIAL]),
        tiers=TIERS,
        renaming=renaming or Form(visit, {"name": found.name}),
        inviting=inviting or Form(visit, {"role": DEVELOPER}),
    )


async def _show_member(visit: Visit, status: int = 200, form: Form | None = None) -> Response:
    found = await _team(visit, Act.SET_ROLE)
    row = await _member_of(visit, found)
    return visit.render(
        "portal/member.html",
        status,
        team=found,
        member=row,
        roles=ROLES,
        form=form or Form(visit, {"role": row.role}),
    )
