"""The whole server is killed at any moment of a busy day, again and again: nothing that it had promised is lost or half there.

People post, write messages, connect an app and let it renew its tokens; each writes down what the server acknowledged. After each SIGKILL
of every process the server starts on what is there, and the books are compared.
"""

import contextlib
import faulthandler
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
import requests
from authlib.integrations.base_client import OAuthError
from sqlalchemy import exists, select

from tests.db.databases import new_postgres_database
from tests.flows.app import App, Connection
from tests.flows.conftest import Walk
from tests.flows.sink import Sink, listening
from tests.serving import Server, serving, wait_until_ready
from volary.db import Database, in_list, statement
from volary.kit.clock import SECOND
from volary.messages.models import message_copies
from volary.oauth.models import OAUTH2, access_tokens, families, refresh_tokens
from volary.oauth.oauth2.grant_types.refresh_token import GRACE
from volary.posts.models import posts

pytestmark = pytest.mark.xdist_group("kills")

_POSTS = statement(select(posts.c.id).where(in_list(posts.c.id, "ids")), int)
_COPIES = statement(select(message_copies.c.event_id).where(in_list(message_copies.c.event_id, "ids")), int)
_HALVES = statement(
    select(families.c.id).where(
        families.c.protocol == OAUTH2,
        ~exists(select(access_tokens.c.family_id).where(access_tokens.c.family_id == families.c.id))
        | ~exists(select(refresh_tokens.c.family_id).where(refresh_tokens.c.family_id == families.c.id)),
    ),
    int,
)
"""Connections that have no access token, or no refresh token: half a grant."""
_SCOPES = "tweet.read tweet.write users.read dm.read dm.write offline.access"


class Ledger(msgspec.Struct):
    """What the server acknowledged, ever."""

    posts: list[int] = []
    messages: list[int] = []
    connections: list[Connection] = []
    refreshes: int = 0

    def __len__(self) -> int:
        return len(self.posts) + len(self.messages) + len(self.connections) + self.refreshes


