"""Edits, polls, hidden answers, quotes and numbers, asked for by real clients. What a test begins it ends: the server is shared."""

from typing import Any

import pytest
import tweepy
import xdk
from xdk.posts.models import CreateRequest, HideReplyRequest

from tests.compat.conftest import CALLBACK, answer_in, consent
from tests.compat.test_tweepy import signed_client
from tests.serving import Server
from volary.access.levels import Level
from volary.server.demo.browser import Browser

SCOPES = ["tweet.read", "users.read", "tweet.write", "tweet.moderate.write"]


@pytest.mark.claim("C054")
def test_tweepy_asks_answers_hides_and_quotes(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(level=Level.READ_WRITE)
    auth = tweepy.OAuth1UserHandler(app.api_key, app.api_key_secret, callback=CALLBACK)
    auth.get_access_token(answer_in(consent(server, ann, auth.get_authorization_url()))["oauth_verifier"])
    client = signed_client(app, auth)

    asked = client.create_tweet(
        text="Tea or coffee?", poll_options=["Tea", "Coffee"], poll_duration_minutes=60, reply_settings="following"
    )
    found = client.get_tweet(
        asked.data["id"],
        expansions=["attachments.poll_ids"],
        poll_fields=["voting_status", "duration_minutes", "end_datetime"],
        tweet_fields=["reply_settings", "attachments", "edit_controls", "non_public_metrics", "organic_metrics"],
        user_auth=True,
    )
    (poll,) = found.includes["polls"]
    assert (poll.voting_status, poll.duration_minutes, len(poll.options)) == ("open", 60, 2)
    assert found.data.edit_controls["is_edit_eligible"] is False
    assert found.data.non_public_metrics["impression_count"] == 0
    assert found.data.reply_settings == "following"

    first = client.create_tweet(text="The first of a thread")
    answer = client.create_tweet(text="The second", in_reply_to_tweet_id=first.data["id"])
    assert client.hide_reply(answer.data["id"]).data == {"hidden": True}
    assert client.unhide_reply(answer.data["id"]).data == {"hidden": False}
    quote = client.create_tweet(text="As I said", quote_tweet_id=first.data["id"])
    quotes = client.get_quote_tweets(first.data["id"], user_auth=True)
    assert [str(one.id) for one in quotes.data] == [quote.data["id"]]
    for made in (asked, quote, answer, first):
        assert client.delete_tweet(made.data["id"]).data == {"deleted": True}


@pytest.mark.claim("C082")
def test_xdk_edits_hides_and_reads_analytics(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(type="web")
    client = xdk.Client(client_id=app.client_id, client_secret=app.client_secret, redirect_uri=CALLBACK, scope=SCOPES)
    client.exchange_code(answer_in(consent(server, ann, client.get_authorization_url()))["code"])
    first = client.posts.create(CreateRequest(text="Frist")).data.id
    second = client.posts.create(CreateRequest(text="First", edit_options={"previous_post_id": first})).data.id
    shown = client.posts.get_by_id(first, post_fields=["edit_controls"]).data
    assert shown.edit_history_post_ids == [first, second]
    assert shown.edit_controls.edits_remaining == 4

    answer = client.posts.create(CreateRequest(text="And more", reply={"in_reply_to_tweet_id": second})).data.id
    assert client.posts.hide_reply(answer, HideReplyRequest(hidden=True)).data.hidden is True
    numbers = client.posts.get_analytics(
        ids=[second], start_time="2020-01-01T00:00:00Z", end_time="2060-01-01T00:00:00Z", granularity="total"
    ).data[0]
    assert (numbers.id, numbers.replies, numbers.impressions) == (second, 1, 0)
    (page,) = client.posts.get_quoted(second)
    assert not page.data
    for made in (answer, first):
        assert client.posts.delete(made).data.deleted is True
