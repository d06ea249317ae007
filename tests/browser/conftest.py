"""Debian's Chromium before a real server, and an app that people come back to. One of each for all files of this folder."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser.window import Window
from tests.browser.words import EN, LANGUAGES
from tests.flows.app import App
from tests.flows.making import Person, beside, new_app, new_person
from tests.flows.sink import Sink, listening
from tests.serving import Server, serving
from volary.db import Database

P = ParamSpec("P")
T = TypeVar("T")

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
LOCALES = {"en": "en-GB", "nl": "nl-NL", "de": "de-DE"}


def found_chromium() -> str:
    """Where Chromium is. Without it the tests fail, and say so in a line: nothing is skipped in silence."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.fail("Chromium is missing: bin/test installs it (Debian's package `chromium`).", pytrace=False)
    return found


class Stage:
    """A test's own people, Apps and windows, on the server that all share."""

    def __init__(self, server: Server, sink: Sink, chromium: Browser) -> None:
        self.server = server
        self.base = server.base
        self.sink = sink
        self.chromium = chromium
        self.windows: list[Window] = []

    async def person(self, name: str = "Ann Ameland", language: str = "en") -> Person:
        return await self.beside(new_person, name, language)

    async def app(self, **changes: Any) -> App:
        """An App of dev's that may ask for everything, but for `changes`."""
        owner, callback = self.server.cast.dev.id, changes.pop("callback", self.sink.callback)
        _, app = await self.beside(new_app, owner, self.base, callback, **changes)
        return app

    async def beside(
        self, what: Callable[Concatenate[Database, P], Awaitable[T]], *args: P.args, **options: P.kwargs
    ) -> T:
        """Make something in the server's database, as the command line does."""
        return await asyncio.to_thread(beside, self.server, what, *args, **options)

    async def window(self, *people: Person, language: str = "en", script: bool = True, **options: Any) -> Window:
        """A new browser in which these people are signed in, the last one being the current account."""
        context = await self.chromium.new_context(
            locale=LOCALES[language], java_script_enabled=script, reduced_motion="reduce", **options
        )
        held, button = self.server.browser(), EN.sign_in
        for person in people:
            held.open(f"{self.base}/login?add=1")
            held.press(button, username=person.username, password=person.password)
            assert held.status == 200, held.text
            button = next(words.sign_in for words in LANGUAGES if words.code == person.language)
        await context.add_cookies(
            [
                {
                    "name": cookie.name,
                    "value": cookie.value or "",
                    "url": self.base,
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
                for cookie in held._session.cookies
            ]
        )
        window = Window(context, await context.new_page(), self.base)
        self.windows.append(window)
        return window

    async def close(self) -> list[str]:
        """Close every window; what Chromium complained of."""
        for window in self.windows:
            await window.context.close()
        return [fault for window in self.windows for fault in window.faults]


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(scope="package")
def sink() -> Iterator[Sink]:
    with listening() as listener:
        yield listener


@pytest.fixture(scope="package")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found_chromium(), args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def stage(server: Server, sink: Sink, chromium: Browser) -> AsyncIterator[Stage]:
    """Everything that a walk needs. Whatever Chromium complained of meanwhile fails the test."""
    sink.arrivals.clear()
    stage = Stage(server, sink, chromium)
    yield stage
    assert await stage.close() == []
