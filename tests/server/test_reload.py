"""`kill -HUP` replaces the worker while people read and write, and nobody notices."""

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import requests
from requests_oauthlib import OAuth1

from tests.serving import Server, serving
from volary.access.levels import Level

ROUNDS = 3


def workers(server: Server) -> set[str]:
    return set(Path(f"/proc/{server.process}/task/{server.process}/children").read_text().split())


class Client(threading.Thread):
    """Reads and writes in turn on new connections until it is told to stop; what it was answered, and what failed."""

    def __init__(self, server: Server, number: int, signed: OAuth1) -> None:
        super().__init__()
        self.failed: list[str] = []
        self.written: list[str] = []
        self.reads = self.closed = 0
        self.stop = threading.Event()
        self._server, self._number, self._signed = server, number, signed

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self._once()
            except requests.RequestException as error:
                self.failed.append(repr(error))
            time.sleep(0.01)

    def _once(self) -> None:
        text = {"text": f"client {self._number} post {len(self.written)}"}
        read, wrote = self._ask("GET", "/2/users/me"), self._ask("POST", "/2/tweets", json=text)
        if read.status_code == 200 and wrote.status_code == 201:
            self.reads += 1
            self.written.append(wrote.json()["data"]["id"])
        else:
            self.failed.append(f"{read.status_code} {wrote.status_code} {wrote.text}")

    def _ask(self, method: str, path: str, **more: Any) -> requests.Response:
        """Once more on a new connection where one was closed without a word.

        On a machine that is busy enough the old worker may end between a client's connecting and its first byte. A post of which more
        was taken than that would be a duplicate the second time, and refused.
        """
        close = {"Connection": "close"}
        for last in (False, True):
            try:
                return requests.request(
                    method, self._server.base + path, auth=self._signed, headers=close, timeout=30, **more
                )
            except requests.ConnectionError:
                if last:
                    raise
                self.closed += 1
        raise AssertionError


def test_a_reload_under_requests_fails_none() -> None:
    with serving() as server:
        made = server.app("Busy", level=Level.READ_WRITE)
        signed = OAuth1(made.api_key, made.api_key_secret, made.access_token, made.access_token_secret)
        clients = [Client(server, each, signed) for each in range(3)]
        for one in clients:
            one.start()
        try:
            for _ in range(ROUNDS):
                before, done = workers(server), [len(one.written) for one in clients]
                os.kill(server.process, signal.SIGHUP)
                until = time.monotonic() + 60
                while workers(server) & before or not workers(server):
                    assert time.monotonic() < until
                    time.sleep(0.05)
                while any(len(one.written) < had + 3 for one, had in zip(clients, done, strict=True)):
                    assert time.monotonic() < until, [one.failed for one in clients]
                    time.sleep(0.05)
        finally:
            for one in clients:
                one.stop.set()
            for one in clients:
                one.join()
        assert [one.failed for one in clients] == [[]] * 3
        assert sum(one.closed for one in clients) <= ROUNDS
        ids = [each for one in clients for each in one.written]
        assert len(set(ids)) == len(ids) > 3 * ROUNDS
        read = requests.get(f"{server.base}/2/tweets", params={"ids": ",".join(ids[-100:])}, auth=signed, timeout=30)
        assert {post["id"] for post in read.json()["data"]} == set(ids[-100:])
        assert "Traceback" not in server.log
