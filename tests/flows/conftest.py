"""A real server, the app's own address, and whoever a walk needs."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.flows.app import App, Connection
from tests.flows.making import Person, beside, new_app, new_person
from tests.flows.sink import Sink, listening
from tests.serving import Server, serving
from volary.developers.actions.values import NewApp
from volary.server.demo.browser import Browser


class Walk:
    """A test's own people and Apps."""

    def __init__(self, server: Server, sink: Sink) -> None:
        self.server = server
        self.base = server.base
        self.sink = sink

    def person(self, name: str = "Ann Ameland") -> Person:
        return beside(self.server, new_person, name)

    def app(self, owner: Person | None = None, **changes: Any) -> tuple[NewApp, App]:
        """An App of somebody's, of dev's unless it is said whose."""
        owner_id = owner.id if owner else self.server.cast.dev.id
        return beside(self.server, new_app, owner_id, self.base, self.sink.callback, **changes)

    def browser(self, *people: Person) -> Browser:
        """A new browser in which these people are signed in, the last one being the current account."""
        browser = self.server.browser()
        for person in people:
            browser.open(f"{self.base}/login?add=1")
            browser.press("Sign in", username=person.username, password=person.password)
            assert browser.status == 200, browser.text
        return browser

    def connect(self, browser: Browser, app: App, **asking: str) -> Connection:
        """Connect by OAuth 2.0."""
        browser.open(app.asking(**asking))
        browser.press("Authorize app")
        return app.connected(browser.url)

    def connect1(self, browser: Browser, app: App, **asking: str) -> Connection:
        """Connect by OAuth 1.0a."""
        browser.open(app.asking1(**asking))
        browser.press("Authorize app")
        return app.connected1(browser.url)


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(scope="package")
def listener() -> Iterator[Sink]:
    with listening() as sink:
        yield sink


@pytest.fixture
def walk(server: Server, listener: Sink) -> Walk:
    listener.arrivals.clear()
    return Walk(server, listener)
