"""What waits in the console: developers, access tiers, reports."""

from volary.developers.rules.tiers import TIERS
from volary.graph.queries.reports import latest_reports
from volary.language import mark as _
from volary.operator.actions.requests import OUTCOMES, approve, decide, give_tier, refuse
from volary.operator.pages.entry import actor_of, console, number_in, older_page, older_than
from volary.operator.queries.apps import PAGE
from volary.operator.queries.requests import waiting_developers, waiting_teams
from volary.web import Form, Response, Visit

_HERE = "/operator/requests"


@console("GET", _HERE)
async def show_requests(visit: Visit) -> Response:
    """Developers who wait, and teams that want another access tier."""
    return visit.render(
        "operator/requests.html",
        form=Form(visit),
        developers=await waiting_developers(visit.db),
        teams=await waiting_teams(visit.db),
        tiers=TIERS,
    )


@console("POST", _HERE + "/developers/{account_id}/approve")
async def approve_it(visit: Visit) -> Response:
    """Let the developer begin."""
    await visit.db.write(approve, actor_of(visit), number_in(visit, "account_id"))
    return visit.redirect(_HERE, notice=_("The developer account is approved."))


@console("POST", _HERE + "/developers/{account_id}/refuse")
async def refuse_it(visit: Visit) -> Response:
    """Refuse; the developer reads why."""
    reason = Form(visit)["reason"]
    await visit.db.write(refuse, actor_of(visit), number_in(visit, "account_id"), reason=reason)
    return visit.redirect(_HERE, notice=_("The developer account is refused."))


@console("POST", _HERE + "/teams/{team_id}")
async def set_tier_of(visit: Visit) -> Response:
    """Give the team the access tier that was chosen, with an answer that its members read."""
    form = Form(visit)
    await visit.db.write(give_tier, actor_of(visit), number_in(visit, "team_id"), form["tier"], answer=form["answer"])
    return visit.redirect(_HERE, notice=_("The team has its access tier and reads your answer."))


@console("GET", "/operator/reports")
async def show_reports(visit: Visit) -> Response:
    """Who was reported for spam, by whom, and what came of it; the latest first."""
    found = await latest_reports(visit.db, older_than(visit).before, PAGE + 1)
    older = older_page("/operator/reports", [row.place for row in found])
    return visit.render("operator/reports.html", form=Form(visit), found=found[:PAGE], older=older, outcomes=OUTCOMES)


@console("POST", "/operator/reports/{account_id}")
async def decide_it(visit: Visit) -> Response:
    """Say what came of the reports about an account."""
    await visit.db.write(decide, actor_of(visit), number_in(visit, "account_id"), Form(visit)["outcome"])
    return visit.redirect("/operator/reports", notice=_("The outcome is kept."))
