"""Pages that say what went wrong: one place renders every refusal (ecosystem B15, SR-303).

A person reads what happened and what to do; a developer finds a code, the status and the request's id. The private `why` goes to the log.
"""

import logging
from typing import TYPE_CHECKING

from starlette.responses import Response

from volary.kit.errors import Busy, Refusal, TooMany
from volary.language import mark as _
from volary.web import cookies, kinds
from volary.web.local import going_on_to, local_path

if TYPE_CHECKING:
    from volary.web.visit import Visit

log = logging.getLogger("volary.web")

START_AGAIN = _("Start again")

CODES_PAGE = "/help/errors"
"""The help page that lists every code, each at an anchor of its own."""


class FormRefused(Refusal):
    """A form came without the proof that it was filled in on a page of this session (SR-122, SR-136, SR-139)."""

    status = 403
    kind = kinds.FORM_EXPIRED
    back: str | None = _("Back to the page")
    """The label of the button that leads to the form's page; None where that page is not ours to show anew."""


class FormFromElsewhere(FormRefused):
    """A form that the browser says another site has sent."""

    kind = kinds.FORM_FROM_ELSEWHERE
    back = None


def refused(visit: "Visit", refusal: Refusal) -> Response:
    """The page for a refusal that a handler did not answer itself."""
    log.info("refused", extra={"request_id": visit.request_id, "status": refusal.status, "why": refusal.why})
    kind, text = kinds.kind_of(refusal.status), visit.t(refusal.message, **refusal.parameters)
    way = None
    if isinstance(refusal, Busy):
        return _busy(visit, refusal, text)
    if isinstance(refusal, FormRefused):
        kind, label = refusal.kind, refusal.back
        if kind is not kinds.FORM_FROM_ELSEWHERE and not cookies.joined(visit.request.headers):
            kind = kinds.COOKIES_OFF
            text = visit.t(kind.about)
            label = label and START_AGAIN
        way = _form_page(visit, label)
    developer = {visit.t(_("Parameter")): refusal.field} if refusal.field else {}
    if not isinstance(refusal, TooMany):
        return visit.problem(refusal.status, text, kind=kind, developer=developer, way=way)
    answer = visit.problem(refusal.status, text, kind=kind, developer=developer, then=_wait(visit, refusal.retry_after))
    answer.headers["retry-after"] = str(refusal.retry_after)
    return answer


def _form_page(visit: "Visit", label: str | None) -> tuple[str, str] | None:
    """The page on which a refused form stands: at its own address, or at the nearest one above it where there is a page."""
    path: str = visit.request.scope["path"]
    while label and path and path != "/":
        if visit.has_door(path) and local_path(path, "") == path:
            then = local_path(visit.form.get("then"), "")
            return (going_on_to(path, then) if then else path), label
        path = path.rpartition("/")[0]
    return None


def _wait(visit: "Visit", seconds: int) -> str:
    """How long to wait, in whole minutes."""
    return visit.n(
        "Wait about a minute, then try again.", "Wait about %(n)s minutes, then try again.", -(-seconds // 60)
    )


def _busy(visit: "Visit", refusal: Busy, text: str) -> Response:
    """A page that costs next to nothing: whoever is refused for want of time must not take more of it (SR-352)."""
    kind = kinds.kind_of(refusal.status)
    answer = visit.render("web/busy.html", refusal.status, title=visit.t(kind.title), text=text, code=kind.code)
    answer.headers["retry-after"] = str(refusal.retry_after)
    return answer
