"""*Apps and sessions* in use: cutting an app off, ending sessions in other browsers, and changing the password."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Stage
from tests.browser.window import Window
from tests.browser.words import DE, EN, NL, Words
from tests.flows.app import App, Connection
from tests.flows.making import Person

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPAD = (
    "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)


async def connect(window: Window, app: App, words: Words = EN) -> tuple[Connection, Connection]:
    """Connect an app by both protocols."""
    await window.open(app.asking())
    await window.press(words.authorize)
    new = app.connected(window.page.url)
    await window.open(app.asking1())
    await window.press(words.authorize)
    return new, app.connected1(window.page.url)


async def signed_in(stage: Stage, person: Person, words: Words = EN, script: bool = True, agent: str = "") -> Window:
    """A browser in which somebody signed in on the page."""
    window = await stage.window(language=words.code, script=script, **({"user_agent": agent} if agent else {}))
    await window.open("/login?then=/settings/apps")
    await window.sign_in(person.username, person.password, words.sign_in)
    await window.is_at("/settings/apps")
    return window


@pytest.mark.claim("C014", "C015", "C016", "C017", "C019")
async def test_access_is_revoked_in_the_list(stage: Stage) -> None:
    ann, app, other = await stage.person(language="nl"), await stage.app(), await stage.app()
    window = await stage.window(ann, language="nl", script=False)
    connections = await connect(window, app, NL)
    (kept, _) = await connect(window, other, NL)
    await window.open(other.asking())
    await window.follow(NL.apps_and_sessions)
    row = window.page.locator("#apps li", has_text=app.name)
    words = [line for line in (await row.inner_text()).split("\n") if line.strip()]
    assert words[0] == app.name
    assert words[1].startswith("Writes down which birds you saw")
    await expect(row.locator(".powers li").first).to_be_visible()
    assert [connection.username for connection in connections] == [ann.username] * 2
    await window.press(NL.revoke, within=app.name)
    await expect(window.page.get_by_role("status")).to_contain_text(app.name)
    await expect(window.page.locator("#apps .items li", has_text=app.name)).to_have_count(0)
    assert [connection.me().status_code for connection in connections] == [401, 401]
    assert kept.username == ann.username


@pytest.mark.claim("C018", "C099", "C101", "C127")
async def test_access_is_revoked_on_the_apps_page(stage: Stage) -> None:
    ann, app = await stage.person(language="de"), await stage.app()
    window = await stage.window(ann, language="de")
    connections = await connect(window, app, DE)
    await window.open("/settings/apps")
    await window.follow(app.name)
    controls = window.page.locator("main").locator("a, button")
    assert (await controls.last.inner_text()).strip() == DE.revoke
    await window.sees("www.nightjar.example".removeprefix("www."))
    # The other way to the same end asks once more.
    await window.follow(DE.revoke_permissions)
    await window.follow(DE.cancel)
    assert connections[0].username == ann.username
    await window.press(DE.revoke)
    await window.is_at("/settings/apps")
    assert [connection.me().status_code for connection in connections] == [401, 401]

    again = await connect(window, app, DE)
    await window.open("/settings/apps")
    await window.follow(app.name)
    await window.follow(DE.revoke_permissions)
    await window.press(DE.revoke)
    assert [connection.me().status_code for connection in (*connections, *again)] == [401] * 4


@pytest.mark.claim("C001", "C002", "C126")
async def test_the_ways_to_apps_and_sessions(stage: Stage) -> None:
    ann = await stage.person(language="nl")
    window = await stage.window(language="nl")
    await window.open("/settings/apps")
    await window.is_at("/login?then=/settings/apps")
    await window.sign_in(ann.username, ann.password, NL.sign_in)
    await window.is_at("/settings/apps")
    await window.page.locator("details.account summary").click()
    await window.follow(NL.settings)
    await window.page.get_by_role("main").get_by_role("link", name=NL.apps_and_sessions).click()
    await window.is_at("/settings/apps")
    assert NL.sessions in await window.headings()
    await window.open("/settings")
    await window.page.get_by_role("main").get_by_role("link", name="Beveiliging en accounttoegang").click()
    await window.page.get_by_role("main").get_by_role("link", name=NL.apps_and_sessions).click()
    await window.is_at("/settings/apps")


@pytest.mark.claim("C003", "C004", "C005", "C006", "C008")
@pytest.mark.parametrize(
    "words, script", [(EN, True), (NL, False), (DE, True)], ids=["en-script", "nl-plain", "de-script"]
)
async def test_sessions_are_ended_one_by_one_and_all_others_at_once(stage: Stage, words: Words, script: bool) -> None:
    ann = await stage.person(language=words.code)
    here = await signed_in(stage, ann, words, script)
    there = await signed_in(stage, ann, words, script, FIREFOX)
    third = await signed_in(stage, ann, words, script, IPAD)
    await here.open("/settings/sessions")
    rows = here.page.locator("ul.sessions > li")
    assert await rows.count() == 3
    texts = await rows.all_inner_texts()
    place = {"en": "this computer", "nl": "deze computer", "de": "dieser Computer"}[words.code]
    assert [place in text for text in texts] == [True] * 3
    assert ["iPad" in text for text in texts] == [False, True, False]
    assert await rows.locator("time").count() >= 3
    buttons = here.page.get_by_role("main").get_by_role("button")
    assert [text.strip() for text in await buttons.all_inner_texts()] == [words.log_out_others, *[words.log_out] * 2]

    await here.press(words.log_out, within="Firefox")
    assert await rows.count() == 2
    await there.open("/settings/sessions")
    await there.is_at("/login?then=/settings/sessions")
    await third.open("/settings/apps")
    await third.press(words.log_out_others)
    assert await third.page.locator("ul.sessions > li").count() == 1
    await here.open("/settings/apps")
    await here.is_at("/login?then=/settings/apps")


@pytest.mark.claim("C007")
@pytest.mark.attack("SR-146")
async def test_a_page_that_still_stands_there_can_do_nothing(stage: Stage) -> None:
    ann, app = await stage.person(), await stage.app()
    here, there = await signed_in(stage, ann), await signed_in(stage, ann)
    await there.open(app.asking())
    await here.open("/settings/sessions")
    await here.press("Log out all other sessions")
    await there.press("Authorize app")
    assert there.status >= 400
    assert not [one for one in stage.sink.arrivals if "code=" in one.url]
    await here.open("/settings/apps")
    await here.misses(app.name)


@pytest.mark.claim("C097", "C099")
async def test_a_new_password_ends_the_others_and_offers_to_disconnect_apps(stage: Stage) -> None:
    ann, app = await stage.person(), await stage.app()
    here, there = await signed_in(stage, ann), await signed_in(stage, ann, script=False)
    connections = await connect(here, app)
    await here.open("/settings/password")
    await here.type(current_password="not this one", password="four red tables")
    await here.press("Change password")
    assert here.status == 400
    await there.open("/settings")
    await there.is_at("/settings")
    await here.type(current_password=ann.password, password="four red tables")
    await here.press("Change password")
    await here.sees("Your password was changed. You are logged out everywhere else.", "Apps keep their access")
    await there.open("/settings")
    await there.is_at("/login?then=/settings")
    assert [connection.username for connection in connections] == [ann.username] * 2
    await here.follow("Revoke access of all apps")
    await here.sees(app.name)
    await here.press("Revoke access of all apps")
    await here.sees("No app is connected to your account any more.")
    assert [connection.me().status_code for connection in connections] == [401, 401]
    await there.sign_in(ann.username, ann.password, "Sign in")
    assert there.status == 401
    await there.sign_in(ann.username, "four red tables", "Sign in")
    await there.is_at("/settings")


@pytest.mark.claim("C019")
async def test_an_app_that_was_cut_off_has_to_ask_again(stage: Stage) -> None:
    """Sign in with…, too, asks with a page after the access was revoked (SR-065)."""
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann)
    await connect(window, app)
    await window.open("/settings/apps")
    await window.press("Revoke access", within=app.name)
    await window.open(app.asking1("authenticate"))
    await window.is_at(re.compile("/oauth/authenticate"))
    await expect(window.button("Sign in")).to_be_visible()
