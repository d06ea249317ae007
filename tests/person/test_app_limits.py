"""Changing what an app may do in the settings, one sign-in of it, several apps at once, and the list as files."""

import csv
import io
import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx2 as httpx
import msgspec
import pytest

from tests.cast import ANN, DAVE, People, people
from tests.conftest import HeldDatabase
from tests.oauth.consent.site import DETAILS, App, Place, place_of
from tests.oauth.consent.walking import Browser, Form, Page
from tests.person.test_apps import QUILL, by_oauth1, by_oauth2, rows
from volary.accounts.rules.hashing import PasswordHasher
from volary.kit.clock import DAY
from volary.oauth.uses import Uses

pytestmark = pytest.mark.anyio

SCOPES = "tweet.read users.read tweet.write like.write offline.access"


@pytest.fixture
async def server(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> Place:
    """The whole server, on each engine in turn."""
    return await place_of(db, cast, hasher)


@pytest.fixture
async def page_server(sqlite_db: HeldDatabase, hasher: PasswordHasher) -> Place:
    """The same on SQLite alone, for what the pages say."""
    return await place_of(sqlite_db, await people(sqlite_db), hasher)


def the_form(page: Page, path: str) -> Form:
    """The form of a page that is sent to this path."""
    (found,) = [form for form in page.root.every("form") if form["action"] == path]
    return Form(found, str(page.answer.url))


async def posted(app: App, token: str, text: str) -> httpx.Response:
    return await app.client.post("/2/tweets", json={"text": text}, headers={"authorization": f"Bearer {token}"})


async def test_a_scope_that_is_unticked_is_refused_from_the_next_call_on(server: Place) -> None:
    browser = await server.browser_of(ANN)
    tokens = await by_oauth2(server.app, browser, SCOPES)
    assert (await posted(server.app, tokens["access_token"], "before")).status_code == 201
    path = f"/settings/apps/{server.app.id}/permissions"
    form = the_form(await browser.open(path), path)
    del form.values["scope-tweet.write"]
    done = await browser.send(form, "Save")
    assert done.location == f"/settings/apps/{server.app.id}"
    after = await browser.open(done.location)
    assert "The permissions of Photo Frame were changed." in after.text
    assert "Post and repost for you." not in after.root.one("main").text
    refused = await posted(server.app, tokens["access_token"], "after")
    assert refused.status_code == 403
    assert (await server.app.me(tokens["access_token"])).status_code == 200


async def test_a_level_is_made_read_only(server: Place) -> None:
    browser = await server.browser_of(ANN)
    pair = await by_oauth1(server.app, browser)
    path = f"/settings/apps/{server.app.id}/permissions"
    form = the_form(await browser.open(path), path)
    form.values["level"] = "read"
    await browser.send(form, "Save")
    assert (await server.app.verified(pair)).headers["x-access-level"] == "read"


async def test_an_end_date_is_kept_and_ends_the_access(server: Place) -> None:
    browser = await server.browser_of(ANN)
    tokens = await by_oauth2(server.app, browser, SCOPES)
    path = f"/settings/apps/{server.app.id}/permissions"
    form = the_form(await browser.open(path), path)
    (grant,) = await server.connected(server.cast.ann.id)
    assert grant.expires_at is None
    form.values["until"] = _day(server.db.now + DAY)
    await browser.send(form, "Save")
    (grant,) = await server.connected(server.cast.ann.id)
    assert grant.expires_at is not None
    assert grant.expires_at % DAY == 0
    assert the_form(await browser.open(path), path).values["until"] == _day(server.db.now + DAY)
    assert "Access ends: " in (await browser.open("/settings/apps")).text
    server.db.clock.advance(2 * DAY)
    assert (await server.app.me(tokens["access_token"])).status_code == 401
    assert rows(await (await server.browser_of(ANN)).open("/settings/apps")) == {}


@pytest.mark.parametrize(
    "change,told",
    [
        ({"until": "2001-01-01"}, "Choose a day that is still to come."),
        ({"until": "soon"}, "Please give a day"),
        ({"until": "9999-12-31"}, "Please give a day"),
        (
            dict.fromkeys(("scope-tweet.read", "scope-users.read", "scope-tweet.write", "scope-like.write"), ""),
            "revoke its access",
        ),
    ],
)
async def test_what_cannot_be_is_told_beside_the_field(page_server: Place, change: dict[str, str], told: str) -> None:
    browser = await page_server.browser_of(ANN)
    await by_oauth2(page_server.app, browser, SCOPES)
    path = f"/settings/apps/{page_server.app.id}/permissions"
    form = the_form(await browser.open(path), path)
    form.values.update(change)
    answer = await browser.send(form, "Save")
    assert (answer.status, told in answer.text) == (400, True)
    (grant,) = await page_server.connected(page_server.cast.ann.id)
    assert (grant.expires_at, "tweet.write" in grant.scopes) == (None, True)


@pytest.mark.attack("SR-172")
@pytest.mark.parametrize("path", ["permissions", "sign-ins/end", "sign-ins/name", "history/undo"])
async def test_nobody_changes_the_apps_of_others(page_server: Place, path: str) -> None:
    await by_oauth2(page_server.app, await page_server.browser_of(ANN))
    dave = await page_server.browser_of(DAVE)
    csrf = Form((await dave.open("/settings")).root.every("form")[0], "http://localhost:8000/").values["csrf"]
    assert (await dave.posted(f"/settings/apps/{page_server.app.id}/{path}", {"csrf": csrf})).status == 404


async def test_one_sign_in_ends_and_the_others_stay(server: Place) -> None:
    browser = await server.browser_of(ANN)
    first, second = await by_oauth2(server.app, browser), await by_oauth2(server.app, browser)
    path = f"/settings/apps/{server.app.id}/sign-ins"
    page = await browser.open(path)
    newest = next(form for form in page.root.every("form") if form["action"] == path + "/end")
    done = await browser.send(Form(newest, str(page.answer.url)), "Log out")
    assert "Photo Frame is logged out there." in (await browser.open(done.location)).text
    assert (await server.app.me(second["access_token"])).status_code == 401
    assert (await server.app.me(first["access_token"])).status_code == 200


async def test_a_sign_in_says_in_which_browser_it_was_until_it_has_a_name(page_server: Place) -> None:
    browser = await page_server.browser_of(ANN)
    tokens = await by_oauth2(page_server.app, browser)
    await page_server.app.me(tokens["access_token"])
    await page_server.resources[Uses].flush(page_server.db)
    path = f"/settings/apps/{page_server.app.id}/sign-ins"
    page = await browser.open(path)
    assert [one.text for one in page.root.every("h2")] == ["Linux"]
    assert "from 203.0.113.7" in page.text
    form = the_form(page, path + "/name")
    form.values["name"] = " Old\u202e laptop "
    await browser.send(form, "Save")
    assert [one.text for one in (await browser.open(path)).root.every("h2")] == ["Old laptop"]


async def test_several_apps_are_revoked_at_once(server: Place) -> None:
    browser = await server.browser_of(ANN)
    quill = await server.new_app(QUILL)
    third = await server.new_app(msgspec.structs.replace(DETAILS, name="Third wheel"))
    held = [(app, await by_oauth2(app, browser)) for app in (server.app, quill, third)]
    form = the_form(await browser.open("/settings/apps"), "/settings/apps/revoke-several")
    form.values.update({f"app-{quill.id}": "1", f"app-{third.id}": "1"})
    done = await browser.send(form, "Revoke access of the selected apps")
    assert "2 apps are no longer connected" in (await browser.open(done.location)).text
    assert [(await app.me(tokens["access_token"])).status_code for app, tokens in held] == [200, 401, 401]


async def test_the_list_has_orders_and_shows_what_is_not_used(page_server: Place) -> None:
    browser = await page_server.browser_of(ANN)
    await by_oauth2(page_server.app, browser)
    page_server.db.clock.advance(91 * DAY)
    browser = await page_server.browser_of(ANN)
    await by_oauth2(await page_server.new_app(QUILL), browser)
    assert list(rows(await browser.open("/settings/apps"))) == ["Quill", "Photo Frame"]
    assert list(rows(await browser.open("/settings/apps?sort=name"))) == ["Photo Frame", "Quill"]
    unused = await browser.open("/settings/apps?only=unused")
    assert list(rows(unused)) == ["Photo Frame"]
    assert "Not used for 90 days" in rows(unused)["Photo Frame"].text


@pytest.mark.parametrize("kind", ["json", "csv"])
async def test_the_list_is_there_as_files(page_server: Place, kind: str) -> None:
    browser = await page_server.browser_of(ANN)
    evil = await page_server.new_app(msgspec.structs.replace(QUILL, name="=HYPERLINK(1)"))
    await by_oauth2(evil, browser)
    apps = await _file(browser, f"/settings/apps/export/apps.{kind}")
    (row,) = apps
    assert row["name"] == ("'=HYPERLINK(1)" if kind == "csv" else "=HYPERLINK(1)")
    assert (row["app_id"], row["scopes"]) == (str(evil.id), "offline.access tweet.read users.read")
    assert row["sign_in_name"] == "Linux"
    sessions = await _file(browser, f"/settings/apps/export/sessions.{kind}")
    assert [str(one["current"]) for one in sessions] == ["True"]
    assert (await browser.open("/settings/apps/export/apps.xml")).status == 404


async def _file(browser: Browser, path: str) -> list[dict[str, object]]:
    answer = await browser.open(path)
    name = urlsplit(path).path.rsplit("/", 1)[1]
    assert answer.answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    text = answer.answer.text
    rows_of: list[dict[str, object]] = (
        json.loads(text) if name.endswith("json") else list(csv.DictReader(io.StringIO(text)))
    )
    return rows_of


def _day(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).date().isoformat()
