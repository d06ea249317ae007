"""The server is stopped and started in the middle of a walk: whoever was under way goes on, and what was used up stays used up."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from requests_oauthlib.oauth1_session import TokenRequestDenied

from tests.flows.conftest import Walk
from tests.flows.sink import listening
from tests.serving import Server, serving, wait_until_ready

pytestmark = pytest.mark.xdist_group("flows")


@contextmanager
def started_again(server: Server) -> Iterator[None]:
    """Stop the server as a service manager does, wait until nobody answers, and run it anew on the same database."""
    os.kill(server.process, signal.SIGTERM)
    for _ in range(300):
        try:
            requests.get(f"{server.base}/healthz", timeout=1)
        except requests.ConnectionError:
            break
        time.sleep(0.05)
    with (server.folder / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "volary", "serve"], env=server.environment, cwd=server.folder, stdout=log, stderr=log
        )
        try:
            wait_until_ready(server.base, process, server.folder)
            yield
        finally:
            process.terminate()
            process.wait(30)


@pytest.mark.claim("C211", "C212")
@pytest.mark.attack("SR-060")
def test_a_restart_in_mid_walk_loses_and_repeats_nothing() -> None:
    with serving() as server, listening() as sink:
        walk = Walk(server, sink)
        ann, (_, app) = walk.person(), walk.app()
        browser = walk.browser(ann)
        connection = walk.connect(browser, app)
        browser.open(app.asking1())  # the page stands there, undecided
        spent = app.signing(callback_uri=sink.callback)
        asked = spent.prepare_request(requests.Request("POST", f"{server.base}/oauth/request_token"))
        assert spent.send(asked).status_code == 200
        with started_again(server):
            browser.press("Authorize app")
            signed = app.connected1(browser.url)
            assert (signed.username, connection.username) == (ann.username, ann.username)
            connection.refresh()
            replayed = requests.Session().send(asked)
            assert (replayed.status_code, replayed.json()["errors"][0]["code"]) == (401, 32)
            with pytest.raises(TokenRequestDenied, match="401"):
                app.connected1(browser.url)
            browser.open(f"{server.base}/settings/apps")
            assert app.name in browser.text, "still signed in"
