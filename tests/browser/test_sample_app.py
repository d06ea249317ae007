"""The sample app that comes with the product, in a real browser: the whole story that a newcomer is shown, by both protocols."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from playwright.async_api import expect

from tests.browser.conftest import Stage
from tests.browser.window import Window
from tests.flows.app import App
from tests.ports import own_port
from volary.server.demo import sample_app

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]


@contextmanager
def sample(stage: Stage, app: App, address: str) -> Iterator[None]:
    """The app's program, until the block ends."""
    command = [sys.executable, sample_app.__file__, stage.base, address]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    try:
        assert process.stdin is not None
        process.stdin.write(json.dumps(app.keys))
        process.stdin.close()
        for _ in range(200):
            try:
                requests.get(address, timeout=5)
                break
            except requests.ConnectionError:
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(60)


@pytest.mark.claim("C020", "C021", "C019")
async def test_the_whole_story(stage: Stage) -> None:
    address = f"http://127.0.0.1:{own_port()}"
    app = await stage.app(name="Tidy Shed", callbacks=(f"{address}/callback/1", f"{address}/callback/2"))
    ann = await stage.person()
    window = await stage.window()
    with sample(stage, app, address):
        page = window.page.locator("body")
        await window.open(address)
        await window.press("Connect to Volary (OAuth 2.0)")
        assert window.page.url.startswith(f"{stage.base}/i/oauth2/authorize?")
        await window.sign_in(ann.username, ann.password, "Sign in and authorize app")
        await expect(page).to_contain_text(f"Connected over OAuth 2.0 as Ann Ameland (@{ann.username}).")
        await window.page.locator("[name=text]").fill("The shed is tidy!")
        await window.press("Post")
        await expect(page).to_contain_text("POST /2/tweets 201")
        await window.open("/settings/apps")
        await window.press("Revoke access", within="Tidy Shed")
        await window.open(address)
        await window.press("Who am I?")
        await expect(page).to_contain_text("GET /2/users/me 401")

        await forgotten_by_the_app(window, address)
        await window.press("Connect to Volary (OAuth 1.0a)")
        assert window.page.url.startswith(f"{stage.base}/oauth/authorize?oauth_token=")
        await window.press("Authorize app")
        await expect(page).to_contain_text(f"Connected over OAuth 1.0a as Ann Ameland (@{ann.username}).")
        await forgotten_by_the_app(window, address)
        # Nothing new is asked, so this goes by the platform and comes straight back.
        went: list[str] = []
        window.page.on("request", lambda request: went.append(request.url))
        await window.press("Sign in with Volary (OAuth 1.0a)")
        await expect(page).to_contain_text(f"Connected over OAuth 1.0a as Ann Ameland (@{ann.username}).")
        assert [url for url in went if url.startswith(f"{stage.base}/oauth/authenticate?oauth_token=")]


async def forgotten_by_the_app(window: Window, address: str) -> None:
    """Come to the app as somebody whom it does not know, while the platform still does."""
    await window.context.clear_cookies(domain="127.0.0.1")
    await window.open(address)
