"""What the browser gets after a decision: the way back to the app, a PIN, or a page that says why there is neither."""

from starlette.responses import Response

from volary.api.reasons import reasons
from volary.developers.queries import app_by_id
from volary.kit.secrets import digest
from volary.language import mark as _
from volary.oauth import pending
from volary.oauth.asking import Outcome, Redirect
from volary.oauth.consent.destination import destination
from volary.oauth.consent.kinds import ANSWERED, BY_PARAMETER, EXPIRED, INVALID, MISTAKEN
from volary.oauth.consent.names import plain
from volary.oauth.errors import PageRefusal
from volary.web import Visit

GROUP = 4
"""From how many digits on a PIN is shown in two groups."""


async def answered(visit: Visit, app_id: int, outcome: Outcome) -> Response:
    """Where an outcome leads: by 303 to the app's callback, else to a page of ours (X facts 1.4)."""
    if outcome.url:
        return visit.leave(outcome.url)
    app = await app_by_id(visit.db, app_id)
    name = plain(app.name) if app else ""
    if outcome.pin:
        middle = len(outcome.pin) // 2
        groups = (outcome.pin[:middle], outcome.pin[middle:]) if len(outcome.pin) > GROUP else (outcome.pin,)
        return visit.render("oauth/pin.html", name=name, pin=outcome.pin, groups=groups)
    return visit.render("oauth/denied.html", name=name, back=outcome.back)


async def gone(visit: Visit, token: str) -> Response:
    """The calm page for a request that is not there (any more) for this browser: answered before, or too old (SR-126)."""
    kind = EXPIRED if await pending.expired(visit.db, token, digest(visit.binding)) else ANSWERED
    return visit.problem(kind.status, visit.t(kind.about), kind=kind)


def mistaken(visit: Visit, redirect: Redirect) -> Response:
    """The page before an app hears of its own mistake: anybody can register an App and send people to its callback by a link to this site,
    so whoever never dealt with the App sees where it leads, and goes there by a press (RFC 9700 §4.11.2, decision 0040).
    """
    place = destination(redirect.url).place
    visit.repeats_query = False
    return visit.problem(
        MISTAKEN.status,
        visit.t(MISTAKEN.about),
        kind=MISTAKEN,
        back=(redirect.url, visit.t(_("Return to %(app)s"), app=place)),
        developer={visit.t(_("Error")): str(redirect.refusal)},
    )


def refused(visit: Visit, refusal: PageRefusal) -> Response:
    """The page for a request that must not be answered by a redirect. It links to nothing that the request named (SR-001, B15)."""
    kind = BY_PARAMETER.get(refusal.field or "", INVALID)
    reasons.tell(refusal, visit.request_id)
    visit.refused_to(refusal)
    visit.repeats_query = False
    developer = {}
    if refusal.field:
        developer[visit.t(_("Parameter"))] = refusal.field
    if refusal.message != kind.about:
        developer[visit.t(_("Error"))] = visit.t(refusal.message, **refusal.parameters)
    if refusal.hint:
        developer[visit.t(_("Hint"))] = visit.t(refusal.hint, **refusal.hint_parameters)
    return visit.problem(refusal.status, visit.t(kind.about), kind=kind, developer=developer)
