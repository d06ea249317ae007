"""Whatever was secret in a whole day of a server is found in none of its files: not in its logs, not in its database (SR-086, SR-302).

Everything that clients sent and got is recorded on their side; what is secret in it is then looked for on the server's.
"""

import base64
import contextlib
import json
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest
import requests

from tests.flows.conftest import Walk
from tests.flows.sink import listening
from tests.serving import serving
from volary.kit.secrets import digest

SECRET = {
    *("oauth_token", "oauth_token_secret", "oauth_verifier", "oauth_signature", "code", "code_verifier"),
    *("access_token", "refresh_token", "password", "new_password", "csrf", "token", "pin"),
    *("session", "visit", "browser", "bearer_token", "client_secret", "api_key_secret", "access_token_secret"),
}
"""Parameters, members and cookies whose values nobody else may have."""


class Record:
    """Every secret that went over the wire."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def add(self, name: str, value: str) -> None:
        if len(value) >= 6:
            self.found[value] = name

    def see(self, answer: requests.Response) -> None:
        asked = answer.request
        pairs = parse_qsl(urlsplit(asked.url or "").query) + parse_qsl(_text(asked.body))
        pairs += parse_qsl(urlsplit(answer.headers.get("location", "")).query)
        pairs += list(_members(_text(asked.body))) + list(_members(answer.text))
        if "html" not in answer.headers.get("content-type", "") or answer.text.startswith("oauth_"):
            pairs += parse_qsl(answer.text)
        pairs += re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', answer.text)
        cookies = SimpleCookie(asked.headers.get("cookie", ""))
        cookies.load(answer.headers.get("set-cookie", ""))
        pairs += [(name.removeprefix("__Host-"), morsel.value) for name, morsel in cookies.items()]
        for name, value in [*pairs, *_authorized(_text(asked.headers.get("authorization")))]:
            if name in SECRET:
                self.add(name, value)


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value or ""


def _members(text: str) -> Iterator[tuple[str, str]]:
    with contextlib.suppress(ValueError, AttributeError):
        yield from ((name, value) for name, value in json.loads(text).items() if isinstance(value, str))


def _authorized(header: str) -> Iterator[tuple[str, str]]:
    kind, _, rest = header.partition(" ")
    if kind == "Bearer":
        yield "access_token", rest
    elif kind == "Basic":
        yield "client_secret", unquote(base64.b64decode(rest).decode().partition(":")[2])
    elif kind == "OAuth":
        yield from ((name, unquote(value)) for name, value in re.findall(r'(\w+)="([^"]*)"', rest))


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> Record:
    """What every client of this test says and hears."""
    seen, send = Record(), requests.Session.send

    def recorded(self: requests.Session, *args: Any, **options: Any) -> requests.Response:
        answer = send(self, *args, **options)
        for one in (*answer.history, answer):
            seen.see(one)
        return answer

    monkeypatch.setattr(requests.Session, "send", recorded)
    return seen


def live_a_day(walk: Walk, record: Record) -> None:
    """Every way in which secrets are given, used, renewed, refused and taken back."""
    ann, bob = walk.person("Ann Ameland"), walk.person("Bob Bakker")
    made, app = walk.app()
    for name in ("api_key_secret", "client_secret", "bearer_token"):
        record.add(name, getattr(made, name))
    record.add("password", ann.password)
    browser = walk.browser(ann)
    connection = walk.connect(browser, app)
    assert connection.post("a day begins").status_code == 201
    connection.refresh()
    walk.connect(walk.browser(bob), app)
    signed = walk.connect1(browser, app)
    assert signed.post("it goes on").status_code == 201
    browser.open(app.asking1(callback="oob"))
    browser.press("Authorize app")
    pin = "".join(re.findall(r"\b\d(?:\s?\d){6}\b", browser.text)[0].split())
    record.add("pin", pin)
    app.connected1(pin=pin)
    public = {"Authorization": f"Bearer {made.bearer_token}"}
    assert requests.get(f"{walk.base}/2/users/by/username/{ann.username}", headers=public, timeout=10).ok
    # And everything that goes wrong.
    requests.get(f"{walk.base}/2/users/me", headers={"Authorization": "Bearer not-a-token-at-all"}, timeout=10)
    app.signing(resource_owner_key="1-nobody", resource_owner_secret="nothing").get(
        f"{walk.base}/2/users/me", timeout=10
    )
    form = {"grant_type": "authorization_code", "code": "a-wrong-code-somebody-tried", "redirect_uri": app.callback}
    requests.post(
        f"{walk.base}/2/oauth2/token", data=form, auth=(str(app.keys["client_id"]), "a-wrong-secret"), timeout=10
    )
    walk.server.browser().open(f"{walk.base}/i/oauth2/authorize?client_id=x&code=a-stray-code-in-a-query")
    stranger = walk.server.browser()
    stranger.open(f"{walk.base}/login")
    stranger.press("Sign in", username=ann.username, password="a wrong password, typed")
    browser.open(f"{walk.base}/settings/password")
    browser.press(
        "Change password", current=ann.password, new="the next password of ann", again="the next password of ann"
    )
    browser.open(f"{walk.base}/settings/apps")
    browser.press("Revoke access")
    assert connection.me().status_code == 401


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.endswith(".key")
    }


def spellings(secret: str) -> set[bytes]:
    """How it could stand in a file: as it is, quoted for a URL, in base64 or as numbers."""
    raw = secret.encode()
    return {raw, quote(secret, safe="").encode(), base64.b64encode(raw).rstrip(b"="), raw.hex().encode()}


@pytest.mark.attack("SR-086", "SR-302")
@pytest.mark.parametrize("log_format", ["json", pytest.param("text", marks=pytest.mark.slow)])
def test_no_secret_is_in_a_log_or_in_the_database(record: Record, log_format: str) -> None:
    with serving(log_format=log_format, log_requests="on") as server, listening() as sink:
        live_a_day(Walk(server, sink), record)
        found = files_of(server.folder)
        metrics = requests.get(f"{server.base}/metrics", timeout=10).content
    ended = {"metrics": metrics, **found}
    assert {"serve.log", "test.db", "test.db-wal"} <= set(ended)
    assert b"/2/oauth2/token" in ended["serve.log"]  # it did log
    assert len(record.found) > 40
    assert {
        "password",
        "code",
        "refresh_token",
        "oauth_verifier",
        "oauth_token_secret",
        "session",
        "csrf",
    } <= set(record.found.values())
    tokens = [secret for secret, name in record.found.items() if name in {"access_token", "refresh_token"}]
    kept = ended["test.db"] + ended["test.db-wal"]
    assert sum(digest(token) in kept for token in tokens) >= 3  # a control: what is kept of them is found
    leaks = [
        (name, secret, file)
        for secret, name in record.found.items()
        for file, content in ended.items()
        if any(spelling in content for spelling in spellings(secret))
    ]
    assert not leaks, leaks
