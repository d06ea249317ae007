from typing import Any

import pytest
from authlib.integrations.requests_client import OAuth1Session, OAuth2Session

from tests.compat.conftest import CALLBACK, answer_in, consent
from tests.serving import Server
from volary.access.levels import Level
from volary.server.demo.browser import Browser


def test_oauth1(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(level=Level.READ_WRITE)
    session = OAuth1Session(app.api_key, app.api_key_secret, redirect_uri=CALLBACK)
    asked = session.fetch_request_token(f"{server.base}/oauth/request_token")
    url = session.create_authorization_url(f"{server.base}/oauth/authorize", asked["oauth_token"])
    session.parse_authorization_response(consent(server, ann, url))
    session.fetch_access_token(f"{server.base}/oauth/access_token")
    made = session.post(f"{server.base}/2/tweets", json={"text": "By Authlib, signed with a body hash"})
    assert made.status_code == 201, made.text
    assert session.get(f"{server.base}/1.1/account/verify_credentials.json").json()["screen_name"] == "ann"


@pytest.mark.claim("C221")
def test_oauth2_with_state_refresh_and_revocation(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(type="bot")
    session = OAuth2Session(
        app.client_id,
        app.client_secret,
        scope="tweet.read users.read offline.access",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
    )
    state = "a+b/c=d &é" + "x" * 490
    verifier = "v" * 64
    url, _ = session.create_authorization_url(f"{server.base}/i/oauth2/authorize", state=state, code_verifier=verifier)
    back = consent(server, ann, url)
    assert answer_in(back)["state"] == state
    session.fetch_token(
        f"{server.base}/2/oauth2/token", authorization_response=back, code_verifier=verifier, state=state
    )
    assert session.get(f"{server.base}/2/users/me").json()["data"]["username"] == "ann"
    session.refresh_token(f"{server.base}/2/oauth2/token")
    assert session.get(f"{server.base}/2/users/me").status_code == 200
    session.revoke_token(f"{server.base}/2/oauth2/revoke", token_type_hint="access_token")
    assert session.get(f"{server.base}/2/users/me").status_code == 401
