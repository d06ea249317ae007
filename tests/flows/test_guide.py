"""What the guides say, letter by letter.

The recipe for tweepy: every request of the library comes here, none goes to X. The teachers' loop: it makes an account for each name
that can be one, and hands out no password that opens nothing.
"""

import json
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
import requests
import tweepy

from tests.ports import own_port
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
def led_here(server: Server, tmp_path: Path) -> Iterator[None]:
    """What the guide says, with this server's address."""
    (recipe,) = [
        block
        for block in re.findall(r"```python\n(.*?)```", (GUIDES / "app-developers.md").read_text(), re.DOTALL)
        if "THERE" in block
    ]
    assert '"http://localhost:8000"' in recipe
    script = tmp_path / "recipe.py"
    script.write_text(recipe.replace("http://localhost:8000", server.base))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "get_adapter", requests.Session.get_adapter)  # put back what the recipe changes
        runpy.run_path(str(script))
        yield


def answered(server: Server, browser: Browser, url: str) -> str:
    """Where the app is told what the person decided at the same path of this server."""
    place = urlsplit(url)
    assert place.hostname in {"api.twitter.com", "twitter.com", "x.com"}
    browser.open(f"{server.base}{place.path}?{place.query}")
    with pytest.raises(requests.ConnectionError) as refused:
        browser.press("Authorize app")
    assert refused.value.request is not None
    return str(refused.value.request.url)


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


@contextmanager
def started(server: Server, folder: Path, name: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A program of the guide, with this server's address and a port of its own, and the address that it prints."""
    text = (GUIDES / "app-developers.md").read_text()
    (program,) = re.findall(rf"```python\n(# {name}.*?)```", text, re.DOTALL)
    port = own_port()
    for said, here in (
        ("http://localhost:8000", server.base),
        ("127.0.0.1:5000", f"127.0.0.1:{port}"),
        (", 5000", f", {port}"),
    ):
        assert program.count(said) == 1
        program = program.replace(said, here)
    made = server.app(f"{name} {port}", callbacks=(f"http://127.0.0.1:{port}/callback",), type="web")
    (folder / "app.json").write_bytes(msgspec.json.encode(made))
    (folder / name).write_text(program)
    with subprocess.Popen(
        [sys.executable, name], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().removeprefix("Open ").strip()
        finally:
            process.kill()


@pytest.mark.parametrize("name", ["connect1.py", "connect2.py"])
def test_the_program_that_connects_a_person_runs_as_it_stands(server: Server, tmp_path: Path, name: str) -> None:
    browser = server.browser("ann")
    with started(server, tmp_path, name) as (process, address):
        browser.open(address)
        browser.press("Authorize app")
        assert "Go back to your terminal." in browser.text
        said, wrong = process.communicate(timeout=60)
        assert process.returncode == 0, wrong
    assert "'username': 'ann'" in said


@pytest.mark.parametrize("name, said", [("connect1.py", "The person said no."), ("connect2.py", "AccessDeniedError")])
def test_the_program_ends_when_the_person_says_no(server: Server, tmp_path: Path, name: str, said: str) -> None:
    browser = server.browser("ann")
    with started(server, tmp_path, name) as (process, address):
        browser.open(address)
        browser.press("Cancel")
        if name == "connect1.py":  # the page tells so, with a link back
            assert f"Return to {json.loads((tmp_path / 'app.json').read_text())['name']}" in browser.text
            (place,) = re.findall(r'CALLBACK, PORT = "[^"]+", "([^"]+)"', (tmp_path / name).read_text())
            browser.open(f"{place}?denied={parse_qs(urlsplit(address).query)['oauth_token'][0]}")
        assert said in process.communicate(timeout=60)[1]
        assert process.returncode == 1


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
        assert browser.url == f"{server.base}/home"
