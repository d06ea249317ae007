"""The third check, and the first whose errors go back to the app: the code flow, and no other."""

import pytest

from tests.oauth.oauth2.stage import STATE, Stage


@pytest.mark.attack("SR-002", "SR-094")
@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ("token", "unsupported_response_type"),
        ("id_token", "unsupported_response_type"),
        ("code token", "unsupported_response_type"),
        ("none", "unsupported_response_type"),
        ("CODE", "unsupported_response_type"),
        ("", "invalid_request"),
        (None, "invalid_request"),
    ],
)
async def test_another_response_type_goes_back_as_an_error(stage: Stage, sent: str | None, error: str) -> None:
    before = await stage.rows()
    assert await stage.sent_back(stage.c1, response_type=sent) == {"error": error, "state": STATE}
    assert await stage.rows() == before


async def test_two_response_types_are_an_error(stage: Stage) -> None:
    redirect = await stage.begin(stage.query(stage.c1) + b"&response_type=code")
    assert "error=invalid_request" in redirect.url  # type: ignore[union-attr]
