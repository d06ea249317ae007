"""From nothing to an app that was connected, acted and was cut off: every step on the pages, by people who were not there before."""

import re

import pytest

from tests.flows.app import App
from tests.flows.conftest import Walk
from volary.server.demo.browser import Browser

pytestmark = pytest.mark.xdist_group("flows")

PASSWORD = "grey whales sing low"


def signed_up(walk: Walk, username: str) -> Browser:
    browser = Browser()
    browser.open(f"{walk.base}/signup")
    browser.press("Sign up", username=username, password=PASSWORD)
    assert (browser.status, browser.url) == (200, f"{walk.base}/home")
    return browser


def registered(walk: Walk, browser: Browser) -> App:
    """What a developer does in the portal until the app could begin."""
    browser.open("/portal/projects/new")
    assert "/portal/signup" in browser.url, "the agreement comes first"
    browser.press("Create developer account", agreed="1")
    browser.press("Create Project", name="Whales")
    (project,) = re.findall(r"project=(\d+)", browser.url)
    browser.press("Create App", name="Whale Log", callbacks=walk.sink.callback, project=project)
    keys = {
        "api_key": re.search(r"API Key (\S+) ", browser.text),
        "api_key_secret": re.search(r"API Key Secret (\S+) ", browser.text),
    }
    (app_id,) = re.findall(r"App ID (\d+)", browser.text)
    browser.open(f"/portal/apps/{app_id}/authentication")
    browser.press("Save", oauth2="1", oauth2_type="web", level="read-write")
    keys["client_id"] = re.search(r"Client ID (\S+) ", browser.text)
    keys["client_secret"] = re.search(r"Client Secret (\S+) ", browser.text)
    found = {name: match[1] for name, match in keys.items() if match}
    assert len(found) == 4, browser.text
    browser.open(f"/portal/apps/{app_id}/keys")
    assert not [name for name in ("api_key_secret", "client_secret") if found[name] in browser.text]
    return App(walk.base, walk.sink.callback, "Whale Log", found)


@pytest.mark.claim("C010", "C015", "C019", "C085", "C141", "C154", "C161", "C185", "C211", "C212")
def test_a_developer_a_person_and_the_end_of_it(walk: Walk) -> None:
    app = registered(walk, signed_up(walk, "dora"))
    ann = Browser()
    ann.open(app.asking())
    (sign_up,) = [link for link in ann.links if "/signup" in link]
    ann.open(sign_up)
    ann.press("Sign up", username="annika", password=PASSWORD)
    assert "Whale Log" in ann.text, "back at the question"
    ann.press("Authorize app")
    new = app.connected(ann.url)
    old = walk.connect1(ann, app)
    assert (new.username, old.username) == ("annika", "annika")
    assert [connection.post(f"Seen: {number}").status_code for number, connection in enumerate((new, old))] == [
        201,
        201,
    ]
    new.refresh()
    assert new.username == "annika"

    ann.open(f"{walk.base}/settings/apps")
    assert ann.text.count("Whale Log") == 1, "one row, whatever the protocol"
    ann.press("Revoke access")
    assert [connection.me().status_code for connection in (new, old)] == [401, 401]
    assert old.verified().json()["errors"][0]["code"] == 89
    with pytest.raises(Exception, match="invalid"):
        new.refresh()
    again = walk.connect(ann, app)
    assert (again.username, new.me().status_code, old.me().status_code) == ("annika", 401, 401)
    assert PASSWORD not in walk.sink.everything


@pytest.mark.claim("C085", "C092", "C093")
def test_what_an_app_gets_to_see(walk: Walk) -> None:
    """Neither password nor cookie nor form nor the address that one came from: a code, and what the app itself had sent along."""
    ann, (_, app) = walk.person(), walk.app()
    browser = Browser()
    browser.open(app.asking())
    browser.press("Sign in and authorize app", username=ann.username, password="not hers")
    assert browser.status == 401
    browser.press("Sign in and authorize app", username=ann.username, password=ann.password)
    (arrived,) = walk.sink.arrivals
    assert (arrived.method, arrived.body) == ("GET", "")
    assert set(re.findall(r"[?&](\w+)=", arrived.url)) == {"code", "state"}
    for secret in (ann.password, ann.username, "session", "Referer", "Cookie"):
        assert secret.lower() not in walk.sink.everything.lower()
    assert app.connected(browser.url).username == ann.username


@pytest.mark.attack("SR-302")
def test_nothing_secret_is_written_down(walk: Walk) -> None:
    """Neither the log nor the database holds what would let somebody act: what must be compared is digested, what is replayed is sealed."""
    ann, (made, app) = walk.person(), walk.app()
    browser = walk.browser()
    browser.open(app.asking())
    browser.press("Sign in and authorize app", username=ann.username, password=ann.password)
    landed, code = browser.url, re.search(r"code=([^&]+)", browser.url)
    new = app.connected(landed)
    spent = dict(new.session.token)
    new.refresh()
    browser.open(app.asking1())
    browser.press("Authorize app")
    verifier = re.search(r"oauth_verifier=([^&]+)", browser.url)
    old = app.connected1(browser.url)
    assert (new.username, old.username) == (ann.username, ann.username)
    assert code is not None
    assert verifier is not None
    secrets = {
        "password": ann.password,
        "code": code[1],
        "verifier": verifier[1],
        "cookie": next(cookie.value or "" for cookie in browser._session.cookies if cookie.name == "session"),
        "bearer": made.bearer_token,
        **{name: str(app.keys[name]) for name in ("api_key_secret", "client_secret")},
        **{f"spent {name}": str(spent[name]) for name in ("access_token", "refresh_token")},
        **{f"live {name}": str(new.session.token[name]) for name in ("access_token", "refresh_token")},
        "token secret": str(old.session.auth.client.resource_owner_secret),
    }
    assert min(map(len, secrets.values())) >= 10
    files = [path for path in walk.server.folder.iterdir() if path.is_file()]
    assert {"serve.log", "test.db"} <= {path.name for path in files}
    written = b"\n".join(path.read_bytes() for path in files)
    assert ann.username.encode() in written, "a control: what is no secret is found"
    assert not [name for name, secret in secrets.items() if secret.encode() in written]
