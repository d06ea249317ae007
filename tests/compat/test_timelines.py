"""Timelines, search, counts and trends by real clients. Posts are found a moment after they were made, so a client asks until they are."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import tweepy
import xdk

from tests.compat.conftest import CALLBACK, answer_in, consent
from tests.compat.test_tweepy import signed_client
from tests.serving import Server
from volary.access.caller import in_person
from volary.access.levels import Level
from volary.accounts.models import AccountRow
from volary.db import Database
from volary.posts.actions.writing import Draft, create_post
from volary.search.jobs.trends import find_trends
from volary.server.demo.browser import Browser

SCOPES = "tweet.read users.read timeline.read".split()


def post(server: Server, person: AccountRow, text: str) -> str:
    async def make(db: Database) -> str:
        return str((await db.write(create_post, in_person(person.id, person.username), Draft(text))).id)

    return str(server.in_database(make))


def until(asked: Callable[[], Any]) -> Any:
    """The first answer that holds something."""
    deadline = time.monotonic() + 60
    while not (found := asked()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


def found_ids(page: Any) -> list[str]:
    """The posts of a page that tweepy read; the index is written a moment after the posts."""
    return [str(one.id) for one in page.data or ()]


@pytest.mark.claim("C036")
def test_tweepy_reads_timelines_and_searches(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(level=Level.READ)
    auth = tweepy.OAuth1UserHandler(app.api_key, app.api_key_secret, callback=CALLBACK)
    auth.get_access_token(answer_in(consent(server, ann, auth.get_authorization_url()))["oauth_verifier"])
    client, alone = signed_client(app, auth), tweepy.Client(app.bearer_token)
    made = [post(server, server.cast.carol, f"gentian {number} for @ann #gentian") for number in range(12)]
    mine = post(server, server.cast.ann, "what I wrote of gentians")

    home = client.get_home_timeline(max_results=5, expansions="author_id")
    assert str(home.data[0].id) == mine
    assert home.includes["users"][0].username == "ann"
    pages = tweepy.Paginator(client.get_users_mentions, server.cast.ann.id, max_results=5, user_auth=True)
    assert [str(one.id) for one in pages.flatten()][:12] == made[::-1]
    until(lambda: found_ids(client.search_recent_tweets("gentian #gentian", user_auth=True)) == made[:1:-1])
    pages = tweepy.Paginator(alone.search_recent_tweets, "gentian -is:reply from:carol_c", max_results=10)
    assert [str(one.id) for one in pages.flatten()] == made[::-1]
    found = tweepy.Paginator(alone.search_all_tweets, "gentian @ann", max_results=10, tweet_fields=["created_at"])
    assert [str(one.id) for one in found.flatten()] == made[::-1]
    counts = alone.get_recent_tweets_count("gentian #gentian", granularity="day")
    assert counts.meta["total_tweet_count"] == sum(one["tweet_count"] for one in counts.data) == 12
    assert alone.get_all_tweets_count("gentian").meta["total_tweet_count"] == 12
    with pytest.raises(tweepy.BadRequest, match="Reference to invalid operator 'near'"):
        alone.search_recent_tweets("near:here")


def test_xdk_reads_timelines_searches_and_trends(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(type="web")
    client = xdk.Client(client_id=app.client_id, client_secret=app.client_secret, redirect_uri=CALLBACK, scope=SCOPES)
    client.exchange_code(answer_in(consent(server, ann, client.get_authorization_url()))["code"])
    me = str(server.cast.ann.id)
    made = [post(server, server.cast.dave, f"saxifrage {number} with @ann #saxifrage") for number in range(3)]
    mine = post(server, server.cast.ann, "my own saxifrages")

    home = next(iter(client.users.get_timeline(me, max_results=5, expansions=["author_id"])))
    assert home.data[0].id == mine
    mentions = next(iter(client.users.get_mentions(me, max_results=5)))
    assert [one.id for one in mentions.data][:3] == made[::-1]
    assert next(iter(client.users.get_reposts_of_me())).meta.result_count == 0
    found = until(lambda: next(iter(client.posts.search_recent("saxifrage #saxifrage"))).data)
    until(lambda: len(next(iter(client.posts.search_recent("saxifrage"))).data or ()) == 3)
    assert found[0].text.startswith("saxifrage")
    (counts,) = client.posts.get_counts_recent("saxifrage #saxifrage", granularity="day")
    assert counts.meta.total_post_count == sum(one.post_count for one in counts.data) == 3
    server.in_database(find_trends)
    assert "#saxifrage" in [one.trend_name for one in client.trends.get_by_woeid(1).data]
    assert client.trends.get_personalized().data
    alone = xdk.Client(bearer_token=app.bearer_token)
    assert len(next(iter(alone.posts.search_all("saxifrage"))).data) == 3
    assert next(iter(alone.posts.get_counts_all("saxifrage"))).meta.total_post_count == 3
