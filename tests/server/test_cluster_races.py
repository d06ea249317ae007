"""Races over both workers on PostgreSQL and Valkey: whoever is first gets it, whichever worker answers."""

import itertools
import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests

from tests.cast import CAROL
from tests.flows.app import App
from tests.server.test_cluster import CLOSE, Place, place, statuses, workers
from volary.kit.clock import SECOND
from volary.oauth.oauth2.grant_types.refresh_token import GRACE
from volary.portal.actions.commands import Created
from volary.server.demo.browser import Browser

pytestmark = pytest.mark.xdist_group("valkey")
__all__ = ["place"]

AT_ONCE = 50
_networks = itertools.count(1)
in_rounds = pytest.mark.parametrize("rounds", [4, pytest.param(20, marks=pytest.mark.slow)])


def at_once(number: int, what: Any) -> list[requests.Response]:
    """So many calls begun at the same moment, each on a connection of its own."""
    barrier = threading.Barrier(number)

    def one(each: int) -> requests.Response:
        barrier.wait()
        answer: requests.Response = what(each)
        return answer

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


class Client:
    """An App's server, which sends the same thing many times."""

    def __init__(self, place: Place, made: Created) -> None:
        keys = {name: getattr(made, name) for name in ("api_key", "api_key_secret", "client_id", "client_secret")}
        self.app = App(place.server.base, place.callback, made.name, keys)
        self._place, self._made = place, made

    def code(self, browser: Browser) -> str:
        browser.open(self.app.asking())
        if browser.has("Authorize app"):
            browser.press("Authorize app")
        return parse_qs(urlsplit(browser.url).query)["code"][0]

    def _next_address(self) -> str:
        """Each call comes from a network of its own: refused calls are counted by network, and here there are many."""
        number = next(_networks)
        return f"10.{number >> 8 & 255}.{number & 255}.1"

    def send(self, **form: str) -> requests.Response:
        return requests.post(
            f"{self._place.server.base}/2/oauth2/token",
            data=form,
            auth=(str(self._made.client_id), str(self._made.client_secret)),
            headers=CLOSE | {"X-Forwarded-For": self._next_address()},
            timeout=60,
        )

    def exchange(self, code: str) -> requests.Response:
        return self.send(
            grant_type="authorization_code", code=code, redirect_uri=self._place.callback, code_verifier="v" * 64
        )


@pytest.fixture
def ann(place: Place) -> Browser:
    return place.server.browser("ann")


@in_rounds
@pytest.mark.attack("SR-310")
def test_of_fifty_exchanges_over_both_workers_one_gets_tokens(place: Place, ann: Browser, rounds: int) -> None:
    client = Client(place, place.new_app())
    used = 0
    for _ in range(rounds):
        code = client.code(ann)
        answers = at_once(AT_ONCE, lambda _, code=code: client.exchange(code))
        used = max(used, workers(answers))
        assert statuses(answers) == {200: 1, 400: AT_ONCE - 1}
        # A code that comes again ends what it began (SR-070): of the one answer nothing lives.
        [token] = [answer.json()["access_token"] for answer in answers if answer.status_code == 200]
        assert statuses(place.ask(token=token, times=4)) == {401: 4}
    assert used == 2


@in_rounds
@pytest.mark.attack("SR-311")
def test_of_fifty_refreshes_over_both_workers_there_is_one_new_head(place: Place, ann: Browser, rounds: int) -> None:
    client = Client(place, place.new_app())
    token = client.exchange(client.code(ann)).json()["refresh_token"]
    for _ in range(rounds):
        began = time.monotonic()
        answers = at_once(AT_ONCE, lambda _, token=token: client.send(grant_type="refresh_token", refresh_token=token))
        assert set(statuses(answers)) <= {200, 400}
        heads = {answer.json()["refresh_token"] for answer in answers if answer.status_code == 200}
        assert len(heads) == 1  # a retry within ten seconds gets the same answer (decision 0018)
        [token] = heads
        if (
            time.monotonic() - began > GRACE / SECOND / 2
        ):  # a machine so slow may have tried after them: the family has ended
            token = client.exchange(client.code(ann)).json()["refresh_token"]
    assert statuses(
        place.ask(token=client.send(grant_type="refresh_token", refresh_token=token).json()["access_token"])
    ) == {200: 1}


@pytest.mark.attack("SR-314")
def test_of_twenty_presses_over_both_workers_one_connects(place: Place, ann: Browser) -> None:
    client = Client(place, place.new_app())
    ann.open(client.app.asking())
    form = next(form for form in ann.forms if any(label == "Authorize app" for _, _, label in form.buttons))
    name, value = next((name, value) for name, value, label in form.buttons if label == "Authorize app")
    cookies = ann._session.cookies.get_dict()

    def press(_: int) -> requests.Response:
        fields = dict(form.fields) | ({name: value} if name else {})
        return requests.post(
            urljoin(place.server.base, form.action),
            data=fields,
            cookies=cookies,
            headers=CLOSE,
            allow_redirects=False,
            timeout=60,
        )

    answers = at_once(20, press)
    codes = [one for answer in answers if (one := re.search(r"[?&]code=([^&]+)", answer.headers.get("location", "")))]
    assert len(codes) == 1
    assert max(statuses(answers)) < 500
    assert client.exchange(codes[0][1]).status_code == 200


@pytest.mark.attack("SR-149", "SR-321")
def test_forty_guesses_over_both_workers_learn_what_ten_learn(place: Place) -> None:
    pages = [Browser() for _ in range(40)]
    for page in pages:
        page.open(f"{place.server.base}/login")

    def guess(each: int) -> requests.Response:
        [form] = [form for form in pages[each].forms if form.action.endswith("/login")]
        fields = dict(form.fields) | {"login": "carol", "password": f"wrong {each}"}
        cookies = pages[each]._session.cookies.get_dict()
        return requests.post(
            urljoin(place.server.base, form.action), data=fields, cookies=cookies, headers=CLOSE, timeout=60
        )

    answers = at_once(40, guess)
    told = statuses(answers)
    assert set(told) <= {401, 429, 503}
    assert told[401] <= 10
    for each in range(40):  # whoever found the queue full comes again
        answers.append(guess(each))
    assert Counter(statuses(answers))[401] == 10
    again = Browser()
    again.open(f"{place.server.base}/login")
    again.press("Sign in", username="carol", password=CAROL.password)
    assert again.status == 429
    # From the same network, at another name, the count of the network goes on: ann's session does not care.
    assert place.server.browser("ann").status == 200
