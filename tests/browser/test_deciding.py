"""Two presses, the way back, the keyboard alone, and requests that must not be answered."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Stage
from tests.browser.window import Window
from tests.flows.app import answer_in

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]


async def tab_to(window: Window, name: str, most: int = 30) -> list[str]:
    """Press Tab until something of this name has the keyboard; what had it on the way."""
    passed: list[str] = []
    while (now := await window.focused()) != name:
        passed.append(now)
        assert len(passed) <= most, passed
        await window.keys("Tab")
    return passed[1:]


@pytest.mark.claim("C236", "C023")
async def test_consent_by_the_keyboard_alone(stage: Stage) -> None:
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann)
    await window.open(app.asking())
    await window.keys("Tab")
    assert await window.focused() == "Skip to main content"
    await window.keys("Enter")
    assert await window.run("document.activeElement.id") == "main"
    passed = await tab_to(window, "Authorize app")
    assert "Volary" not in passed, "the link really skips the header"
    async with window.page.expect_navigation():
        await window.keys("Enter")
    assert app.connected(window.page.url).username == ann.username


@pytest.mark.claim("C024")
async def test_signing_in_and_choosing_by_the_keyboard_alone(stage: Stage) -> None:
    ann, bob, app = await stage.person(), await stage.person("Bob Bakker"), await stage.app()
    window = await stage.window()
    await window.open(app.asking())
    await tab_to(window, "login")
    await window.page.keyboard.type(ann.username)
    await window.keys("Tab")
    await window.page.keyboard.type(ann.password)
    async with window.page.expect_navigation():
        await window.keys("Enter")
    assert app.connected(window.page.url).username == ann.username

    both = await stage.window(bob, ann)
    await both.open(app.asking())
    await tab_to(both, "account")
    await both.keys("ArrowDown")
    await tab_to(both, "Cancel")
    await both.keys("Shift+Tab")
    assert await both.focused() == "Authorize app"
    async with both.page.expect_navigation():
        await both.keys("Space")
    assert app.connected(both.page.url).username == bob.username


@pytest.mark.attack("SR-126")
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_a_second_answer_does_nothing(stage: Stage, script: bool) -> None:
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann, script=script)
    await window.open(app.asking())
    asked = window.page.url
    await window.press("Authorize app")
    landed = window.page.url
    await window.page.go_back()
    # The way back asks the server anew: it is a new request, and cancelling it takes nothing away.
    assert window.page.url == asked
    await window.press("Cancel")
    assert answer_in(window.page.url)["error"] == "access_denied"
    assert app.connected(landed).username == ann.username


@pytest.mark.attack("SR-126")
async def test_the_same_page_in_two_tabs_is_answered_once(stage: Stage) -> None:
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann)
    await window.open(app.asking())
    sent = await window.run("Array.from(new FormData(document.querySelector('main form')))")
    await window.press("Authorize app")
    landed = window.page.url
    await window.open("/help")
    # A second press of a form that stood there all the time.
    async with window.page.expect_navigation():
        await window.run(
            """([fields, action]) => {
                const form = Object.assign(document.createElement("form"), {method: "post", action});
                for (const [name, value] of [...fields, ["decision", "allow"]])
                    form.append(Object.assign(document.createElement("input"), {name, value}));
                document.body.append(form);
                form.submit();
            }""",
            [sent, "/i/oauth2/authorize"],
        )
    assert window.status == 400
    await window.sees("This request was already answered")
    assert app.connected(landed).username == ann.username


@pytest.mark.attack("SR-137")
async def test_a_page_of_another_account_asks_again(stage: Stage) -> None:
    ann, bob, app = await stage.person(), await stage.person("Bob Bakker"), await stage.app()
    window = await stage.window(ann)
    await window.open(app.asking())
    other_tab = await window.context.new_page()
    await other_tab.goto(f"{stage.base}/login?add=1")
    await other_tab.get_by_label("Username or email").fill(bob.username)
    await other_tab.get_by_label("Password", exact=True).fill(bob.password)
    async with other_tab.expect_navigation():
        await other_tab.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    await window.press("Authorize app")
    assert window.status == 403
    await window.sees("The page was out of date", bob.username)
    assert not stage.sink.arrivals
    await window.page.get_by_role("radio", name=bob.username).check()
    await window.press("Authorize app")
    assert app.connected(window.page.url).username == bob.username


@pytest.mark.claim("C226", "C228", "C216", "C229")
@pytest.mark.attack("SR-001")
async def test_a_callback_that_is_not_listed_is_a_page_and_no_redirect(stage: Stage) -> None:
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann)
    for wrong in (f"{stage.sink.address}/callback/", f"{stage.sink.address}/other", "https://evil.example/cb", ""):
        app.callback = wrong
        await window.open(app.asking())
        assert window.status == 400
        await window.is_at(window.page.url)
        assert window.page.url.startswith(f"{stage.base}/i/oauth2/authorize")
        await expect(window.page.locator("main form")).to_have_count(0)
        targets = await window.page.locator("main a").evaluate_all("(links) => links.map((link) => link.href)")
        assert not [target for target in targets if not target.startswith(stage.base)]
    assert not stage.sink.arrivals


async def test_a_request_token_that_was_used_is_not_asked_about_again(stage: Stage) -> None:
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann)
    asking = app.asking1()
    await window.open(asking)
    await window.press("Authorize app")
    assert app.connected1(window.page.url).username == ann.username
    stage.sink.arrivals.clear()
    for used in (asking, f"{stage.base}/oauth/authorize?oauth_token=unknown", f"{stage.base}/oauth/authorize"):
        await window.open(used)
        assert window.status in {400, 401, 403, 404}
        await expect(window.page.locator("main form")).to_have_count(0)
        await window.sees("app")
    assert not stage.sink.arrivals
