"""Refusals as X writes them: RFC 7807 problems on v2, numbered errors on v1.1 (X facts 1.7, 4.3, 4.4).

The only place of the API that renders a refusal. The types carry the host that X's clients compare with.
"""

from volary.access.errors import (
    FurtherPermissionMissing,
    LevelTooLow,
    NotEnrolled,
    ScopeMissing,
    UnsupportedAuthentication,
)
from volary.api.answer import PROBLEM, Answer, Headers, json_answer
from volary.api.errors import InvalidRequest, Numbered
from volary.kit.errors import Busy, Forbidden, NotFound, Refusal, TooMany, Unauthenticated

TYPES = "https://api.twitter.com/2/problems/"
BLANK = "about:blank"

_TITLES = {
    400: "Invalid Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found Error",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    501: "Not Implemented",
    503: "Service Unavailable",
}
_ENROLL = (
    "When authenticating requests to v2 endpoints, you must use keys and tokens from a developer App that is attached "
    "to a Project. You can create a Project, and attach the App to it, in the developer portal."
)
_V1_CODES = {400: 214, 401: 32, 403: 220, 404: 34, 405: 86, 413: 386, 429: 88, 501: 251, 503: 130}
_V1_TEXTS = {
    34: "Sorry, that page does not exist.",
    86: "This method requires a GET or POST.",
    88: "Rate limit exceeded",
    130: "Over capacity",
    220: "Your credentials do not allow access to this resource",
    32: "Could not authenticate you.",
}
_NO_CREDENTIALS = 215
UNAUTHORIZED: dict[str, object] = {"title": "Unauthorized", "type": BLANK, "status": 401, "detail": "Unauthorized"}


def refused(refusal: Refusal, path: str, portal: str) -> Answer:
    """The answer for a refusal, in the format that the path speaks.

    `portal` is the address of this server's developer portal, named where X names its own.
    """
    v1 = not path.startswith("/2/")
    if not v1 and isinstance(refusal, Numbered) and refusal.code == _NO_CREDENTIALS:
        refusal = Unauthenticated("Unauthorized", why=refusal.why)  # v2 has one answer for whoever is not known
    headers: Headers = []
    if isinstance(refusal, TooMany):
        headers.append((b"retry-after", b"%d" % refusal.retry_after))
    if refusal.status == 401:
        headers.append((b"www-authenticate", b"Bearer" if not v1 else b'OAuth realm="api"'))
    if v1:
        return _numbered(refusal, path, headers)
    return json_answer(refusal.status, _problem(refusal, portal), headers, PROBLEM)


def _problem(refusal: Refusal, portal: str) -> dict[str, object]:
    match refusal:
        case Unauthenticated():
            return UNAUTHORIZED
        case UnsupportedAuthentication():
            supported = ", ".join(refusal.supported)
            return {
                "title": "Unsupported Authentication",
                "detail": f"Authenticating with {refusal.used} is forbidden for this endpoint.  "
                f"Supported authentication types are [{supported}].",
                "type": TYPES + "unsupported-authentication",
                "status": 403,
            }
        case ScopeMissing():
            return {"title": "Forbidden", "type": BLANK, "status": 403, "detail": "Forbidden"}
        case LevelTooLow():
            return {
                "title": "Forbidden",
                "status": 403,
                "detail": "Your client app is not configured with the appropriate oauth1 app permissions"
                " for this endpoint.",
                "type": TYPES + "oauth1-permissions",
            }
        case NotEnrolled() | FurtherPermissionMissing():
            return _client_forbidden(refusal, portal)
        case InvalidRequest():
            return {
                "errors": [{"parameters": _parameters(refusal), "message": str(refusal)}],
                "title": "Invalid Request",
                "detail": "One or more parameters to your request was invalid.",
                "type": TYPES + "invalid-request",
                "status": 400,
            }
        case TooMany() if not isinstance(refusal, Busy):
            return {"title": "Too Many Requests", "type": BLANK, "status": 429, "detail": "Too Many Requests"}
        case NotFound():
            return {
                "title": "Not Found Error",
                "type": TYPES + "resource-not-found",
                "status": 404,
                "detail": str(refusal),
            }
        case Numbered(status=401):
            return UNAUTHORIZED
        case _:
            title = _TITLES.get(refusal.status, "Error")
            kind = TYPES + "invalid-request" if refusal.status == 400 else BLANK
            return {"detail": str(refusal), "type": kind, "title": title, "status": refusal.status}


