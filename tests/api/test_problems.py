"""Every refusal in both of X's formats: RFC 7807 problems on v2, numbered errors on v1.1 and at OAuth's older doors."""

import json

import pytest

from volary.access.errors import LevelTooLow, NotEnrolled, ScopeMissing, UnsupportedAuthentication
from volary.api.bodies import TooLarge, TooSlow
from volary.api.errors import InvalidRequest, NotBuilt, NotPermitted, Numbered
from volary.api.limits import Limited
from volary.api.problems import refused
from volary.api.serve import WrongMethod
from volary.kit.errors import Busy, Conflict, Forbidden, Invalid, NotFound, Refusal, TooMany, Unauthenticated

PORTAL = "http://localhost:8000/portal"
TYPES = "https://api.twitter.com/2/problems/"
BLANK = "about:blank"

TABLE: list[tuple[Refusal, int, str, str, int]] = [
    (Unauthenticated("x", why="private"), 401, "Unauthorized", BLANK, 32),
    (
        UnsupportedAuthentication("a", ("b",)),
        403,
        "Unsupported Authentication",
        TYPES + "unsupported-authentication",
        220,
    ),
    (ScopeMissing(frozenset({"dm.read"})), 403, "Forbidden", BLANK, 220),
    (LevelTooLow(), 403, "Forbidden", TYPES + "oauth1-permissions", 0),
    (NotEnrolled(7), 403, "Client Forbidden", TYPES + "client-forbidden", 220),
    (InvalidRequest("wrong", "ids", ("x",)), 400, "Invalid Request", TYPES + "invalid-request", 214),
    (Invalid("wrong %(what)s", what="text", why="private"), 400, "Invalid Request", TYPES + "invalid-request", 214),
    (NotPermitted("no"), 403, "Forbidden", BLANK, 220),
    (Forbidden("no", why="private"), 403, "Forbidden", BLANK, 220),
    (NotFound("nothing"), 404, "Not Found Error", TYPES + "resource-not-found", 34),
    (Conflict("taken"), 409, "Conflict", BLANK, 131),
    (TooMany("slower", retry_after=9), 429, "Too Many Requests", BLANK, 88),
    (Limited(9, []), 429, "Too Many Requests", BLANK, 88),
    (Busy("later", retry_after=9), 503, "Service Unavailable", BLANK, 130),
    (NotBuilt("This"), 501, "Not Implemented", BLANK, 251),
    (TooLarge("too large"), 413, "Payload Too Large", BLANK, 386),
    (TooSlow("too slow"), 408, "Request Timeout", BLANK, 131),
    (WrongMethod("wrong"), 405, "Method Not Allowed", BLANK, 86),
    (Numbered(403, 187, "Status is a duplicate.", "private"), 403, "Forbidden", BLANK, 187),
    (Numbered(401, 32, "Could not authenticate you."), 401, "Unauthorized", BLANK, 32),
]


@pytest.mark.attack("SR-303")
@pytest.mark.parametrize("refusal, status, title, kind, code", TABLE, ids=lambda value: type(value).__name__)
def test_on_v2(refusal: Refusal, status: int, title: str, kind: str, code: int) -> None:
    answer = refused(refusal, "/2/anything", PORTAL)
    body = json.loads(answer.body)
    assert (answer.status, answer.content_type) == (status, b"application/problem+json; charset=utf-8")
    assert (body["title"], body["type"], body.get("status", status)) == (title, kind, status)
    assert body["detail"]
    assert b"private" not in answer.body
    headers = dict(answer.headers)
    assert headers.get(b"retry-after") == (b"9" if isinstance(refusal, TooMany) else None)
    assert headers.get(b"www-authenticate") == (b"Bearer" if status == 401 else None)


@pytest.mark.parametrize("refusal, status, title, kind, code", TABLE, ids=lambda value: type(value).__name__)
def test_on_v1_1(refusal: Refusal, status: int, title: str, kind: str, code: int) -> None:
    answer = refused(refusal, "/1.1/anything.json", PORTAL)
    body = json.loads(answer.body)
    if isinstance(refusal, LevelTooLow):
        assert (answer.status, body) == (
            401,
            {"request": "/1.1/anything.json", "error": "Read-only application cannot POST."},
        )
        return
    ((only),) = body["errors"]
    assert (answer.status, only["code"]) == (status, code)
    assert only["message"]
    assert b"private" not in answer.body
    assert dict(answer.headers).get(b"www-authenticate") == (b'OAuth realm="api"' if status == 401 else None)


def test_a_level_too_low_for_messages_has_a_number_of_its_own_on_v1_1() -> None:
    answer = refused(LevelTooLow(), "/1.1/direct_messages/events/list.json", PORTAL)
    text = "This application is not allowed to access or delete your direct messages."
    assert (answer.status, json.loads(answer.body)) == (403, {"errors": [{"code": 93, "message": text}]})


def test_missing_credentials_have_one_answer_on_v2_whatever_number_they_had() -> None:
    answer = refused(Numbered(400, 215, "Bad Authentication data."), "/2/users/me", PORTAL)
    assert (answer.status, json.loads(answer.body)["title"]) == (401, "Unauthorized")


def test_a_parameter_is_echoed_clipped() -> None:
    refusal = InvalidRequest("m" * 100_000, "p" * 100_000, ("v" * 100_000,))
    assert len(refused(refusal, "/2/anything", PORTAL).body) < 3_000
