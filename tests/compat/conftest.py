"""Real clients of X against a real server, reached under X's own host names."""

import itertools
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.serving import Server, reaching, serving
from volary.portal.actions.commands import Created
from volary.server.demo.browser import Browser

CALLBACK = "http://127.0.0.1:9/callback"
"""Where apps get their answers: nothing listens there, and nobody follows redirects to it."""

_names = itertools.count(1)


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    with serving() as running, reaching(running):
        yield running


@pytest.fixture
def make_app(server: Server) -> Any:
    """Make an App with an own name: `make_app(level=…, type=…)`."""

    def make(**order: Any) -> Created:
        return server.app(f"Client {next(_names)}", callbacks=(CALLBACK,), **order)

    return make


@pytest.fixture
def ann(server: Server) -> Browser:
    """Ann's browser, signed in."""
    return server.browser("ann")


def consent(server: Server, browser: Browser, url: str, button: str = "Authorize app") -> str:
    """Open an authorization URL that a client made, press a button, and give back where the browser is sent."""
    place = urlsplit(url)
    browser.open(f"{server.base}{place.path}?{place.query}")
    try:
        browser.press(button)
    except requests.ConnectionError as error:  # the browser followed the redirect to the app, where nobody listens
        return str(error.request.url)  # type: ignore[union-attr]
    return browser.url


def answer_in(url: str) -> dict[str, str]:
    """The parameters with which the browser came back to the app."""
    assert url.startswith(CALLBACK), url
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
