"""Each numbered list of the help pages that people read, followed step by step: by the names that stand in it, in its language.

The steps are written down beside what they make somebody do. Lists about timelines of others and about adding tools are not here.
"""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Stage
from tests.browser.test_apps_and_sessions import FIREFOX, IPAD, connect, signed_in
from tests.browser.window import Window
from tests.browser.words import EN, NL, Words
from tests.flows.app import App

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]

LANGUAGES = pytest.mark.parametrize("words", [EN, NL], ids=["en", "nl"])
SECURITY = {"en": "Security and account access", "nl": "Beveiliging en accounttoegang"}
IPHONE = IPAD.replace("iPad; CPU OS", "iPhone; CPU iPhone OS")
ANDROID = (
    "Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/143.0.0.0 Mobile Safari/537.36"
)


async def to_settings(window: Window, words: Words) -> None:
    """*Settings and privacy* of the main menu."""
    await window.page.locator("details.account summary").click()
    await window.follow(words.settings)


async def go(window: Window, name: str) -> None:
    """Follow a way of the page's main part."""
    async with window.page.expect_navigation():
        await window.page.get_by_role("main").get_by_role("link", name=name).first.click()


async def reviewed(window: Window, words: Words) -> None:
    """Step 3: you can review the various permissions, with examples of actions that the app will be able to perform."""
    await expect(window.page.get_by_role("heading", name=words.view)).to_be_visible()
    await expect(window.page.get_by_role("heading", name=words.do)).to_be_visible()
    await expect(window.page.locator(".powers li").first).to_be_visible()


@pytest.mark.claim("C003", "C004", "C005", "C006", "C008")
@LANGUAGES
async def test_how_to_log_out_of_your_active_sessions(stage: Stage, words: Words) -> None:
    ann = await stage.person(language=words.code)
    elsewhere, third = await signed_in(stage, ann, words, True, FIREFOX), await signed_in(stage, ann, words, True, IPAD)
    # 1. Sign in to your account.
    window = await signed_in(stage, ann, words)
    # 2. From your Settings and privacy, go to the Apps and sessions section. Below Sessions, all of the active sessions are displayed.
    await to_settings(window, words)
    await go(window, words.apps_and_sessions)
    assert words.sessions in await window.headings()
    rows = window.page.locator("ul.sessions > li")
    await expect(rows).to_have_count(3)
    # You can see the location and time of login.
    await expect(rows.first.locator("time").first).to_be_visible()
    # 3. Click the Log out button next to the session, …
    await window.press(words.log_out, within="Firefox")
    await elsewhere.open("/settings")
    await elsewhere.is_at("/login?then=/settings")
    # … or Log out all other sessions at the top of the list.
    await window.press(words.log_out_others)
    await expect(window.page.locator("ul.sessions > li")).to_have_count(1)
    await third.open("/settings")
    await third.is_at("/login?then=/settings")


@pytest.mark.claim("C014", "C015", "C016", "C017", "C018", "C019")
@LANGUAGES
@pytest.mark.parametrize("where", ["beside it", "on its page"])
async def test_how_to_revoke_access_or_remove_an_app(stage: Stage, words: Words, where: str) -> None:
    ann, app = await stage.person(language=words.code), await stage.app()
    # 1. Sign in to your account.
    window = await signed_in(stage, ann, words)
    tokens = await connect(window, app, words)
    # 2. Go to the Apps and sessions section of your account settings. All of the connected apps are displayed.
    await window.open("/settings")
    await go(window, words.apps_and_sessions)
    row = window.page.locator("#apps li", has_text=app.name)
    # You can see the specific permissions listed under the app name and description.
    await expect(row.locator(".powers li").first).to_be_visible()
    # 3. Click the Revoke access button next to the app, or at the bottom of the page after clicking the app's name.
    if where == "on its page":
        await window.follow(app.name)
        await window.press(words.revoke)
    else:
        await window.press(words.revoke, within=app.name)
    assert [one.me().status_code for one in tokens] == [401, 401]


