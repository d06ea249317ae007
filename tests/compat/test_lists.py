"""Lists and collections by real clients: tweepy over v2 and v1.1, xdk, and requests with OAuth 1.0a for what no client has calls for.

What a test begins it ends: the server is shared.
"""

from typing import Any

import pytest
import requests
import tweepy
import xdk
from requests_oauthlib import OAuth1
from xdk.lists.models import AddMemberRequest, CreateRequest, UpdateRequest
from xdk.users.models import FollowListRequest, PinListRequest

from tests.compat.conftest import CALLBACK, answer_in, consent
from tests.compat.test_tweepy import signed_client
from tests.serving import Server
from volary.access.levels import Level
from volary.server.demo.browser import Browser

SCOPES = "tweet.read users.read list.read list.write".split()
API = "https://api.twitter.com/1.1"


def connected(server: Server, make_app: Any, browser: Browser) -> tuple[Any, Any]:
    """An App with Read and write, and tweepy's keeper of ann's token for it."""
    app = make_app(level=Level.READ_WRITE)
    auth = tweepy.OAuth1UserHandler(app.api_key, app.api_key_secret, callback=CALLBACK)
    auth.get_access_token(answer_in(consent(server, browser, auth.get_authorization_url()))["oauth_verifier"])
    return app, auth


@pytest.mark.claim("C040", "C052")
def test_tweepy_keeps_lists_over_v2(server: Server, make_app: Any, ann: Browser) -> None:
    client = signed_client(*connected(server, make_app, ann))
    me, dave, carol = server.cast.ann.id, server.cast.dave.id, server.cast.carol.id
    made = client.create_list("Bees", description="All of them", private=False).data
    try:
        for one in (dave, carol):
            assert client.add_list_member(made["id"], one).data == {"is_member": True}
        pages = tweepy.Paginator(client.get_list_members, made["id"], max_results=1, user_auth=True)
        assert [one.id for one in pages.flatten()] == [carol, dave]
        fields = ["created_at", "description", "follower_count", "member_count", "owner_id", "private"]
        got = client.get_list(made["id"], list_fields=fields, expansions="owner_id", user_auth=True)
        assert (got.data.member_count, got.data.description, got.data.private) == (2, "All of them", False)
        assert (int(got.data.owner_id), got.data.created_at.tzinfo is not None) == (me, True)
        assert [one.username for one in got.includes["users"]] == ["ann"]
        assert client.follow_list(made["id"]).data == {"following": True}
        assert [one.id for one in client.get_list_followers(made["id"], user_auth=True).data] == [me]
        assert [one.id for one in client.get_followed_lists(me, user_auth=True).data] == [made["id"]]
        assert client.pin_list(made["id"]).data == {"pinned": True}
        assert [one.id for one in client.get_pinned_lists().data] == [made["id"]]
        assert [one.id for one in client.get_list_memberships(dave, user_auth=True).data] == [made["id"]]
        assert client.update_list(made["id"], name="Wasps", private=True).data == {"updated": True}
        assert [one.name for one in client.get_owned_lists(me, user_auth=True).data] == ["Wasps"]
        posts = client.get_list_tweets(made["id"], user_auth=True, tweet_fields=["author_id"]).data or []
        assert {one.author_id for one in posts} <= {dave, carol}
        assert client.unpin_list(made["id"]).data == {"pinned": False}
        assert client.unfollow_list(made["id"]).data == {"following": False}
        assert client.remove_list_member(made["id"], dave).data == {"is_member": False}
    finally:
        assert client.delete_list(made["id"]).data == {"deleted": True}
    assert client.get_owned_lists(me, user_auth=True).data is None


def test_tweepy_keeps_lists_over_v1_1(server: Server, make_app: Any, ann: Browser) -> None:
    api = tweepy.API(connected(server, make_app, ann)[1])
    made = api.create_list("Bees", mode="private", description="All")
    assert (made.mode, made.full_name, made.user.screen_name) == ("private", "@ann/bees", "ann")
    assert made.update(mode="public").mode == "public"
    assert api.add_list_members(list_id=made.id, screen_name=["dave", "Carol_C"]).member_count == 2
    assert [one.screen_name for one in tweepy.Cursor(api.get_list_members, list_id=made.id, count=1).items()] == [
        "Carol_C",
        "dave",
    ]
    assert api.get_list_member(slug="bees", owner_screen_name="ann", screen_name="dave").screen_name == "dave"
    assert api.add_list_member(list_id=made.id, user_id=server.cast.dave.id).member_count == 2
    assert made.subscribe().following is True
    assert [one.screen_name for one in made.subscribers()] == ["ann"]
    assert api.get_list_subscriber(list_id=made.id, screen_name="ann").screen_name == "ann"
    for found in (api.get_lists(), api.get_list_ownerships(), api.get_list_subscriptions()):
        assert [one.id for one in found] == [made.id]
    assert [one.id for one in api.get_list_memberships(screen_name="dave")] == [made.id]
    assert {one.user.screen_name for one in made.timeline(count=5)} <= {"dave", "Carol_C"}
    assert made.unsubscribe().following is False
    assert api.remove_list_member(list_id=made.id, screen_name="dave").member_count == 1
    assert api.remove_list_members(list_id=made.id, screen_name=["Carol_C"]).member_count == 0
    made.destroy()
    with pytest.raises(tweepy.NotFound, match="34"):
        api.get_list(list_id=made.id)


