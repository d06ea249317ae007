"""Searching for people and including their organizations by real clients; tweepy has no method of its own for the search of v2."""

from typing import Any

import pytest
import tweepy
import xdk

from tests.compat.conftest import CALLBACK, answer_in, consent
from tests.compat.test_tweepy import signed_client
from tests.serving import Server
from volary.access.levels import Level
from volary.accounts.actions import affiliate, end_affiliation
from volary.db import Database
from volary.server.demo.browser import Browser


def test_tweepy_finds_people_page_by_page(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(level=Level.READ)
    auth = tweepy.OAuth1UserHandler(app.api_key, app.api_key_secret, callback=CALLBACK)
    auth.get_access_token(answer_in(consent(server, ann, auth.get_authorization_url()))["oauth_verifier"])
    client = signed_client(app, auth)

    def found(**asked: str) -> dict[str, Any]:
        answer = client.request("GET", "/2/users/search", params=asked, user_auth=True)
        told: dict[str, Any] = answer.json()
        return told

    everybody = {name: str(getattr(server.cast, name).id) for name in ("ann", "bob", "carol", "dave", "dev")}
    for name, account_id in everybody.items():
        assert account_id in [one["id"] for one in found(query=name)["data"]]
    shown: list[str] = []
    more = {"query": "d", "max_results": "1", "user.fields": "protected"}
    while True:
        page = found(**more)
        shown += [tweepy.User(one).username for one in page["data"]]
        if "next_token" not in page.get("meta", {}):
            break
        more["next_token"] = page["meta"]["next_token"]
    assert {"dave", "dev"} <= set(shown)
    assert len(shown) == len(set(shown))
    with pytest.raises(tweepy.BadRequest):
        found(query="a%")


def test_xdk_finds_people_and_their_organizations(server: Server, make_app: Any, ann: Browser) -> None:
    scopes = ["tweet.read", "users.read"]
    app, cast = make_app(type="web"), server.cast
    client = xdk.Client(client_id=app.client_id, client_secret=app.client_secret, redirect_uri=CALLBACK, scope=scopes)
    client.exchange_code(answer_in(consent(server, ann, client.get_authorization_url()))["code"])

    async def begin(db: Database) -> bool:
        return await db.write(affiliate, cast.dev.id, cast.dave.id)

    async def end(db: Database) -> bool:
        return await db.write(end_affiliation, cast.dev.id, cast.dave.id)

    server.in_database(begin)
    try:
        pages = list(client.users.search("d", max_results=1, user_fields=["affiliation"], expansions=["affiliation"]))
        found = {one.username: (one, page) for page in pages for one in page.data or []}
        assert {"dave", "dev"} <= found.keys()
        dave, page = found["dave"]
        assert dave.affiliation.user_id == [str(cast.dev.id)]
        assert [one.username for one in page.includes.users] == ["dev"]
        (members,) = client.users.get_affiliates(str(cast.dev.id), max_results=5)
        assert [one.username for one in members.data] == ["dave"]
    finally:
        server.in_database(end)
