"""Two workers on PostgreSQL and Valkey: one platform, whichever of them answers, and what is left of it when a part is gone."""

import contextlib
import os
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1
from valkey import Valkey

from tests.db.databases import new_postgres_database
from tests.flows.app import App
from tests.flows.sink import listening
from tests.serving import Server, serving
from tests.valkey import new_valkey, valkey_at
from volary.access.levels import Level
from volary.portal.actions.commands import Created
from volary.server.demo.browser import Browser

pytestmark = pytest.mark.xdist_group("valkey")

CLOSE = {"Connection": "close"}
ME = "/2/users/me"


class Place:
    """The server, the Valkey that it shares, and an App's own address."""

    def __init__(self, server: Server, valkey: Any, callback: str) -> None:
        self.server = server
        self.callback = callback
        self._socket = Path(valkey.unix_socket_path)
        self._valkey = valkey
        self._names = iter(range(1, 100))

    def start_valkey(self) -> None:
        self._valkey = valkey_at(self._socket)

    def stop_valkey(self) -> None:
        self._valkey._cleanup()
        self._socket.unlink(missing_ok=True)

    def signal_valkey(self, number: int) -> None:
        os.kill(self._valkey._process.pid, number)

    def tell_valkey(self, name: str, value: str) -> None:
        with contextlib.closing(Valkey(unix_socket_path=str(self._socket))) as client:
            client.config_set(name, value)

    def until_both_answer(self) -> None:
        """How long a worker takes to load depends on what else the machine does."""
        until = time.monotonic() + 60
        while workers(self.ask("/healthz", times=30)) < 2:
            assert time.monotonic() < until
            time.sleep(0.1)

    def new_app(self) -> Created:
        name = f"Cluster {next(self._names)}"
        return self.server.app(name, level=Level.READ_WRITE, type="web", callbacks=(self.callback,))

    def connected(self, made: Created, browser: Browser) -> str:
        """A new access token of the person in a browser."""
        keys = {name: getattr(made, name) for name in ("api_key", "api_key_secret", "client_id", "client_secret")}
        app = App(self.server.base, self.callback, made.name, keys)
        browser.open(app.asking())
        browser.press("Authorize app")
        return str(app.connected(browser.url).session.token["access_token"])

    def end_everything_but(self, kept: Created, browser: Browser) -> None:
        """Revoke a person's Apps, but one."""
        base = f"{self.server.base}/settings/apps"
        browser.open(base)
        for path in {link.partition("?")[0] for link in browser.links if re.fullmatch(r"/settings/apps/\d+", link)}:
            if not path.endswith(f"/{kept.app_id}"):
                browser.open(self.server.base + path)
                browser.press("Revoke access")

    def ask(self, path: str = ME, *, token: str = "", auth: Any = None, times: int = 1) -> list[requests.Response]:
        """So many requests at once, each on a connection of its own, so that the kernel spreads them over the workers."""
        headers = CLOSE | ({"Authorization": f"Bearer {token}"} if token else {})

        def once(_: int) -> requests.Response:
            return requests.get(self.server.base + path, headers=headers, auth=auth, timeout=20)

        with ThreadPoolExecutor(16) as pool:
            return list(pool.map(once, range(times)))


def workers(answers: list[requests.Response]) -> int:
    """How many workers answered: each counts its requests from a random number on."""
    return len({int(answer.headers["x-transaction-id"], 16) >> 24 for answer in answers})


