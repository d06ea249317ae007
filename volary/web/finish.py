"""What the ring adds to every answer: security headers, cookies, the request's id."""

from starlette.responses import Response

from volary.web import headers
from volary.web.visit import Visit

REQUEST_ID = "x-request-id"


def finished(visit: Visit, answer: Response) -> Response:
    """The answer with everything that it must carry. A handler that set a caching rule of its own keeps it."""
    for name, value in headers.FIXED.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("cache-control", "no-store")
    answer.headers.setdefault("content-security-policy", headers.content_policy(visit.form_targets))
    answer.headers[REQUEST_ID] = visit.request_id
    if visit.secure:
        answer.headers["strict-transport-security"] = headers.HSTS
    for text in visit.set_cookies.values():
        answer.headers.append("set-cookie", text)
    return answer
