"""The metadata document says what the server does, in either position of each switch."""

import msgspec
import pytest

from tests.oauth.oauth2.stage import Stage
from volary.access.scopes import SCOPES
from volary.oauth.oauth2 import authorize
from volary.oauth.oauth2.metadata import PATH, issuer, metadata
from volary.settings import Settings


@pytest.mark.attack("SR-306")
async def test_what_it_names_is_there_and_what_is_there_is_named(stage: Stage) -> None:
    got = await stage.send("GET", PATH)
    assert (got.status, got.header("content-type")) == (200, "application/json; charset=utf-8")
    told = got.json
    base = told["issuer"]
    assert told["authorization_endpoint"].removeprefix(base) in authorize.PATHS
    for name in ("token_endpoint", "revocation_endpoint"):
        assert (await stage.post(told[name].removeprefix(base), {})).status == 400
    assert set(told["scopes_supported"]) == set(SCOPES)
    for kind in ("authorization_code", "refresh_token", "password", "client_credentials"):
        answer = await stage.post("/2/oauth2/token", {"grant_type": kind}, stage.c1)
        assert (answer.json["error"] == "unsupported_grant_type") == (kind not in told["grant_types_supported"])
    for method in (*told["code_challenge_methods_supported"], "S512"):
        query = stage.query(stage.c1, code_challenge_method=method)
        refused = hasattr(await stage.begin(query), "url")
        assert refused == (method not in told["code_challenge_methods_supported"])


@pytest.mark.attack("SR-306")
@pytest.mark.parametrize("on", [True, False])
def test_it_follows_the_switches(settings: Settings, on: bool) -> None:
    told = metadata(msgspec.structs.replace(settings, issuer_in_answers=on, pkce_plain=on))
    assert told["authorization_response_iss_parameter_supported"] is on
    assert ("plain" in told["code_challenge_methods_supported"]) is on  # type: ignore[operator]


@pytest.mark.parametrize("url", ["https://social.example", "https://social.example/", "https://a.example/volary/"])
def test_the_issuer_is_the_public_address_without_a_slash_at_its_end(url: str) -> None:
    assert issuer(Settings(public_url=url)) == url.rstrip("/")
