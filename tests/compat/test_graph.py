"""Following, blocking and muting by real clients, in both vocabularies and over v1.1. What a test begins it ends: the server is shared."""

from typing import Any

import pytest
import tweepy
import xdk
from xdk.users.models import FollowUserRequest, MuteUserRequest

from tests.compat.conftest import CALLBACK, answer_in, consent
from tests.compat.test_tweepy import signed_client
from tests.serving import Server
from volary.access.levels import Level
from volary.server.demo.browser import Browser

SCOPES = "tweet.read users.read follows.read follows.write block.read block.write mute.read mute.write".split()


@pytest.mark.claim("C039", "C049", "C050")
def test_tweepy_follows_blocks_and_mutes(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(level=Level.READ_WRITE)
    auth = tweepy.OAuth1UserHandler(app.api_key, app.api_key_secret, callback=CALLBACK)
    auth.get_access_token(answer_in(consent(server, ann, auth.get_authorization_url()))["oauth_verifier"])
    client, old = signed_client(app, auth), tweepy.API(auth)
    ann_id, bob, dave = server.cast.ann.id, server.cast.bob, server.cast.dave

    assert client.follow_user(dave.id).data == {"following": True, "pending_follow": False}
    assert client.follow_user(bob.id).data == {"following": False, "pending_follow": True}
    assert [one.username for one in client.get_users_following(ann_id, user_auth=True).data] == ["dave"]
    pages = tweepy.Paginator(client.get_users_followers, dave.id, max_results=1, user_auth=True)
    assert [one.username for one in pages.flatten()] == ["ann"]
    source, target = old.get_friendship(source_id=ann_id, target_screen_name="dave")
    assert (source.following, source.followed_by, target.followed_by) == (True, False, True)
    found = client.get_users(ids=[bob.id, dave.id], user_fields=["connection_status", "protected"], user_auth=True)
    assert [one.data["connection_status"] for one in found.data] == [["follow_request_sent"], ["following"]]
    assert [one.protected for one in found.data] == [True, False]
    assert client.unfollow_user(bob.id).data == client.unfollow_user(dave.id).data == {"following": False}

    assert client.mute(dave.id).data == {"muting": True}
    assert [one.id for one in client.get_muted().data] == [dave.id]
    assert client.unmute(dave.id).data == {"muting": False}
    assert old.create_block(screen_name="dave").screen_name == "dave"
    assert [one.id for one in client.get_blocked().data] == [dave.id]
    assert old.destroy_block(user_id=dave.id).id == dave.id
    assert client.get_blocked().data is None
    assert old.create_friendship(screen_name="dave").following is True
    assert old.destroy_friendship(screen_name="dave").following is False
    with pytest.raises(tweepy.Forbidden, match="158"):
        old.create_friendship(user_id=ann_id)
    assert [one.username for one in client.get_users(usernames=["DAVE", "ann"], user_auth=True).data] == ["dave", "ann"]


@pytest.mark.claim("C077", "C078", "C083")
def test_xdk_follows_blocks_and_mutes(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(type="web")
    client = xdk.Client(client_id=app.client_id, client_secret=app.client_secret, redirect_uri=CALLBACK, scope=SCOPES)
    client.exchange_code(answer_in(consent(server, ann, client.get_authorization_url()))["code"])
    me, dave = str(server.cast.ann.id), str(server.cast.dave.id)

    started = client.users.follow_user(me, FollowUserRequest(target_user_id=dave))
    assert (started.data.following, started.data.pending_follow) == (True, False)
    (page,) = client.users.get_following(me, max_results=5, user_fields=["connection_status", "public_metrics"])
    assert [one.username for one in page.data] == ["dave"]
    assert page.data[0].connection_status == ["following"]
    assert page.data[0].public_metrics.followers_count == 1
    (page,) = client.users.get_followers(dave)
    assert [one.username for one in page.data] == ["ann"]
    assert client.users.unfollow_user(me, dave).data.following is False

    assert client.users.mute_user(me, MuteUserRequest(target_user_id=dave)).data.muting is True
    (page,) = client.users.get_muting(me)
    assert [one.id for one in page.data] == [dave]
    assert client.users.unmute_user(me, dave).data.muting is False
    (page,) = client.users.get_blocking(me)
    assert not page.data
    assert [one.username for one in client.users.get_by_ids([dave, me]).data] == ["dave", "ann"]
    assert [one.username for one in client.users.get_by_usernames(["ann", "dave"]).data] == ["ann", "dave"]
