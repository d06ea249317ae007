"""What the guides say, letter by letter.

The recipe for tweepy: every request of the library comes here, none goes to X. The teachers' loop: it makes an account for each name
that can be one, and hands out no password that opens nothing.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import tweepy

from tests.serving import Server, serving
from volary.access.levels import Level
from volary.server.demo.browser import Browser

GUIDES = Path(__file__).parents[2] / "docs/guide"
CALLBACK = "http://127.0.0.1:9/callback"
"""Nothing listens there: the browser's last redirect fails, and its address is the answer."""

pytestmark = pytest.mark.xdist_group("flows")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def led_here(server: Server) -> Iterator[None]:
    """What the guide says, with this server's address."""
    (recipe,) = [
        block
        for block in re.findall(r"```python\n(.*?)```", (GUIDES / "app-developers.md").read_text(), re.DOTALL)
        if "THERE" in block
    ]
    assert '"http://localhost:8000"' in recipe
    usual = requests.Session.get_adapter
    try:
        exec(recipe.replace("http://localhost:8000", server.base), {"__name__": "recipe"})  # noqa: S102 - our own page
        yield
    finally:
        requests.Session.get_adapter = usual  # type: ignore[method-assign]


def answered(server: Server, browser: Browser, url: str) -> str:
    """Where the app is told what the person decided at the same path of this server."""
    place = urlsplit(url)
    assert place.hostname in {"api.twitter.com", "twitter.com", "x.com"}
    browser.open(f"{server.base}{place.path}?{place.query}")
    with pytest.raises(requests.ConnectionError) as refused:
        browser.press("Authorize app")
    return str(refused.value.request.url)  # type: ignore[union-attr]


def verifier_in(url: str) -> Any:
    return parse_qs(urlsplit(url).query)["oauth_verifier"][0]


@pytest.mark.usefixtures("led_here")
def test_a_person_connects_over_oauth1_and_the_client_acts(server: Server) -> None:
    app = server.app("Guided", callbacks=(CALLBACK,), level=Level.READ_WRITE)
    handler = tweepy.OAuth1UserHandler(app.api_key, app.api_key_secret, callback=CALLBACK)
    back = answered(server, server.browser("ann"), handler.get_authorization_url())
    token, secret = handler.get_access_token(verifier_in(back))
    client = tweepy.Client(app.bearer_token, app.api_key, app.api_key_secret, token, secret)
    assert client.get_me().data.username == "ann"
    assert client.create_tweet(text="As the guide says").data["text"] == "As the guide says"
    assert tweepy.API(handler).verify_credentials().screen_name == "ann"


@pytest.mark.usefixtures("led_here")
def test_a_person_connects_over_oauth2(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    app = server.app("Guided 2", callbacks=(CALLBACK,), type="web")
    asked = {"client_id": app.client_id, "client_secret": app.client_secret, "redirect_uri": CALLBACK}
    handler = tweepy.OAuth2UserHandler(**asked, scope=["tweet.read", "users.read"])
    back = answered(server, server.browser("ann"), handler.get_authorization_url())
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    token = handler.fetch_token(back)
    assert tweepy.Client(token["access_token"]).get_me(user_auth=False).data.username == "ann"


def test_a_class_gets_accounts_that_open(server: Server, tmp_path: Path) -> None:
    (loop,) = re.findall(r"```sh\n(umask 077\n.*?)```", (GUIDES / "teachers.md").read_text(), re.DOTALL)
    (tmp_path / "names.txt").write_text("anna\ncarla van dijk\nanna\ndirk_jan")
    environment = server.environment | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", loop], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stdout == ""
    told = [line for line in done.stderr.splitlines() if line.startswith("No account")]
    assert told == ["No account for: carla van dijk", "No account for: anna"]
    passwords = tmp_path / "passwords.txt"
    assert passwords.stat().st_mode & 0o077 == 0
    handed_out = [line.split() for line in passwords.read_text().splitlines()]
    assert [username for username, _ in handed_out] == ["anna", "dirk_jan"]
    for username, password in handed_out:
        browser = Browser()
        browser.open(f"{server.base}/login")
        browser.press("Sign in", username=username, password=password)
        assert browser.url == f"{server.base}/settings"
