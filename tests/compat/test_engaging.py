"""Reposts, likes and bookmarks by real clients, in both vocabularies and over v1.1. What a test begins it ends: the server is shared."""

from typing import Any

import pytest
import tweepy
import xdk
from xdk.users.models import (
    CreateBookmarkFolderRequest,
    CreateBookmarkRequest,
    LikePostRequest,
    RepostPostRequest,
)

from tests.compat.conftest import CALLBACK, answer_in, consent
from tests.compat.test_tweepy import signed_client
from tests.serving import Server
from volary.access.caller import in_person
from volary.access.levels import Level
from volary.posts.actions.writing import Draft, create_post
from volary.server.demo.browser import Browser

SCOPES = ("tweet.read tweet.write users.read like.read like.write bookmark.read bookmark.write timeline.read").split()


def signed_in(app: Any, server: Server, browser: Browser) -> tweepy.OAuth1UserHandler:
    auth = tweepy.OAuth1UserHandler(app.api_key, app.api_key_secret, callback=CALLBACK)
    auth.get_access_token(answer_in(consent(server, browser, auth.get_authorization_url()))["oauth_verifier"])
    return auth


@pytest.mark.claim("C035", "C047")
def test_tweepy_reposts_and_likes(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(level=Level.READ_WRITE)
    dave = signed_client(app, signed_in(app, server, server.browser("dave")))
    client = signed_client(app, signed_in(app, server, ann))
    ann_id = server.cast.ann.id
    post = int(dave.create_tweet(text="Bees over tweepy").data["id"])

    done = client.retweet(post).data
    assert done["retweeted"] is True
    assert client.like(post).data == {"liked": True}
    fields = ["public_metrics", "referenced_tweets"]
    found = client.get_tweet(
        int(done["rest_id"]), tweet_fields=fields, expansions=["referenced_tweets.id"], user_auth=True
    )
    assert found.data.text == "RT @dave: Bees over tweepy"
    assert [(one.type, one.id) for one in found.data.referenced_tweets] == [("retweeted", post)]
    assert found.includes["tweets"][0].public_metrics["like_count"] == 1
    assert [one.username for one in client.get_retweeters(post, user_auth=True).data] == ["ann"]
    assert [one.username for one in dave.get_liking_users(post, user_auth=True).data] == ["ann"]
    pages = tweepy.Paginator(client.get_liked_tweets, ann_id, max_results=5, user_auth=True)
    assert post in [one.id for one in pages.flatten()]
    listed = client.get_users_tweets(ann_id, exclude=["retweets"], user_auth=True)
    assert int(done["rest_id"]) not in [one.id for one in listed.data or []]
    assert client.unlike(post).data == {"liked": False}
    assert client.unretweet(post).data == {"retweeted": False}
    assert client.get_retweeters(post, user_auth=True).data is None
    assert dave.delete_tweet(post).data == {"deleted": True}


@pytest.mark.claim("C038", "C043", "C047", "C048")
def test_tweepy_over_v1_1(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(level=Level.READ_WRITE)
    dave = tweepy.API(signed_in(app, server, server.browser("dave")))
    client = tweepy.API(signed_in(app, server, ann))
    post = dave.update_status("Bees over v1.1").id

    done = client.retweet(post)
    assert (done.text, done.retweeted_status.id, done.retweeted) == ("RT @dave: Bees over v1.1", post, True)
    with pytest.raises(tweepy.Forbidden, match="327"):
        client.retweet(post)
    liked = client.create_favorite(post)
    assert (liked.id, liked.favorited, liked.favorite_count) == (post, True, 1)
    with pytest.raises(tweepy.Forbidden, match="139"):
        client.create_favorite(post)
    assert post in [one.id for one in tweepy.Cursor(client.get_favorites, count=1).items(20)]
    shown = client.get_status(post, tweet_mode="extended")
    assert (shown.full_text, shown.favorited, shown.retweeted) == ("Bees over v1.1", True, True)
    assert client.destroy_favorite(post).favorited is False
    assert client.unretweet(post).retweeted is False
    with pytest.raises(tweepy.NotFound, match="144"):
        client.get_status(done.id)
    with pytest.raises(tweepy.Forbidden, match="183"):
        client.destroy_status(post)
    assert dave.destroy_status(post).text == "Bees over v1.1"

    before = client.get_settings()
    assert (before["screen_name"], before["protected"]) == ("ann", False)
    zone = before["time_zone"]["tzinfo_name"]
    assert client.set_settings(time_zone="Europe/Berlin")["time_zone"]["tzinfo_name"] == "Europe/Berlin"
    client.set_settings(time_zone=zone)
    old = client.verify_credentials()
    assert client.update_profile(location="Ameland", description="").location == "Ameland"
    client.update_profile(location=old.location, description=old.description)
    told = client.rate_limit_status(resources="statuses")["resources"]
    assert told["statuses"]["/statuses/show/:id"]["limit"] >= 1
    with pytest.raises(tweepy.Forbidden, match="36"):
        client.report_spam(screen_name="ann")
    assert client.report_spam(screen_name="dave", perform_block=False).screen_name == "dave"


@pytest.mark.claim("C073")
def test_tweepy_keeps_bookmarks(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(type="web")
    handler = tweepy.OAuth2UserHandler(
        client_id=app.client_id, client_secret=app.client_secret, redirect_uri=CALLBACK, scope=SCOPES
    )
    url = consent(server, ann, handler.get_authorization_url())
    token = handler.fetch_token(url.replace("http://", "https://", 1))
    client = tweepy.Client(token["access_token"])
    post = int(client.create_tweet(text="To keep, over tweepy", user_auth=False).data["id"])
    assert client.bookmark(post).data == {"bookmarked": True}
    assert post in [one.id for one in client.get_bookmarks(max_results=10).data]
    assert client.remove_bookmark(post).data == {"bookmarked": False}
    assert post not in [one.id for one in client.get_bookmarks().data or []]
    client.delete_tweet(post, user_auth=False)


@pytest.mark.claim("C081")
def test_xdk_reposts_likes_and_keeps(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(type="web")
    client = xdk.Client(client_id=app.client_id, client_secret=app.client_secret, redirect_uri=CALLBACK, scope=SCOPES)
    client.exchange_code(answer_in(consent(server, ann, client.get_authorization_url()))["code"])
    me = str(server.cast.ann.id)
    dave = in_person(server.cast.dave.id, "dave")
    post = str(server.in_database(lambda db: db.write(create_post, dave, Draft("Bees over xdk"))).id)

    done = client.users.repost_post(me, RepostPostRequest(tweet_id=post)).data
    assert done.retweeted is True
    (page,) = client.posts.get_reposted_by(post)
    assert [one.username for one in page.data] == ["ann"]
    (page,) = client.posts.get_reposts(post, post_fields=["referenced_posts", "public_metrics"])
    assert page.data[0].text == "RT @dave: Bees over xdk"
    assert page.data[0].public_metrics.repost_count == 1
    assert client.users.unrepost_post(me, post).data.retweeted is False

    assert client.users.like_post(me, LikePostRequest(tweet_id=post)).data.liked is True
    (page,) = client.users.get_liked_posts(me)
    assert post in [one.id for one in page.data]
    assert client.users.unlike_post(me, post).data.liked is False

    folder = client.users.create_bookmark_folder(me, CreateBookmarkFolderRequest(name="Bees")).data
    other = client.users.create_bookmark_folder(me, CreateBookmarkFolderRequest(name="Later")).data
    pages = list(client.users.get_bookmark_folders(me, max_results=1))
    assert [one.id for page in pages for one in page.data][:2] == [other.id, folder.id]
    order = CreateBookmarkRequest(tweet_id=post, folder_id=folder.id)
    assert client.users.create_bookmark(me, order).data.bookmarked is True
    (page,) = client.users.get_bookmarks_by_folder_id(me, folder.id)
    assert [one.id for one in page.data] == [post]
    (page,) = client.users.get_bookmarks(me)
    assert post in [one.id for one in page.data]
    assert client.users.delete_bookmark(me, post).data.bookmarked is False
