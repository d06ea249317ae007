"""The little script: pages work without it, and a little more comfortably with it."""

import re

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import Stage

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]


async def test_copy_buttons_copy(stage: Stage) -> None:
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann, permissions=["clipboard-read", "clipboard-write"])
    await window.open(app.asking1(callback="oob"))
    await window.press("Authorize app")
    button = window.page.get_by_role("main").get_by_role("button")
    await expect(button).to_have_text("Copy")
    await button.click()
    await expect(button).to_have_text("Copied")
    pin = await window.run("navigator.clipboard.readText()")
    assert app.connected1(pin=pin).username == ann.username


async def test_without_the_script_there_is_no_copy_button(stage: Stage) -> None:
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann, script=False)
    await window.open(app.asking1(callback="oob"))
    await window.press("Authorize app")
    await expect(window.page.get_by_role("main").get_by_role("button")).to_have_count(0)


@pytest.mark.attack("SR-126")
async def test_two_quick_presses_are_one(stage: Stage) -> None:
    """The second press of a slow form is swallowed; the answer of the first is what counts."""
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann)
    await window.open(app.asking())
    sent: list[str] = []

    async def count(route: Route) -> None:
        sent.append(route.request.method)
        await route.continue_()

    await window.page.route("**/i/oauth2/authorize", count)
    async with window.page.expect_navigation(url=re.compile(re.escape(stage.sink.callback))):
        await window.run(
            "() => { const button = document.querySelector('[value=allow]');"
            " button.click(); button.click(); document.querySelector('[value=cancel]').click(); }"
        )
    assert sent == ["POST"]
    assert app.connected(window.page.url).username == ann.username


async def test_coming_back_to_a_page_opens_its_form_again(stage: Stage) -> None:
    window = await stage.window()
    await window.open("/login")
    form = window.page.locator("main form").first
    await window.run(
        "document.querySelector('main form').addEventListener('submit', (event) => event.preventDefault())"
    )
    await window.type(login="ann", password="x")
    await window.run("document.querySelector('main form').dataset.sent = '1'")
    await window.run("dispatchEvent(new PageTransitionEvent('pageshow'))")
    await expect(form).not_to_have_attribute("data-sent", "1")


async def test_relative_times_go_on_counting(stage: Stage) -> None:
    ann = await stage.person()
    window = await stage.window(ann)
    await window.page.clock.install()
    await window.open("/settings/sessions")
    ago = window.page.locator("time[data-ago]").first
    before = await ago.inner_text()
    await window.page.clock.fast_forward("07:00")
    await expect(ago).to_have_text("7 minutes ago")
    assert before != "7 minutes ago"
    assert await ago.get_attribute("datetime")


async def test_menus_close_when_one_looks_elsewhere(stage: Stage) -> None:
    ann = await stage.person()
    window = await stage.window(ann)
    await window.open("/settings")
    menu, panel = window.page.locator("details.account summary"), window.page.locator("details.account .menu-panel")
    await menu.click()
    await expect(panel).to_be_visible()
    await window.keys("Escape")
    await expect(panel).to_be_hidden()
    await expect(menu).to_be_focused()
    await window.keys("Enter")
    await expect(panel).to_be_visible()
    await window.page.locator("footer details summary").click()
    await expect(panel).to_be_hidden()
    await window.page.locator("h1").click()
    await expect(window.page.locator("footer .menu-panel")).to_be_hidden()