def _client_forbidden(refusal: NotEnrolled | FurtherPermissionMissing, portal: str) -> dict[str, object]:
    """What the app as such may not do: it is in no Project, or was not given what only the platform gives."""
    needed = refusal.permission if isinstance(refusal, FurtherPermissionMissing) else ""
    return {
        "client_id": str(refusal.app_id),
        "detail": str(refusal) if needed else _ENROLL,
        "registration_url": portal,
        "title": "Client Forbidden",
        "required_enrollment": needed or "Appropriate Level of API Access",
        "reason": "further-permission-missing" if needed else "client-not-enrolled",
        "type": TYPES + "client-forbidden",
    }


def _parameters(refusal: InvalidRequest) -> dict[str, list[str]]:
    return {refusal.parameter: list(refusal.values)} if refusal.parameter else {}


def _numbered(refusal: Refusal, path: str, headers: Headers) -> Answer:
    """v1.1's `{"errors": [{"code": …, "message": …}]}`, and its older body for a level that is too low (X facts 1.7)."""
    if isinstance(refusal, LevelTooLow):
        if path.startswith("/1.1/direct_messages/"):
            text = "This application is not allowed to access or delete your direct messages."
            return json_answer(403, {"errors": [{"code": 93, "message": text}]}, headers)
        return json_answer(401, {"request": path, "error": "Read-only application cannot POST."}, headers)
    code = refusal.code if isinstance(refusal, Numbered) else _V1_CODES.get(refusal.status, 131)
    own_words = isinstance(refusal, Forbidden) and not isinstance(refusal, (UnsupportedAuthentication, ScopeMissing))
    text = str(refusal) if own_words or isinstance(refusal, Numbered) else _V1_TEXTS.get(code, str(refusal))
    return json_answer(refusal.status, {"errors": [{"code": code, "message": text}]}, headers)


def not_found(kind: str, parameter: str, value: str) -> dict[str, object]:
    """A partial error: one of the things that were asked for is not there, or not for this caller."""
    return {
        "value": value,
        "detail": f"Could not find {kind} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        "type": TYPES + "resource-not-found",
    }


def suspended(parameter: str, value: str) -> dict[str, object]:
    """A partial error: the account is there, but suspended (SR-212)."""
    return {
        "value": value,
        "detail": f"User has been suspended: [{value}].",
        "title": "Forbidden",
        "resource_type": "user",
        "parameter": parameter,
        "resource_id": value,
        "type": TYPES + "resource-unavailable",
    }


def not_authorized(parameter: str, value: str, kind: str = "user") -> dict[str, object]:
    """A partial error: the account is there, but what it made is not for this caller; or another thing is that is not theirs."""
    return {
        "resource_id": value,
        "parameter": parameter,
        "resource_type": kind,
        "section": "data",
        "title": "Authorization Error",
        "value": value,
        "detail": f"Sorry, you are not authorized to see the {kind} with {parameter}: [{value}].",
        "type": TYPES + "not-authorized-for-resource",
    }


def not_authorized_for_field(kind: str, field: str, resource_id: str, section: str = "data") -> dict[str, object]:
    """A partial error: the thing is there, one of its fields is not for this caller (SR-211)."""
    return {
        "title": "Field Authorization Error",
        "detail": f"Sorry, you are not authorized to access '{field}' on the {kind.title()} with id : [{resource_id}].",
        "field": field,
        "parameter": "id",
        "resource_id": resource_id,
        "value": resource_id,
        "resource_type": kind,
        "section": section,
        "type": TYPES + "not-authorized-for-field",
    }
