"""Pages that say what went wrong: one place renders every refusal (ecosystem B15, SR-303).

A person reads what happened and what to do; a developer finds a code, the status and the request's id. The private `why` goes to the log.
"""

import logging
from typing import TYPE_CHECKING

from starlette.responses import Response

from volary.kit.errors import Busy, Refusal, TooMany
from volary.language import mark as _

if TYPE_CHECKING:
    from volary.web.visit import Visit

log = logging.getLogger("volary.web")

TITLES = {
    400: _("That did not work"),
    401: _("Please sign in"),
    403: _("This is not allowed"),
    404: _("Page not found"),
    405: _("This address works in another way"),
    409: _("That is not possible any more"),
    413: _("That is too large"),
    415: _("This kind of content is not taken"),
    429: _("Too many attempts"),
    500: _("Something went wrong on our side"),
    503: _("Not just now"),
}
CODES = {
    400: "invalid-request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    408: "too-slow",
    413: "too-large",
    415: "unsupported-type",
    429: "too-many-requests",
    500: "internal-error",
    503: "busy",
}
NOT_FOUND = _("There is nothing at this address, or nothing that you may see. It may have been moved or deleted.")
WRONG_METHOD = _("This address is there, but not for this kind of request.")
UNEXPECTED = _(
    "The request could not be completed because of an error in the server. Nothing was lost that you had saved before."
)


class FormRefused(Refusal):
    """A form came without the proof that it was filled in on a page of this session (SR-122, SR-136, SR-139)."""

    status = 403


def refused(visit: "Visit", refusal: Refusal) -> Response:
    """The page for a refusal that a handler did not answer itself."""
    log.info("refused", extra={"request_id": visit.request_id, "status": refusal.status, "why": refusal.why})
    code = "form-expired" if isinstance(refusal, FormRefused) else None
    answer = visit.problem(refusal.status, visit.t(refusal.message, **refusal.parameters), code=code)
    if isinstance(refusal, TooMany | Busy):
        answer.headers["retry-after"] = str(refusal.retry_after)
    return answer
