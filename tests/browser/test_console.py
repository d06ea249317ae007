"""An operator's work by keyboard alone: no mouse, from the console's door to a suspended App."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Stage
from tests.browser.console import appoint
from tests.browser.test_portal import make_app_of
from tests.browser.window import Window

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]

MOST = 80
"""How many stops of the keyboard are tried on one page."""


async def stop_at(window: Window, text: str) -> None:
    """Go on with Tab until what bears this text, or this name in a form, has the keyboard."""
    for _ in range(MOST):
        await window.keys("Tab")
        if (await window.focused()).strip() == text:
            return
    raise AssertionError(f"“{text}” is not reached by the keyboard")


async def enter(window: Window, text: str) -> None:
    """Go to a link or a button and press Enter."""
    await stop_at(window, text)
    async with window.page.expect_navigation():
        await window.keys("Enter")


@pytest.mark.claim("C176")
async def test_an_app_is_found_suspended_and_restored_without_a_mouse(stage: Stage) -> None:
    dev, oda = await stage.person("Dev Devrient"), await stage.person("Oda Operator")
    await stage.beside(appoint, oda.id)
    name = f"Nightjar {dev.username}"
    made, _ = await stage.beside(make_app_of, dev.id, stage, name)
    window = await stage.window(oda)
    await window.open("/operator")
    await stop_at(window, "q")
    await window.page.keyboard.type(str(made.app.id))
    async with window.page.expect_navigation():
        await window.keys("Enter")
    await enter(window, name)
    await window.is_at(f"/operator/apps/{made.app.id}")
    await stop_at(window, "reason")
    await window.page.keyboard.type("It follows everybody.")
    await enter(window, "Suspend App")
    await window.sees("This App is suspended.", "It follows everybody.")
    await enter(window, "Restore App")
    await expect(window.page.get_by_role("button", name="Suspend App")).to_be_visible()
    await window.open("/operator")
    for page in ("People", "Requests", "Reports", "Appeals", "Audit", "Webhooks", "Reserved names", "Switches"):
        await enter(window, page)
        assert window.status == 200
        await expect(window.page.get_by_role("heading", level=1)).to_have_text(page)
