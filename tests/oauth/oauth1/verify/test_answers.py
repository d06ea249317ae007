"""How refusals look on the wire: X's numbers on v1.1 and at OAuth's own doors, problems on v2 (X facts 1.7, 4.3)."""

import json

import pytest

from volary.api.errors import Numbered
from volary.api.problems import refused
from volary.oauth.oauth1 import errors

TABLE = [
    (errors.BadData("why"), 400, 215, "Bad Authentication data."),
    (errors.NotAuthenticated("why"), 401, 32, "Could not authenticate you."),
    (errors.WrongTime("why"), 401, 135, "Could not authenticate you (timestamp out of bounds)"),
    (errors.DeadToken("why"), 401, 89, "Invalid or expired token."),
    (errors.AppRefused(1, suspended=True), 401, 416, "Invalid / suspended application"),
    (errors.OnlyOutOfBand("why"), 401, 417, "Desktop applications only support the oauth_callback value 'oob'"),
    (errors.MissingParameter("x"), 403, 38, "x parameter is missing."),
    (errors.NotPermitted("why"), 403, 87, "Client is not permitted to perform this action."),
]


@pytest.mark.parametrize("refusal, status, code, text", TABLE, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("path", ["/oauth/request_token", "/1.1/account/verify_credentials.json"])
def test_on_v1_1(refusal: Numbered, status: int, code: int, text: str, path: str) -> None:
    answer = refused(refusal, path, "")
    assert (answer.status, answer.content_type) == (status, b"application/json; charset=utf-8")
    assert json.loads(answer.body) == {"errors": [{"code": code, "message": text}]}
    assert (b"www-authenticate" in dict(answer.headers)) is (status == 401)


@pytest.mark.parametrize("refusal", [row[0] for row in TABLE if row[1] == 401], ids=lambda value: type(value).__name__)
def test_on_v2_all_are_told_alike(refusal: Numbered) -> None:
    answer = refused(refusal, "/2/users/me", "")
    assert (answer.status, answer.content_type) == (401, b"application/problem+json; charset=utf-8")
    assert json.loads(answer.body) == {
        "title": "Unauthorized",
        "type": "about:blank",
        "status": 401,
        "detail": "Unauthorized",
    }


def test_the_private_reason_stays_private() -> None:
    for path in ("/2/users/me", "/oauth/request_token"):
        for refusal, *_ in TABLE:
            assert b"why" not in refused(refusal, path, "").body
