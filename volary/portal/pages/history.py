"""A team's history: every change, who made it, and when."""

from volary.db.paging import Bounds
from volary.developers.queries import team_of_member
from volary.developers.rules.roles import ROLES
from volary.developers.rules.tiers import TIERS
from volary.kit.ids import LARGEST_ID, id_in
from volary.language import mark as _
from volary.portal.forms.settings import team_id_of
from volary.portal.queries import Happening, history_of_team
from volary.portal.queries.history import PAGE
from volary.web import Response, Visit, page

SENTENCES = {
    "team.created": _("made the team"),
    "team.renamed": _("named the team %(to)s"),
    "tier.wanted": _("asked for the access tier %(tier)s"),
    "tier.set": _("set the access tier %(tier)s"),
    "member.invited": _("invited @%(subject)s as %(role)s"),
    "member.joined": _("joined as %(role)s"),
    "member.declined": _("declined the invitation"),
    "member.withdrawn": _("withdrew the invitation of @%(subject)s"),
    "member.role": _("made @%(subject)s %(role)s"),
    "member.removed": _("removed @%(subject)s"),
    "member.left": _("left the team"),
    "member.appointed": _("made @%(subject)s an administrator of the team"),
    "project.created": _("created the Project %(name)s"),
    "project.edited": _("changed the Project %(name)s"),
    "project.deleted": _("deleted the Project %(name)s"),
    "app.created": _("created the App %(name)s"),
    "app.edited": _("changed the details of %(name)s"),
    "app.authentication": _("changed the user authentication settings of %(name)s"),
    "app.moved": _("moved %(name)s to another place"),
    "app.given": _("made @%(owner)s the owner of %(name)s"),
    "app.deleted": _("deleted the App %(name)s"),
    "app.purged": _("forgot the settings of the deleted App %(name)s"),
    "app.undeleted": _("brought back the App %(name)s"),
    "app.suspended": _("suspended the App %(name)s"),
    "app.disconnected": _("ended all connections of %(name)s"),
    "appeal.made": _("appealed against the suspension of %(name)s"),
    "appeal.continued": _("wrote to the operator about %(name)s"),
    "appeal.answered": _("answered the appeal about %(name)s"),
    "app.limited": _("set the rate limits of %(name)s to %(percent)s percent"),
    "app.renamed": _("named the App %(name)s %(to)s"),
    "app.restored": _("restored the App %(name)s"),
    "app.permitted": _("gave %(name)s the further permission %(permission)s"),
    "app.unpermitted": _("took the further permission %(permission)s from %(name)s"),
    "credential.obtained": _("obtained an App Access Token of %(name)s"),
    "credential.renewed": _("regenerated keys or tokens of %(name)s"),
    "credential.revoked": _("revoked keys or tokens of %(name)s"),
}
"""What each kind of event says, after the name of who acted. A test holds it together with what the actions record."""

_OPERATORS = frozenset(
    {
        *("app.suspended", "app.restored", "app.disconnected", "app.limited", "app.renamed", "app.permitted"),
        *("app.unpermitted", "appeal.answered", "tier.set", "member.appointed"),
    }
)
"""What operators do. They stay without a name, as in the thread of an appeal."""


@page("GET", "/portal/teams/{team_id}/history", signed_in=True)
async def history(visit: Visit) -> Response:
    """The newest first, a page at a time."""
    team = await team_of_member(visit.db, visit.me.account_id, team_id_of(visit))
    before = id_in(visit.query.get("before", "")) or LARGEST_ID
    rows = await history_of_team(visit.db, team.id, Bounds(before=before))
    return visit.render(
        "portal/history.html",
        team=team,
        rows=[(row, None if row.kind in _OPERATORS else row.actor, _sentence(visit, row)) for row in rows[:PAGE]],
        older=rows[PAGE - 1].id if len(rows) > PAGE else None,
    )


def _sentence(visit: Visit, row: Happening) -> str:
    told = dict.fromkeys(("name", "percent", "role", "tier", "owner", "to", "reason", "permission"), "") | row.told
    told["subject"] = row.subject or "?"
    role, tier = ROLES.get(told["role"]), TIERS.get(told["tier"])
    told["role"] = visit.t(role) if role else ""
    told["tier"] = visit.t(tier.label) if tier else ""
    return visit.t(SENTENCES.get(row.kind, row.kind), **told)
