"""The scopes of an authorization request: known, each once, and allowed for this App."""

import pytest

from tests.oauth.oauth2.stage import STATE, Stage
from volary.access.levels import Level
from volary.access.scopes import SCOPES
from volary.developers.actions import edit_authentication
from volary.developers.rules.settings import Authentication

WRONG = [
    pytest.param(None, id="absent"),
    pytest.param("", id="empty"),
    pytest.param("   ", id="blank"),
    pytest.param("tweet.read nonsense", id="unknown"),
    pytest.param("tweet.read,users.read", id="commas"),
    pytest.param("Tweet.Read", id="capitals"),
    pytest.param("tweet.read\tusers.read", id="tab"),
    pytest.param("tweet.read\0", id="nul"),
    pytest.param('"tweet.read"', id="quotes"),
    pytest.param("tweet.read tweet.read", id="twice"),
    pytest.param("*", id="wildcard"),
    pytest.param(" ".join(f"scope{n}" for n in range(10_000)), id="ten thousand"),
    pytest.param("x" * 65_536, id="64 KB"),
]


@pytest.mark.attack("SR-112")
@pytest.mark.parametrize("scope", WRONG)
async def test_wrong_scopes_go_back_as_an_error_at_once(stage: Stage, scope: str | None) -> None:
    assert await stage.sent_back(stage.c1, scope=scope) == {"error": "invalid_scope", "state": STATE}


@pytest.mark.attack("SR-112")
async def test_scopes_in_brackets_or_twice_are_an_error(stage: Stage) -> None:
    for added in (b"&scope=users.read", b"&scope[a]=b"):
        redirect = await stage.begin(stage.query(stage.c1) + added)
        assert "error=invalid_scope" in redirect.url  # type: ignore[union-attr]


@pytest.mark.claim("C073")
async def test_each_scope_can_be_asked_for_alone(stage: Stage) -> None:
    assert len(SCOPES) >= 25
    for scope in SCOPES:
        assert (await stage.asked(stage.c1, scope=scope)).scopes == (scope,)


@pytest.mark.claim("C073")
async def test_all_of_them_together_keep_the_order_of_the_request(stage: Stage) -> None:
    backwards = tuple(reversed(SCOPES))
    assert (await stage.asked(stage.c1, scope=" ".join(backwards))).scopes == backwards
    assert (await stage.asked(stage.c1, scope=" users.read  tweet.read ")).scopes == ("users.read", "tweet.read")


@pytest.mark.claim("C063", "C064")
async def test_the_email_scope_obeys_the_switch_of_the_app(stage: Stage) -> None:
    scope = "users.read users.email"
    assert (await stage.asked(stage.c1, scope=scope)).email
    off = Authentication(level=Level.READ, email=False, oauth2=True, type="web")
    await stage.db.write(edit_authentication, stage.cast.dev.id, stage.c1.app.id, off)
    assert await stage.sent_back(stage.c1, scope=scope) == {"error": "invalid_scope", "state": STATE}
    assert not (await stage.asked(stage.c1, scope="users.read")).email