def statuses(answers: list[requests.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def guessed(place: Place, username: str) -> int:
    """The status of a try to sign in with a wrong password."""
    browser = place.server.browser()
    browser.open(f"{place.server.base}/login")
    browser.press("Sign in", username=username, password="not the password of anybody")
    return browser.status


def signed_before(place: Place, made: Created, seconds: int) -> requests.PreparedRequest:
    """A request that was signed a while ago."""
    auth = own(made)
    auth.client.timestamp = str(int(time.time()) - seconds)
    return requests.Request("GET", place.server.base + ME, auth=auth).prepare()


def own(made: Created) -> OAuth1:
    return OAuth1(made.api_key, made.api_key_secret, made.access_token, made.access_token_secret)


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    url = new_postgres_database(f"volary_cluster_{os.getpid()}")
    with new_valkey() as valkey:
        shared = f"unix://{valkey.unix_socket_path}"
        settings = {"database": url, "valkey": shared, "workers": "2", "rate_limits": "1", "key": "A" * 43}
        settings["trusted_proxies"] = "127.0.0.1/32"
        with serving(**settings) as server, listening() as sink:
            made = Place(server, valkey, sink.callback)
            try:
                made.until_both_answer()
                yield made
            finally:
                made.stop_valkey()


@pytest.fixture
def ann(place: Place) -> Browser:
    return place.server.browser("ann")


# ------------------------------------------------------------------------------------------------------------ one platform


def test_both_workers_answer(place: Place) -> None:
    answers = place.ask("/healthz", times=60)
    assert statuses(answers) == {200: 60}
    assert workers(answers) == 2


def test_a_sign_in_holds_in_both(place: Place, ann: Browser) -> None:
    ann._session.headers["Connection"] = "close"
    for _ in range(12):
        ann.open(f"{place.server.base}/settings")
        assert ann.url == f"{place.server.base}/settings"


def within_one_window() -> None:
    """Limits count by quarters of an hour on the machine's clock. Wait for the next one where this one ends soon."""
    left = 15 * 60 - time.time() % (15 * 60)
    if left < 60:
        time.sleep(left + 1)


@pytest.mark.attack("SR-291", "SR-296")
def test_a_limit_is_one_for_both(place: Place, ann: Browser) -> None:
    """An answer of Valkey that takes a tenth of a second lets each worker count for itself for a while, and that is right. So it is tried
    a few times on a machine that is busy with other things; workers that did not share would be wrong each time.
    """
    answers: list[requests.Response] = []
    left: list[int] = []
    for last in (False, False, False, True):
        within_one_window()
        token = place.connected(place.new_app(), ann)
        answers = place.ask(token=token, times=110)
        assert workers(answers) == 2
        left = sorted(int(answer.headers["x-rate-limit-remaining"]) for answer in answers if answer.status_code == 200)
        if last or (statuses(answers) == {200: 75, 429: 35} and left == list(range(75))):
            break
        time.sleep(3)  # longer than a worker leaves Valkey alone
    assert statuses(answers) == {200: 75, 429: 35}
    assert left == list(range(75))


@pytest.mark.attack("SR-048")
def test_a_signed_request_is_taken_once_by_either(place: Place) -> None:
    """Never twice; and once, unless Valkey did not answer one of them in time, which then is refused with 503."""

    def forty() -> list[requests.Response]:
        signed = requests.Request("GET", place.server.base + ME, auth=own(place.new_app())).prepare()
        again = {**signed.headers, **CLOSE}
        with ThreadPoolExecutor(16) as pool:
            return list(pool.map(lambda _: requests.get(place.server.base + ME, headers=again, timeout=20), range(40)))

    answers: list[requests.Response] = []
    for _ in range(4):
        answers = forty()
        assert statuses(answers)[200] <= 1
        if 503 not in statuses(answers):
            break
        time.sleep(2)
    assert workers(answers) == 2
    assert statuses(answers) == {200: 1, 401: 39}


@pytest.mark.claim("C017", "C019")
@pytest.mark.attack("SR-223")
def test_a_revocation_is_seen_by_both_at_once(place: Place, ann: Browser) -> None:
    made = place.new_app()
    token = place.connected(made, ann)
    assert statuses(place.ask(token=token, times=20)) == {200: 20}
    ann.open(f"{place.server.base}/settings/apps")
    while ann.has("Revoke access"):
        ann.press("Revoke access")
        ann.open(f"{place.server.base}/settings/apps")
    answers = place.ask(token=token, times=30)
    assert workers(answers) == 2
    assert statuses(answers) == {401: 30}


# ------------------------------------------------------------------------------------------------------- a part is missing


@pytest.mark.attack("SR-327")
def test_one_killed_worker_is_missed_for_a_moment_only(place: Place) -> None:
    children = Path(f"/proc/{place.server.process}/task/{place.server.process}/children")
    before = set(children.read_text().split())
    assert len(before) == 2
    killed = min(before)
    os.kill(int(killed), signal.SIGKILL)
    failed, began, respawned = 0, time.monotonic(), 0.0
    while not respawned and time.monotonic() - began < 60:
        try:
            assert requests.get(f"{place.server.base}/healthz", headers=CLOSE, timeout=30).status_code == 200
        except requests.ConnectionError:
            failed += 1
        now = set(children.read_text().split())
        if len(now) == 2 and killed not in now:
            respawned = time.monotonic() - began
        time.sleep(0.01)
    assert respawned  # without respawning the whole server ends
    assert failed <= 2
    place.until_both_answer()


@pytest.mark.attack("SR-341", "SR-342")
def test_without_valkey_each_part_does_what_was_decided(place: Place, ann: Browser) -> None:
    within_one_window()
    made = place.new_app()
    token = place.connected(made, ann)
    ended = place.connected(place.new_app(), ann)
    place.end_everything_but(made, ann)
    old = signed_before(place, made, 6 * 60)
    assert statuses([requests.get(old.url or "", headers=dict(old.headers), timeout=20)]) == {401: 1}
    place.stop_valkey()
    try:
        # Limits: open, but no more than there are for both workers together.
        answers = place.ask(token=token, times=110)
        allowed = statuses(answers)
        assert set(allowed) == {200, 429}
        assert 30 <= allowed[200] <= 76
        # Signed requests: closed.
        signed = place.ask(auth=own(made), times=10)
        assert statuses(signed) == {503: 10}
        assert all(answer.headers["retry-after"] == "1" for answer in signed)
        # What was ended stays ended, and what is ended now is at once, in both.
        assert statuses(place.ask(token=ended, times=10)) == {401: 10}
        other = place.connected(place.new_app(), ann)
        assert statuses(place.ask(token=other, times=10)) == {200: 10}
        place.end_everything_but(made, ann)
        assert statuses(place.ask(token=other, times=20)) == {401: 20}
        # Guesses at passwords are counted in the database: closed.
        assert 429 in [guessed(place, "carol") for _ in range(40)]
        # Sessions and tokens come from the database.
        assert place.server.browser("dave").status == 200
        assert statuses(place.ask("/2/users/by/username/ann", token=str(made.bearer_token), times=10)) == {200: 10}
        assert statuses(place.ask("/readyz", times=10)) == {200: 10}
    finally:
        place.start_valkey()
    deadline = time.monotonic() + 60
    while statuses(place.ask(auth=own(made), times=8)) != {200: 8}:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    # Empty as it is now, it brings nothing back, takes nothing older than five minutes, and nobody has to sign in again.
    assert statuses(place.ask(token=ended, times=10)) == statuses(place.ask(token=other, times=10)) == {401: 10}
    assert statuses([requests.get(old.url or "", headers=dict(old.headers), timeout=20)]) == {401: 1}
    ann.open(f"{place.server.base}/settings")
    assert ann.url == f"{place.server.base}/settings"
    assert "Traceback" not in place.server.log


@pytest.mark.attack("SR-343")
def test_a_valkey_that_hangs_holds_nobody_up_for_long(place: Place, ann: Browser) -> None:
    token = place.connected(place.new_app(), ann)
    place.ask(token=token, times=10)
    place.signal_valkey(signal.SIGSTOP)
    try:
        began = time.monotonic()
        for _ in range(40):
            assert place.ask("/2/users/by/username/ann", token=token)[0].status_code == 200
        assert time.monotonic() - began < 60  # each would wait for ever
    finally:
        place.signal_valkey(signal.SIGCONT)


@pytest.mark.attack("SR-343")
def test_a_full_valkey_forgets_nothing_and_stops_nothing_else(place: Place, ann: Browser) -> None:
    """With the policy that a start insists on: signed requests wait, as without it, and none that was there before comes in again."""
    made = place.new_app()
    token = place.connected(made, ann)
    signed = requests.Request("GET", place.server.base + ME, auth=own(made)).prepare()

    def once() -> int:
        return requests.get(place.server.base + ME, headers={**signed.headers, **CLOSE}, timeout=20).status_code

    assert once() == 200
    place.tell_valkey("maxmemory", "1mb")
    try:
        assert statuses(place.ask(auth=own(made), times=8)) == {503: 8}
        assert statuses(place.ask(token=token, times=8)) == {200: 8}
        assert once() in {401, 503}
    finally:
        place.tell_valkey("maxmemory", "0")
    deadline = time.monotonic() + 60
    while statuses(place.ask(auth=own(made), times=8)) != {200: 8}:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert once() == 401