@pytest.mark.claim("C126", "C127")
async def test_how_to_remove_a_tool(stage: Stage) -> None:
    """Een tool verwijderen die je hebt toegevoegd."""
    ann, app = await stage.person(language="nl"), await stage.app()
    window = await signed_in(stage, ann, NL)
    tokens = await connect(window, app, NL)
    await window.open("/settings/sessions")
    # 1. Ga in het hoofdmenu naar Instellingen en privacy.
    await to_settings(window, NL)
    # 2. Selecteer Beveiliging en accounttoegang.
    await go(window, SECURITY["nl"])
    # 3. Selecteer Apps en sessies.
    await go(window, NL.apps_and_sessions)
    # 4. Selecteer de tool die je wil verwijderen.
    await window.follow(app.name)
    # 5. Selecteer App-machtigingen intrekken.
    await window.follow(NL.revoke_permissions)
    await window.press(NL.revoke)
    assert [one.me().status_code for one in tokens] == [401, 401]


@pytest.mark.claim("C021", "C022", "C023", "C014")
@LANGUAGES
async def test_how_to_connect_an_app_on_the_web_when_signed_in(stage: Stage, words: Words) -> None:
    ann, app = await stage.person(language=words.code), await stage.app()
    window = await signed_in(stage, ann, words)
    # 1 and 2. The app's button leads to this site, which asks you to authorize the app.
    await window.open(app.asking())
    await reviewed(window, words)
    # 4. If you're already logged in to your account, use the Authorize app button.
    await window.press(words.authorize)
    assert app.connected(window.page.url).username == ann.username
    # 6. You can review and revoke access at any time by visiting the Apps and sessions section: the page leads to the app's own row.
    await window.open(app.asking())
    await window.follow(words.apps_and_sessions)
    assert "#app-" in window.page.url
    await expect(window.page.locator("#apps li", has_text=app.name)).to_be_in_viewport()


@pytest.mark.claim("C024", "C025")
@LANGUAGES
async def test_how_to_connect_an_app_on_the_web_when_signed_out(stage: Stage, words: Words) -> None:
    ann, app = await stage.person(language=words.code), await stage.app()
    window = await stage.window(language=words.code)
    await window.open(app.asking())
    await reviewed(window, words)
    # 5. Before you enter your username and password, check that the URL starts with the address that the page names.
    await window.sees(stage.base)
    # If the page is secure, enter your username and password and use the button to connect the app.
    await window.sign_in(ann.username, ann.password, words.sign_in_and_authorize)
    assert app.connected(window.page.url).username == ann.username


async def on_a_phone(stage: Stage, words: Words, agent: str, button: str) -> None:
    """Steps 2 to 5 on a phone with two accounts: review, choose the account, press the button that the help page names."""
    ann = await stage.person("Ann Ameland", words.code)
    bob = await stage.person("Bob Bakker", words.code)
    app: App = await stage.app()
    sizes = {"width": 390, "height": 844}
    window = await stage.window(ann, bob, language=words.code, user_agent=agent, viewport=sizes)
    await window.open(app.asking())
    await reviewed(window, words)
    await expect(window.page.get_by_role("group", name=words.choose)).to_be_visible()
    await window.page.get_by_role("radio", name=ann.username).check()
    await window.press(button)
    assert app.connected(window.page.url).username == ann.username


@pytest.mark.claim("C026", "C027", "C030")
@LANGUAGES
async def test_how_to_connect_an_app_on_ios(stage: Stage, words: Words) -> None:
    await on_a_phone(stage, words, IPHONE, words.connect)


@pytest.mark.claim("C028", "C029", "C030")
@LANGUAGES
async def test_how_to_connect_an_app_on_android(stage: Stage, words: Words) -> None:
    await on_a_phone(stage, words, ANDROID, words.allow)
