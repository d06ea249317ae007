"""`volary account …` and `volary app …` beside a running server: what they make works at once, and what they take away is gone at once."""

import json
import subprocess
import sys
from typing import Any

import pytest
import requests

from tests.flows.app import App
from tests.flows.conftest import Walk
from tests.serving import Server
from volary.server.demo.browser import Browser

pytestmark = pytest.mark.xdist_group("flows")


def command(server: Server, *arguments: str, told: str = "") -> Any:
    """Run the command with --json and read its answer."""
    done = subprocess.run(
        [sys.executable, "-m", "volary", *arguments, "--json"],
        input=told,
        env=server.environment,
        cwd=server.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.claim("C138", "C140", "C150", "C153", "C155", "C160")
def test_an_app_is_made_used_renewed_and_deleted(walk: Walk) -> None:
    server = walk.server
    made = command(
        server, "account", "create", "cleo", "--email", "cleo@example.org", "--password-stdin", told="a b c d e f\n"
    )
    assert made["username"] == "cleo"
    order = ["--owner", "cleo", "--name", "Cleo's Clock", "--callback", walk.sink.callback]
    keys = command(server, "app", "create", *order, "--permission", "read-write", "--type", "bot")
    app = App(walk.base, walk.sink.callback, "Cleo's Clock", keys)
    own = app.signing(resource_owner_key=keys["access_token"], resource_owner_secret=keys["access_token_secret"])
    me = own.get(f"{walk.base}/1.1/account/verify_credentials.json")
    assert (me.status_code, me.json()["screen_name"]) == (200, "cleo")
    public = {"Authorization": f"Bearer {keys['bearer_token']}"}
    found = requests.get(f"{walk.base}/2/users/by/username/cleo", headers=public, timeout=10)
    assert (found.status_code, found.json()["data"]["username"]) == (200, "cleo")

    browser = Browser()
    browser.open(app.asking())
    browser.press("Sign in and authorize app", username="cleo", password="a b c d e f")
    connection = app.connected(browser.url)
    assert connection.username == "cleo"

    shown = command(server, "app", "show", keys["app_id"])
    assert shown["callbacks"] == [walk.sink.callback]
    secrets = [keys[name] for name in ("api_key_secret", "access_token_secret", "client_secret", "bearer_token")]
    assert not [secret for secret in secrets if secret in json.dumps(shown)]
    renewed = command(server, "app", "rotate", keys["app_id"], "--what", "api_key")
    assert own.get(f"{walk.base}/1.1/account/verify_credentials.json").status_code == 401
    app.keys |= {"api_key": renewed["api_key"], "api_key_secret": renewed["api_key_secret"]}
    assert walk.connect1(browser, app).username == "cleo"
    command(server, "app", "delete", keys["app_id"])
    assert connection.me().status_code == 401
    assert keys["app_id"] not in [row["app_id"] for row in command(server, "app", "list")]
