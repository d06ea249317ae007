from typing import Any

import pytest
from requests_oauthlib import OAuth1Session, OAuth2Session
from requests_oauthlib.oauth1_session import TokenRequestDenied

from tests.compat.conftest import CALLBACK, consent
from tests.serving import Server
from volary.access.levels import Level
from volary.server.demo.browser import Browser


@pytest.mark.claim("C013", "C214")
def test_the_three_legs_and_cancel(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(level=Level.READ_WRITE)
    session = OAuth1Session(app.api_key, client_secret=app.api_key_secret, callback_uri=CALLBACK)
    session.fetch_request_token(f"{server.base}/oauth/request_token")
    session.parse_authorization_response(
        consent(server, ann, session.authorization_url(f"{server.base}/oauth/authorize"))
    )
    session.fetch_access_token(f"{server.base}/oauth/access_token")
    me = session.get(f"{server.base}/2/users/me", params={"user.fields": "created_at,description"})
    assert (me.status_code, me.headers["x-access-level"]) == (200, "read-write")

    other = OAuth1Session(app.api_key, client_secret=app.api_key_secret, callback_uri=CALLBACK)
    asked = other.fetch_request_token(f"{server.base}/oauth/request_token")
    consent(server, ann, other.authorization_url(f"{server.base}/oauth/authorize"), "Cancel")
    assert f"{CALLBACK}?denied={asked['oauth_token']}" in ann.links


@pytest.mark.claim("C226", "C227", "C217")
def test_a_callback_that_is_not_listed_is_403_with_code_415(server: Server, make_app: Any) -> None:
    app = make_app()
    session = OAuth1Session(app.api_key, client_secret=app.api_key_secret, callback_uri="http://127.0.0.1:9/callback/")
    with pytest.raises(TokenRequestDenied) as refused:
        session.fetch_request_token(f"{server.base}/oauth/request_token")
    assert refused.value.status_code == 403
    assert refused.value.response.json()["errors"][0]["code"] == 415


@pytest.mark.claim("C137", "C139")
def test_a_wrong_secret_signs_nothing(server: Server, make_app: Any) -> None:
    app = make_app()
    wrong = OAuth1Session(app.api_key, client_secret="x" * 50, callback_uri=CALLBACK)
    with pytest.raises(TokenRequestDenied) as refused:
        wrong.fetch_request_token(f"{server.base}/oauth/request_token")
    assert (refused.value.status_code, refused.value.response.json()["errors"][0]["code"]) == (401, 32)
    token = OAuth1Session(app.api_key, app.api_key_secret, app.access_token, "x" * 45)
    assert token.get(f"{server.base}/1.1/account/verify_credentials.json").status_code == 401


@pytest.mark.claim("C019", "C195")
def test_oauth2_for_a_public_client_until_it_is_revoked(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(type="native")
    assert app.client_secret is None
    session = OAuth2Session(app.client_id, redirect_uri=CALLBACK, scope=["tweet.read", "users.read"], pkce="S256")
    url, _ = session.authorization_url("https://x.com/i/oauth2/authorize")
    back = consent(server, ann, url).replace("http:", "https:", 1)  # the library wants https, the rest is the same
    session.fetch_token("https://api.x.com/2/oauth2/token", authorization_response=back, include_client_id=True)
    assert session.get("https://api.x.com/2/users/me").json()["data"]["username"] == "ann"
    ann.open(f"{server.base}/settings/apps/{app.app_id}")
    ann.press("Revoke access")
    if ann.has("Revoke access"):  # it is asked once more
        ann.press("Revoke access")
    refused = session.get("https://api.x.com/2/users/me")
    assert (refused.status_code, refused.json()["title"]) == (401, "Unauthorized")
