"""*Try it*: one call through the access that an App has, for who could hold its tokens, and with nothing that the page could choose."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from html import unescape

import msgspec
import pytest

from tests.cast import ANN, BOB, DEV, Part
from tests.oauth.consent.walking import Browser, Page
from tests.server.house import House, opened
from tests.server.houses import sqlite_place
from tests.sessions.arriving import signed_in
from volary.access.caller import in_person
from volary.accounts.actions import update_profile
from volary.accounts.rules.hashing import PasswordHasher
from volary.accounts.rules.profiles import Profile
from volary.api.reference.entries import Reference
from volary.developers.actions import revoke_bearer, suspend_app
from volary.kit.clock import DAY
from volary.portal.actions import make_own_token_of, revoke_own_token_of
from volary.posts.actions.writing import Draft, create_post
from volary.sessions.rules.browsers import COOKIE
from volary.usage.actions.noting import Calls
from volary.usage.queries.calls import latest_calls

pytestmark = pytest.mark.anyio


@pytest.fixture
async def fresh(new_url_each: str) -> AsyncIterator[House]:
    """A server on which limits hold; dev has an own access token for the App Writer."""
    async with opened(new_url_each, rate_limits="1") as house:
        await house.db.write(make_own_token_of, house.cast.dev.id, house.apps["Writer"].app.id)
        yield house


@pytest.fixture
def new_url_each() -> Iterator[str]:
    with sqlite_place() as url:
        yield url


async def browser_of(house: House, part: Part) -> Browser:
    browser = Browser(house.application, origin="http://localhost:8000")
    browser.hold(COOKIE, (await signed_in(house.db, PasswordHasher(1), part)).token)
    return browser


def path_of(house: House, operation: str, app: str = "Writer") -> str:
    return f"/portal/apps/{house.apps[app].app.id}/try/{operation}"


async def tried(house: House, operation: str, app: str = "Writer", **typed: str) -> Page:
    """Open the form, fill it in, and send it."""
    browser = await browser_of(house, DEV)
    page = await browser.open(path_of(house, operation, app))
    assert page.status == 200, page.answer.text
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page.answer.text)[0]
    return await browser.posted(path_of(house, operation, app), {"csrf": csrf, "way": "me", **typed})


def answer(page: Page) -> object:
    found = re.search(r'<pre id="answer-body"[^>]*>\n(.*?)</pre>', page.answer.text, re.DOTALL)
    assert found, page.answer.text
    return json.loads(unescape(found[1]))


async def test_reads_as_the_developer_and_shows_status_headers_time_and_body(fresh: House) -> None:
    page = await tried(fresh, "get_2_users_me", **{"p_user-fields": "created_at"})
    assert page.status == 200
    got = answer(page)
    assert isinstance(got, dict)
    assert got["data"]["id"] == str(fresh.cast.dev.id)
    assert got["data"]["created_at"]
    for told in ("x-access-level: read-write", "x-rate-limit-remaining", "x-transaction-id: try-", " ms"):
        assert told in page.answer.text


async def test_writes_only_when_it_is_confirmed(fresh: House) -> None:
    body = '{"text": "From the portal"}'
    refused = await tried(fresh, "post_2_tweets", body=body)
    assert refused.status == 400
    assert "Confirm that this changes something for real." in refused.answer.text
    listed = f"/2/users/{fresh.cast.dev.id}/tweets"
    assert "data" not in (await fresh.get(listed, fresh.app_only("Writer"))).json
    done = await tried(fresh, "post_2_tweets", body=body, confirmed="1")
    made = answer(done)
    assert isinstance(made, dict)
    (post,) = (await fresh.get(f"{listed}?tweet.fields=source", fresh.app_only("Writer"))).json["data"]
    assert (post["id"], post["text"], post["source"]) == (made["data"]["id"], "From the portal", "Writer")


async def test_the_app_s_level_and_the_operation_s_need_hold(fresh: House) -> None:
    await fresh.db.write(make_own_token_of, fresh.cast.dev.id, fresh.apps["Reader"].app.id)
    page = await tried(fresh, "post_2_tweets", "Reader", body='{"text": "never"}', confirmed="1")
    assert "oauth1-permissions" in page.answer.text
    alone = await tried(fresh, "get_2_users_me", way="app")
    assert "unsupported-authentication" in alone.answer.text
    await fresh.db.write(make_own_token_of, fresh.cast.dev.id, fresh.apps["Loner"].app.id)
    assert "client-not-enrolled" in (await tried(fresh, "get_2_users_me", "Loner")).answer.text


async def test_calls_count_against_the_limits_and_stand_in_the_request_log(fresh: House) -> None:
    told = [
        re.findall(r"x-rate-limit-remaining: (\d+)", (await tried(fresh, "get_2_users_me")).answer.text)
        for _ in range(2)
    ]
    assert int(told[0][0]) == int(told[1][0]) + 1
    await fresh.application.resources[Calls].flush(fresh.db)
    app = fresh.apps["Writer"].app.id
    calls = await latest_calls(fresh.db, app, 0, proven=True)
    assert [(one.endpoint, one.status, one.account_id) for one in calls] == [
        ("GET /2/users/me", 200, fresh.cast.dev.id)
    ] * 2
    page = await (await browser_of(fresh, DEV)).open(f"/portal/apps/{app}/log")
    assert page.answer.text.count("from the portal") == 2


async def test_without_a_live_token_nothing_is_called(fresh: House) -> None:
    app, dev = fresh.apps["Writer"].app.id, fresh.cast.dev.id
    await fresh.db.write(revoke_own_token_of, dev, app)
    gone = await tried(fresh, "get_2_users_me")
    assert (gone.status, "answer-body" in gone.answer.text) == (400, False)
    await fresh.db.write(revoke_bearer, dev, app)
    assert (await tried(fresh, "get_2_users_id", way="app", p_id=str(dev))).status == 400
    await fresh.db.write(make_own_token_of, dev, app)
    await fresh.db.write(suspend_app, app, reason="It was a test.")
    assert (await tried(fresh, "get_2_users_me")).status == 400


@pytest.mark.attack("SR-172")
async def test_nobody_tries_through_an_app_of_others(fresh: House) -> None:
    path = path_of(fresh, "get_2_users_me")
    for part in (ANN, BOB):
        browser = await browser_of(fresh, part)
        assert (await browser.open(path)).status == 404
        page = await browser.open("/settings/account")
        csrf = re.findall(r'name="csrf" value="([^"]+)"', page.answer.text)[0]
        assert (await browser.posted(path, {"csrf": csrf, "way": "me"})).status == 404
    nobody = Browser(fresh.application, origin="http://localhost:8000")
    assert (await nobody.open(path)).status == 303


@pytest.mark.attack("SR-206")
async def test_no_form_makes_the_call_another_s(fresh: House) -> None:
    """Ids, Apps and headers in the form name nobody to call as."""
    ann = str(fresh.cast.ann.id)
    more = {
        "account_id": ann,
        "username": "ann",
        "authorization": "Bearer x",
        "p_id": ann,
        "p_oauth_token": "x",
    }
    got = answer(await tried(fresh, "get_2_users_me", **more))
    assert isinstance(got, dict)
    assert got["data"]["username"] == "dev"
    refused = await tried(fresh, "post_2_users_id_likes", p_id=ann, body='{"tweet_id": "1"}', confirmed="1")
    assert "403" in refused.answer.text
    assert "authenticating user" in unescape(refused.answer.text)


@pytest.mark.attack("SR-129")
async def test_without_its_token_a_form_does_nothing(fresh: House) -> None:
    browser = await browser_of(fresh, DEV)
    sent = {"way": "me", "confirmed": "1", "body": '{"text": "forged"}'}
    assert (await browser.posted(path_of(fresh, "post_2_tweets"), sent)).status == 403
    listed = await fresh.get(f"/2/users/{fresh.cast.dev.id}/tweets", fresh.app_only("Writer"))
    assert "forged" not in listed.body.decode()


SCRIPT = '</pre><script>alert("1")</script><img src=x onerror=alert(1)>'


async def test_what_an_answer_holds_is_shown_as_text(fresh: House) -> None:
    dev = fresh.cast.dev
    made = await fresh.db.write(create_post, in_person(dev.id, dev.username), Draft(SCRIPT))
    await fresh.db.write(update_profile, dev.id, Profile(name="Dev", description=SCRIPT))
    for page in (
        await tried(fresh, "get_2_tweets_id", p_id=str(made.id)),
        await tried(fresh, "get_2_users_me", **{"p_user-fields": "description"}),
        await tried(fresh, "get_2_users_by_username_username", p_username=SCRIPT),
        await tried(fresh, "post_2_tweets", body=SCRIPT, confirmed="1"),
    ):
        assert "alert(" in page.answer.text
        assert "<script>alert" not in page.answer.text
        assert "<img src=x" not in page.answer.text


@pytest.mark.parametrize(
    "typed",
    ["1/../../../2/tweets", "..", "1?user.fields=x", "1#x", "1%2Fblocking", "1\r\nx-evil: 1", "1\x00", "é", "9" * 5000],
)
async def test_what_is_typed_into_a_path_stays_in_its_part(fresh: House, typed: str) -> None:
    page = await tried(fresh, "get_2_users_id", p_id=typed)
    assert page.status in {200, 400}
    assert "\r\nx-evil" not in page.answer.text
    assert not any("evil" in name for name in page.headers)
    if page.status == 200:
        assert "invalid-request" in page.answer.text


async def test_version_1_is_tried_with_its_parameters(fresh: House) -> None:
    got = answer(await tried(fresh, "post_1_1_statuses_update_json", p_status="Old & new + é", confirmed="1"))
    assert isinstance(got, dict)
    assert unescape(got["text"]) == "Old & new + é"
    shown = answer(await tried(fresh, "get_1_1_statuses_show_id_json", p_id=got["id_str"]))
    assert isinstance(shown, dict)
    assert shown["id_str"] == got["id_str"]


async def test_a_file_is_not_sent_from_here_and_an_unknown_operation_is_not_found(fresh: House) -> None:
    page = await tried(fresh, "post_2_media_upload", confirmed="1")
    assert page.status == 400
    assert "Files cannot be sent from here" in page.answer.text
    browser = await browser_of(fresh, DEV)
    assert (await browser.open(path_of(fresh, "get_2_nothing"))).status == 404


async def test_wrong_bodies_are_told_by_the_api_itself(fresh: House) -> None:
    assert "not valid JSON" in (await tried(fresh, "post_2_tweets", body="{", confirmed="1")).answer.text
    assert (await tried(fresh, "post_2_tweets", body="x" * 70_000, confirmed="1")).status == 400


@pytest.mark.attack("SR-163")
async def test_a_session_whose_password_was_entered_long_ago_is_asked_for_it(fresh: House) -> None:
    browser = await browser_of(fresh, DEV)
    page = await browser.open(path_of(fresh, "get_2_users_me"))
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page.answer.text)[0]
    fresh.clock.advance(DAY)
    asked = await browser.posted(path_of(fresh, "get_2_users_me"), {"csrf": csrf, "way": "me"})
    assert (asked.status, "answer-body" in asked.answer.text) == (403, False)


async def test_no_secret_is_on_the_page(fresh: House) -> None:
    made = fresh.apps["Writer"]
    page = await tried(fresh, "get_2_users_me")
    for secret in msgspec.structs.astuple(made):
        if isinstance(secret, str) and len(secret) > 20:
            assert secret not in page.answer.text


async def test_who_has_several_apps_chooses_one(fresh: House) -> None:
    browser = await browser_of(fresh, DEV)
    page = await browser.open("/portal/try/get_2_users_me")
    assert path_of(fresh, "get_2_users_me") in page.answer.text
    one = await (await browser_of(fresh, ANN)).open("/portal/try/get_2_users_me")
    assert "No App to call with" in one.answer.text


async def test_what_takes_only_a_person_s_oauth_2_token_says_so_and_what_to_do(fresh: House) -> None:
    reference = fresh.application.resources[Reference]
    only = [entry for entry in reference.every() if entry.need.oauth1 is None and not entry.need.app_only]
    assert only
    browser = await browser_of(fresh, DEV)
    for entry in only:
        page = await browser.open(path_of(fresh, entry.key))
        assert "takes only an OAuth 2.0 access token" in page.text
        assert "Send the call" not in page.text
    page = await browser.open(path_of(fresh, "get_2_users_me"))
    assert "takes only an OAuth 2.0 access token" not in page.text
