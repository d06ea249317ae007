import re
import warnings
from typing import Any

import pytest
import tweepy

from tests.compat.conftest import CALLBACK, answer_in, consent
from tests.serving import Server
from volary.access.levels import Level
from volary.server.demo.browser import Browser


def signed_client(app: Any, auth: Any) -> tweepy.Client:
    return tweepy.Client(
        consumer_key=app.api_key,
        consumer_secret=app.api_key_secret,
        access_token=auth.access_token,
        access_token_secret=auth.access_token_secret,
    )


@pytest.mark.claim("C010", "C044", "C189", "C212")
def test_oauth1_with_a_callback_then_both_apis(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(level=Level.READ_WRITE)
    auth = tweepy.OAuth1UserHandler(app.api_key, app.api_key_secret, callback=CALLBACK)
    back = answer_in(consent(server, ann, auth.get_authorization_url()))
    assert back["oauth_token"] == auth.request_token["oauth_token"]
    token, _ = auth.get_access_token(back["oauth_verifier"])
    assert token.startswith(f"{server.cast.ann.id}-")

    user = tweepy.API(auth).verify_credentials()
    assert (user.screen_name, user.id) == ("ann", server.cast.ann.id)
    status = tweepy.API(auth).update_status("Over v1.1, with an é & a +plus")
    assert (status.text, status.source) == ("Over v1.1, with an é & a +plus", app.name)

    client = signed_client(app, auth)
    me = client.get_me(user_fields=["created_at", "public_metrics"])
    assert me.data.username == "ann"
    assert me.data.public_metrics["tweet_count"] >= 1
    made = client.create_tweet(text="Over v2 #hello https://example.org/a?b=c")
    found = client.get_tweet(
        made.data["id"], tweet_fields=["created_at", "source", "entities"], expansions=["author_id"], user_auth=True
    )
    assert found.data.text == "Over v2 #hello https://example.org/a?b=c"
    assert found.data.entities["hashtags"][0]["tag"] == "hello"
    assert found.includes["users"][0].username == "ann"
    assert client.delete_tweet(made.data["id"]).data == {"deleted": True}


def test_oauth1_with_a_pin(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app()
    auth = tweepy.OAuth1UserHandler(app.api_key, app.api_key_secret, callback="oob")
    consent(server, ann, auth.get_authorization_url())
    pin = re.search(r"\b\d(?:\s?\d){6}\b", ann.text)
    assert pin is not None, ann.text
    auth.get_access_token(re.sub(r"\s", "", pin[0]))
    assert tweepy.API(auth).verify_credentials().screen_name == "ann"


@pytest.mark.claim("C200", "C202")
def test_a_read_token_cannot_write(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(level=Level.READ_WRITE)
    auth = tweepy.OAuth1UserHandler(app.api_key, app.api_key_secret, callback=CALLBACK)
    url = auth.get_authorization_url(access_type="read")
    auth.get_access_token(answer_in(consent(server, ann, url))["oauth_verifier"])
    with pytest.raises(tweepy.Forbidden, match="oauth1 app permissions"):
        signed_client(app, auth).create_tweet(text="never")
    with pytest.raises(tweepy.Unauthorized, match="Read-only application cannot POST"):
        tweepy.API(auth).update_status("never")


@pytest.mark.claim("C073", "C143", "C211")
def test_oauth2_then_the_client_acts_for_ann(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(type="web")
    handler = tweepy.OAuth2UserHandler(
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=CALLBACK,
        scope=["tweet.read", "tweet.write", "users.read"],
    )
    url = consent(server, ann, handler.get_authorization_url())
    token = handler.fetch_token(url.replace("http://", "https://", 1))
    assert token["expires_in"] in {7199, 7200}  # the library counts down
    client = tweepy.Client(token["access_token"])
    assert client.get_me(user_auth=False).data.username == "ann"
    made = client.create_tweet(text="By OAuth 2.0 through tweepy", user_auth=False)
    listed = client.get_users_tweets(server.cast.ann.id, max_results=5, user_auth=False)
    assert int(made.data["id"]) in [one.id for one in listed.data]


@pytest.mark.claim("C056", "C057", "C205", "C206")
def test_messages_need_the_third_level(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(level=Level.DIRECT_MESSAGES)
    auth = tweepy.OAuth1UserHandler(app.api_key, app.api_key_secret, callback=CALLBACK)
    auth.get_access_token(answer_in(consent(server, ann, auth.get_authorization_url()))["oauth_verifier"])
    client = signed_client(app, auth)
    sent = client.create_direct_message(participant_id=server.cast.carol.id, text="Hello Carol")
    events = client.get_direct_message_events(participant_id=server.cast.carol.id)
    assert events.data[0].text == "Hello Carol"
    assert str(events.data[0].id) == sent.data["dm_event_id"]


@pytest.mark.claim("C138", "C144")
def test_an_app_reads_on_its_own_behalf(server: Server, make_app: Any) -> None:
    app = make_app()
    bearer = tweepy.OAuth2BearerHandler(app.bearer_token)
    fetched = tweepy.OAuth2AppHandler(app.api_key, app.api_key_secret)
    assert fetched._bearer_token == app.bearer_token
    assert bearer is not None
    client = tweepy.Client(app.bearer_token)
    assert client.get_user(username="ANN").data.id == server.cast.ann.id
    with pytest.raises(tweepy.Forbidden, match=r"OAuth 2\.0 Application-Only is forbidden"):
        client.get_me(user_auth=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert client.get_user(id=1).errors[0]["title"] == "Not Found Error"
