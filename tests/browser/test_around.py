"""What stands around every page: the skip link, the languages, the foot, the cookies, the ways to help."""

import pytest
import requests
from playwright.async_api import expect

from tests.browser.conftest import Stage
from tests.browser.words import DE, EN, LANGUAGES, NL, Words

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.claim("C231", "C232")
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_the_language_menu_changes_the_page_and_stays(stage: Stage, script: bool) -> None:
    window = await stage.window(language="nl", script=script)
    await window.open("/login?then=/settings/apps")
    assert "Inloggen" in await window.page.get_by_role("main").inner_text()
    menu = window.page.get_by_role("contentinfo").locator("details")
    for words, name in ((DE, "Deutsch"), (EN, "English"), (NL, "Nederlands")):
        await menu.locator("summary").click()
        assert [text.strip() for text in await menu.get_by_role("button").all_inner_texts()] == [
            "English",
            "Deutsch",
            "Nederlands",
        ]
        await window.press(name)
        await window.is_at("/login?then=/settings/apps")
        await expect(window.button(words.sign_in).first).to_be_visible()
        await expect(menu.locator("summary")).to_contain_text(name)
    await window.open("/help")
    assert await window.page.locator("html").get_attribute("lang") == "nl"


@pytest.mark.claim("C232")
async def test_the_language_can_be_changed_while_an_app_asks(stage: Stage) -> None:
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann)
    await window.open(app.asking())
    await window.page.get_by_role("contentinfo").locator("summary").click()
    await window.press("Deutsch")
    await window.sees(DE.view, app.name)
    await window.press(DE.authorize)
    assert app.connected(window.page.url).username == ann.username


@pytest.mark.claim("C236")
@pytest.mark.parametrize("words", LANGUAGES, ids=lambda words: words.code)
async def test_the_first_stop_of_the_keyboard_skips_to_the_content(stage: Stage, words: Words) -> None:
    ann, app = await stage.person(language=words.code), await stage.app()
    window = await stage.window(ann, language=words.code)
    for where in ("/settings/apps", "/help/third-party-apps", "/portal", app.asking(), "/nothing/here"):
        await window.open(where)
        await window.keys("Tab")
        assert await window.focused() == words.skip
        link = window.page.get_by_role("link", name=words.skip)
        box = await link.bounding_box()
        assert box is not None
        assert box["y"] >= 0, "it can be seen while it has the keyboard"
        await window.keys("Enter")
        assert await window.run("document.activeElement.tagName") == "MAIN"


@pytest.mark.claim("C238")
async def test_every_link_of_the_foot_leads_somewhere(stage: Stage) -> None:
    ann = await stage.person()
    window = await stage.window(ann)
    await window.open("/settings")
    foot = window.page.get_by_role("contentinfo").get_by_role("link")
    names = [name.strip() for name in await foot.all_inner_texts()]
    assert names == ["Help", "Accessibility", "Cookies", "Developer terms"], "what the operator has not set is left out"
    for url in await foot.evaluate_all("(links) => links.map((link) => link.href)"):
        assert requests.get(url, timeout=10).status_code == 200, url


@pytest.mark.claim("C237")
async def test_only_necessary_cookies_are_set_and_each_is_explained(stage: Stage) -> None:
    window = await stage.window(language="nl")
    for where in ("/", "/help/third-party-apps", "/login", "/signup"):
        await window.open(where)
    assert {cookie["name"] for cookie in await window.context.cookies()} <= {"visit"}
    await window.open("/signup")
    await window.type(username="cookie_monster", password="grey whales sing low")
    await window.press(NL.sign_up)
    await window.page.get_by_role("contentinfo").locator("summary").click()
    await window.press("English")
    cookies = await window.context.cookies()
    assert {cookie["name"] for cookie in cookies} == {"session", "language"}
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Lax" for cookie in cookies)
    await window.page.get_by_role("contentinfo").get_by_role("link", name="Cookies").click()
    for cookie in cookies:
        await window.sees(cookie["name"])
    assert await window.run("document.cookie") == ""
    assert await window.run("localStorage.length + sessionStorage.length") == 0


@pytest.mark.claim("C233", "C234", "C096", "C100")
async def test_the_ways_to_help(stage: Stage) -> None:
    window = await stage.window(language="nl")
    app = await stage.app()
    await window.open(app.asking())
    await window.follow("tips voor accountbeveiliging")
    await window.sees(stage.base)
    await window.open(app.asking())
    await window.follow("Over apps van derden en inlogsessies")
    for part in ("Over", "Verbinden of verwijderen", "Beschikbare tools"):
        await window.page.get_by_role("link", name=part, exact=True).first.click()
        target = await window.run("decodeURIComponent(location.hash.slice(1))")
        heading = window.page.locator(f"#{target}")
        await expect(heading).to_be_in_viewport()
        assert part in await heading.inner_text()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_an_error_page_unfolds_for_developers_and_leads_to_what_its_code_means(
    stage: Stage, script: bool
) -> None:
    app = await stage.app()
    window = await stage.window(script=script)
    await window.open(app.asking().replace("client_id=", "client_id=x"))
    await window.sees("400 · client-not-known")
    rule = window.page.get_by_text("RFC 6749, section 2.2")
    await expect(rule).to_be_hidden()
    await window.page.locator("main summary").focus()
    await window.keys("Enter")
    await expect(rule).to_be_visible()
    await window.follow("What this code means")
    await window.is_at("/help/errors#client-not-known")
    await expect(window.page.get_by_role("heading", name="client-not-known")).to_be_in_viewport()


@pytest.mark.parametrize("width", [320, 500, 1280])
async def test_an_open_menu_stays_in_sight(stage: Stage, width: int) -> None:
    ann = await stage.person("Wilhelmina von Hohenzollern-Sigmaringen", "de")
    window = await stage.window(ann, language="de", viewport={"width": width, "height": 640})
    await window.open("/settings")
    for menu in ("header details.menu", "footer details.menu"):
        await window.page.locator(f"{menu} summary").click()
        for entry in await window.page.locator(f"{menu} .menu-panel").locator("a, button").all():
            box = await entry.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            await expect(entry).to_be_in_viewport(ratio=1)
