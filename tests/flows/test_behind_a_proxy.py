"""The whole walk at https://volary.example/social/, as a reverse proxy with TLS and a path of its own serves it (the operators' guide)."""

from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.cast import ANN
from tests.flows.app import App
from tests.flows.making import beside, new_app
from tests.flows.sink import listening
from tests.serving import Server, ToServer, sent_through, serving
from volary.server.demo.browser import Browser

pytestmark = pytest.mark.xdist_group("flows")

PUBLIC = "https://volary.example"
BASE = f"{PUBLIC}/social"
VISITOR = "198.51.100.7"


class _Proxy(ToServer):
    """What the proxy does to a request: ends TLS, names the visitor, and passes the path on untouched."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.headers["X-Forwarded-For"] = VISITOR
        request.headers["X-Forwarded-Proto"] = "https"
        return super().send(request, *args, **kwargs)


def proxied(server: Server) -> AbstractContextManager[None]:
    """Let `requests` find the server under its public name: only the outside world is replaced."""
    return sent_through(_Proxy(server.port), (PUBLIC,))


@pytest.mark.claim("C004", "C025", "C211", "C212", "C213")
@pytest.mark.attack("SR-297")
def test_every_leg_below_a_path_and_behind_tls() -> None:
    with serving(public_url=BASE, trusted_proxies="127.0.0.1") as server, listening() as sink, proxied(server):
        _, app = beside(server, new_app, server.cast.dev.id, BASE, sink.callback)
        browser = Browser()
        browser.open(app.asking())
        assert f"starts with {BASE}" in browser.text
        browser.press("Sign in and authorize app", username=ANN.username, password=ANN.password)
        new = app.connected(browser.url)
        assert {cookie.name for cookie in browser._session.cookies if not cookie.is_expired()} == {"__Host-session"}
        assert all(cookie.secure for cookie in browser._session.cookies)
        browser.open(app.asking1("authenticate"))
        browser.press("Sign in")
        old = app.connected1(browser.url)
        assert [connection.username for connection in (new, old)] == ["ann", "ann"]
        assert [new.post("Below a path").status_code, old.post("Signed, too").status_code] == [201, 201]
        assert old.verified().status_code == 200
        _links_stay_below(browser)
        browser.open(f"{BASE}/settings/apps")
        assert VISITOR in browser.text, "the visitor's address, not the proxy's"
        browser.press("Revoke access")
        assert [connection.me().status_code for connection in (new, old)] == [401, 401]
        _believes_nobody_else(server, app)


def _links_stay_below(browser: Browser) -> None:
    for page in ("/settings/apps", "/help/third-party-apps", "/portal"):
        browser.open(BASE + page)
        assert browser.status == 200
        stray = [link for link in browser.links if link.startswith("/") and not link.startswith("/social/")]
        assert not stray, page
        assert not [form.action for form in browser.forms if not form.action.startswith("/social/")]


def _believes_nobody_else(server: Server, app: App) -> None:
    """A host that is not one of ours gets nothing, whatever the headers say."""
    told = {"Host": "evil.example", "X-Forwarded-Host": "volary.example", "X-Forwarded-Proto": "https"}
    answer = requests.get(f"http://127.0.0.1:{server.port}/social/login", headers=told, timeout=10)
    assert answer.status_code == 421
    told = {"Host": "volary.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    path = urlsplit(app.asking()).query
    page = requests.get(f"http://127.0.0.1:{server.port}/social/i/oauth2/authorize?{path}", headers=told, timeout=10)
    assert page.status_code == 200
    assert "evil.example" not in page.text