class Day:
    """A busy day of one server: who does what, until the connection breaks."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.ledger, self.number = walk, Ledger(), 0
        self.asking: list[Connection] = []
        self.killed_at = 0.0
        person = walk.person()
        self.app: App = walk.app()[1]
        self.browser = walk.browser(person)
        self.newcomer = walk.browser(
            walk.person()
        )  # an App has a hundred connections for one person, and a new one ends the oldest
        self.posting = [self._connected() for _ in range(3)]
        self.refreshing = [self._connected() for _ in range(2)]

    def _connected(self) -> Connection:
        return self.walk.connect(self.browser, self.app, scope=_SCOPES)

    def until_it_breaks(self) -> list[threading.Thread]:
        """Start everybody; they end with the server."""
        acts = [*(self._poster(one) for one in self.posting), self._writer(self.posting[0]), self._connector()]
        acts += [self._refresher(one) for one in self.refreshing]
        threads = [threading.Thread(target=self._repeat, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        return threads

    def _repeat(self, act: Callable[[], None]) -> None:
        with contextlib.suppress(requests.RequestException):
            while True:
                act()

    def goes_on(self) -> None:
        """After the server was started again: every connection that was acknowledged works.

        Where the answer to a refresh was lost the app asks again with what it has. In time that works; after ten seconds it looks like a
        stolen token (decision 0018), the connection has ended as a whole, and the person connects again.
        """
        for one in self.asking:
            try:
                one.refresh()
            except OAuthError:
                assert time.monotonic() - self.killed_at > GRACE / SECOND - 1
                assert one.me().status_code == 401
                self.refreshing[self.refreshing.index(one)] = self._connected()
        self.asking.clear()
        for one in [*self.posting, *self.refreshing, *self.ledger.connections[-1:]]:
            assert one.me().status_code == 200

    def _text(self) -> str:
        self.number += 1
        return f"post number {self.number} {random.random()}"

    def _poster(self, by: Connection) -> Callable[[], None]:
        def act() -> None:
            answer = by.post(self._text())
            assert answer.status_code == 201, answer.text
            self.ledger.posts.append(int(answer.json()["data"]["id"]))

        return act

    def _writer(self, by: Connection) -> Callable[[], None]:
        def act() -> None:
            path = f"/2/dm_conversations/with/{self.walk.server.cast.carol.id}/messages"
            answer = by.session.post(self.walk.base + path, json={"text": self._text()}, timeout=30)
            assert answer.status_code == 201, answer.text
            self.ledger.messages.append(int(answer.json()["data"]["dm_event_id"]))

        return act

    def _refresher(self, by: Connection) -> Callable[[], None]:
        def act() -> None:
            self.asking.append(by)
            by.refresh()
            self.asking.remove(by)
            self.ledger.refreshes += 1

        return act

    def _connector(self) -> Callable[[], None]:
        def act() -> None:
            self.ledger.connections.append(self.walk.connect(self.newcomer, self.app, scope=_SCOPES))

        return act


@contextmanager
def started(server: Server) -> Iterator[Callable[[], None]]:
    """The server again, on what is there. Gives what kills all its processes at once."""
    with (server.folder / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "volary", "serve"],
            env=server.environment,
            cwd=server.folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_until_ready(server.base, process, server.folder)
        yield lambda: os.killpg(process.pid, signal.SIGKILL)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(60)


def compared(day: Day) -> None:
    """Everything that was acknowledged is there, and nothing is half there."""

    async def look(db: Database) -> None:
        assert await db.check() == []
        kept = set(await db.all(_POSTS, ids=day.ledger.posts))
        assert set(day.ledger.posts) <= kept
        copies = await db.all(_COPIES, ids=day.ledger.messages)
        assert sorted(copies) == sorted(day.ledger.messages * 2)  # one for each of the two
        assert await db.all(_HALVES) == []

    day.walk.server.in_database(look)


def rounds(server: Server, sink: Sink, kills: int, each: int) -> Ledger:
    """Begin a day, and kill the server so many times in the middle of it, each time after so many acts and a moment more."""
    os.kill(server.process, signal.SIGTERM)
    _gone(server)
    day: Any = None
    for _ in range(kills):
        with started(server) as kill:
            day = day or Day(Walk(server, sink))
            day.goes_on()
            enough, deadline = len(day.ledger) + each, time.monotonic() + 60
            threads = day.until_it_breaks()
            while len(day.ledger) < enough:
                assert time.monotonic() < deadline, "too little was done in a minute"
                time.sleep(0.01)
            time.sleep(random.uniform(0, 1))
            kill()
            day.killed_at = time.monotonic()
            for thread in threads:
                thread.join()
        compared(day)
    ledger: Ledger = day.ledger
    return ledger


def _gone(server: Server) -> None:
    deadline = time.monotonic() + 60
    with contextlib.suppress(requests.RequestException):
        while time.monotonic() < deadline:
            requests.get(f"{server.base}/readyz", timeout=2)
            time.sleep(0.05)


@pytest.fixture(params=["sqlite", "postgres"])
def stopped(request: pytest.FixtureRequest) -> Iterator[Server]:
    settings = {}
    if request.param == "postgres":
        settings = {"database": new_postgres_database(f"volary_kills_{os.getpid()}"), "key": "A" * 43}
    with serving(**settings) as server:
        yield server


@pytest.fixture
def answers() -> Iterator[Sink]:
    with listening() as sink:
        yield sink


@pytest.mark.attack("SR-325", "SR-326", "SR-328")
def test_a_server_that_is_killed_keeps_what_it_promised(stopped: Server, answers: Sink) -> None:
    assert len(rounds(stopped, answers, 3, each=20)) >= 60


@pytest.mark.slow
@pytest.mark.attack("SR-325", "SR-326", "SR-328")
def test_a_hundred_kills(stopped: Server, answers: Sink) -> None:
    faulthandler.dump_traceback_later(3_600, exit=True, file=2)  # a hundred starts take longer than other tests
    assert len(rounds(stopped, answers, 100, each=50)) >= 5_000