def test_xdk_keeps_lists(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(type="web")
    client = xdk.Client(client_id=app.client_id, client_secret=app.client_secret, redirect_uri=CALLBACK, scope=SCOPES)
    client.exchange_code(answer_in(consent(server, ann, client.get_authorization_url()))["code"])
    me, dave = str(server.cast.ann.id), str(server.cast.dave.id)
    made = client.lists.create(CreateRequest(name="Bees", description="All", private=False)).data.id
    try:
        assert client.lists.add_member(made, AddMemberRequest(user_id=dave)).data.is_member is True
        (page,) = client.lists.get_members(made, max_results=5, user_fields=["public_metrics"])
        assert [one.username for one in page.data] == ["dave"]
        assert page.data[0].public_metrics.listed_count >= 1
        found = client.lists.get_by_id(made, list_fields=["member_count", "private"], expansions=["owner_id"])
        assert (found.data.member_count, found.data.private) == (1, False)
        assert client.users.follow_list(me, FollowListRequest(list_id=made)).data.following is True
        assert client.users.pin_list(me, PinListRequest(list_id=made)).data.pinned is True
        for pages in (
            client.users.get_owned_lists(me),
            client.users.get_followed_lists(me),
            client.users.get_list_memberships(dave),
            [client.users.get_pinned_lists(me)],
        ):
            (page,) = pages
            assert [one.id for one in page.data] == [made]
        (page,) = client.lists.get_followers(made)
        assert [one.username for one in page.data] == ["ann"]
        for page in client.lists.get_posts(made, max_results=5, post_fields=["public_metrics"]):
            assert all("repost_count" in one.public_metrics.model_dump() for one in page.data or [])
            break
        assert client.lists.update(made, UpdateRequest(name="Wasps")).data.updated is True
        assert client.users.unpin_list(me, made).data.pinned is False
        assert client.users.unfollow_list(me, made).data.following is False
        assert client.lists.remove_member_by_user_id(made, dave).data.is_member is False
    finally:
        assert client.lists.delete(made).data.deleted is True


@pytest.mark.claim("C041", "C053")
def test_collections_by_signed_requests(server: Server, make_app: Any, ann: Browser) -> None:
    """No client that is still kept has calls for collections; apps signed them by hand."""
    app, auth = connected(server, make_app, ann)
    signed = OAuth1(app.api_key, app.api_key_secret, auth.access_token, auth.access_token_secret)
    client = signed_client(app, auth)
    posts = [client.create_tweet(text=f"Collected {number}").data["id"] for number in range(3)]

    def post(path: str, **sent: Any) -> Any:
        got = requests.post(f"{API}/collections/{path}.json", auth=signed, timeout=30, **sent)
        assert got.status_code == 200, got.text
        return got.json()

    def get(path: str, **params: str) -> Any:
        got = requests.get(f"{API}/collections/{path}.json", auth=signed, params=params, timeout=30)
        assert got.status_code == 200, got.text
        return got.json()

    made = post("create", data={"name": "Best of bees", "description": "é & ü"})["response"]["timeline_id"]
    assert post("entries/add", data={"id": made, "tweet_id": posts[0]})["response"]["errors"] == []
    changes = [{"op": "add", "tweet_id": one} for one in (posts[1], posts[0], posts[2])]
    told = post("entries/curate", json={"id": made, "changes": changes})["response"]["errors"]
    assert [(one["reason"], one["change"]["tweet_id"]) for one in told] == [("duplicate", posts[0])]
    post("entries/move", params={"id": made, "tweet_id": posts[0], "relative_to": posts[2], "above": "true"})
    entries = get("entries", id=made, count="2")["response"]
    assert [one["tweet"]["id"] for one in entries["timeline"]] == [posts[0], posts[2]]
    older = get("entries", id=made, max_position=entries["position"]["min_position"])
    assert [one["tweet"]["id"] for one in older["response"]["timeline"]] == [posts[1]]
    assert older["objects"]["tweets"][posts[1]]["text"] == "Collected 1"
    assert get("list", screen_name="ann", tweet_id=posts[1])["response"]["results"] == [{"timeline_id": made}]
    assert post("update", data={"id": made, "name": "Worst"})["objects"]["timelines"][made]["name"] == "Worst"
    assert post("entries/remove", data={"id": made, "tweet_id": posts[1]})["response"]["errors"] == []
    assert post("destroy", data={"id": made}) == {"destroyed": True}
    for one in posts:
        client.delete_tweet(one)
