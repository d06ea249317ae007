from typing import Any

import pytest
import xdk
from xdk.oauth1_auth import OAuth1
from xdk.posts.models import CreateRequest

from tests.compat.conftest import CALLBACK, answer_in, consent
from tests.serving import Server
from volary.access.levels import Level
from volary.server.demo.browser import Browser


def test_oauth2_with_pkce_refresh_and_posting(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(type="web")
    client = xdk.Client(
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=CALLBACK,
        scope=["tweet.read", "tweet.write", "users.read", "offline.access"],
    )
    url = client.get_authorization_url()
    client.exchange_code(answer_in(consent(server, ann, url))["code"])
    first = dict(client.token)
    assert client.users.get_me().data.username == "ann"
    made = client.posts.create(CreateRequest(text="By xdk"))
    assert made.data.text == "By xdk"
    again = client.refresh_token()
    assert again["access_token"] != first["access_token"]
    assert again["refresh_token"] != first["refresh_token"]


@pytest.mark.parametrize("sign_in", [False, True])
def test_oauth1_by_its_own_signatures(server: Server, make_app: Any, ann: Browser, sign_in: bool) -> None:
    app = make_app(level=Level.READ_WRITE)
    auth = OAuth1(app.api_key, app.api_key_secret, CALLBACK)
    url = auth.start_oauth_flow(login_with_x=sign_in)
    back = consent(server, ann, url, "Sign in" if sign_in else "Authorize app")
    got = auth.get_access_token(answer_in(back)["oauth_verifier"])
    # Kept as it is, this object would go on signing with the request token's secret: a bug of the client. Apps keep the tokens.
    kept = OAuth1(app.api_key, app.api_key_secret, CALLBACK, got.access_token, got.access_token_secret)
    client = xdk.Client(auth=kept)
    assert client.users.get_me(user_fields=["created_at"]).data.username == "ann"


def test_the_new_words_are_spoken_to_who_uses_them(server: Server, make_app: Any) -> None:
    client = xdk.Client(bearer_token=make_app().bearer_token)
    ann = client.users.get_by_username("ann", user_fields=["public_metrics"]).data
    assert {"tweet_count", "post_count"} <= ann.public_metrics.model_dump().keys()
    for page in client.users.get_posts(ann.id, max_results=5, post_fields=["public_metrics"]):
        for post in page.data or []:
            metrics = post.public_metrics.model_dump()
            assert "repost_count" in metrics
            assert "retweet_count" not in metrics
        break
