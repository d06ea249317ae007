"""The metadata document says what the server does, in either position of each switch."""

from urllib.parse import urlencode

import msgspec
import pytest

from tests.oauth.oauth2.stage import CALLBACK, VERIFIER, Stage
from volary.access.scopes import SCOPES
from volary.oauth.errors import PageRefusal
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


@pytest.mark.attack("SR-378")
async def test_what_is_not_offered_is_not_named_and_not_looked_at(stage: Stage) -> None:
    """Pushed requests (RFC 9126), request objects (RFC 9101), proof of possession (RFC 9449), other ways to be a client."""
    told = metadata(stage.settings)
    named = ("pushed", "request_", "dpop", "mtls", "jwks", "device", "registration", "introspection", "id_token")
    assert not [key for key in told if key.startswith(named)]
    assert not {"private_key_jwt", "client_secret_jwt", "client_secret_post"} & {
        method
        for key, methods in told.items()
        if key.endswith("auth_methods_supported")
        for method in methods  # type: ignore[attr-defined]
    }
    for path in ("/2/oauth2/par", "/i/oauth2/par", "/oauth2/par", "/2/oauth2/introspect", "/2/oauth2/device"):
        assert (await stage.post(path, {"client_id": stage.c1.app.client_id}, stage.c1)).status == 404
    pushed = {
        "request_uri": "urn:ietf:params:oauth:request_uri:x",
        "request": "eyJhbGciOiJub25lIn0.e30.",
        "dpop_jkt": "x",
    }
    assert await stage.asked(stage.c1, **pushed) == await stage.asked(stage.c1)
    with pytest.raises(PageRefusal):
        await stage.begin(urlencode({"client_id": stage.c1.app.client_id, **pushed}).encode())
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    code = await stage.code(stage.c1)
    got = await stage.post("/2/oauth2/token", form | {"code": code}, stage.c1, {"dpop": "eyJhbGciOiJub25lIn0.e30."})
    assert (got.status, got.json["token_type"]) == (200, "bearer")
    access = got.json["access_token"]
    assert await stage.status(headers={"authorization": f"DPoP {access}", "dpop": "x"}) == 401
    assert await stage.status(headers={"authorization": f"Bearer {access}", "dpop": "x"}) == 200


@pytest.mark.parametrize("url", ["https://social.example", "https://social.example/", "https://a.example/volary/"])
def test_the_issuer_is_the_public_address_without_a_slash_at_its_end(url: str) -> None:
    assert issuer(Settings(public_url=url)) == url.rstrip("/")
