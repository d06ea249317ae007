"""Two nodes on PostgreSQL and Valkey behind a proxy are restarted one after the other, and nobody notices (docs/runbooks/upgrade.md)."""

import contextlib
import faulthandler
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest
import requests

from tests.db.databases import new_postgres_database
from tests.ports import own_port
from tests.server.proxies import Edge, edge
from tests.serving import Server, serving
from tests.valkey import new_valkey
from volary.access.levels import Level
from volary.portal.actions.commands import Created

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("rolling")]

CLIENTS, EACH = 10, 20
"""Each keeps its connection alive and asks so many times a second, one in three a write: two hundred a second for as long as it takes."""
ROUNDS = 5
CLOSED = "closed while it was used again"
"""What happens to a connection of a client that the proxy closes at the moment of a request. Neither proxy has a reason to: no restart and
no reading of settings anew is part of taking a node out (docs/runbooks/upgrade.md).
"""


class Nodes:
    """Two nodes, the first one of which made the database."""

    def __init__(self, first: Server, ports: tuple[int, int]) -> None:
        self.ports = ports
        self._folder = first.folder
        self._environment = first.environment
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, port: int) -> None:
        environment = self._environment | {"VOLARY_PORT": str(port)}
        with (self._folder / f"node-{port}.log").open("ab") as log:
            command = [sys.executable, "-m", "volary", "serve"]
            self._running[port] = subprocess.Popen(command, env=environment, cwd=self._folder, stdout=log, stderr=log)
        host = {"Host": self._environment["VOLARY_PUBLIC_URL"].removeprefix("https://")}
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(requests.ConnectionError):
                if requests.get(f"http://127.0.0.1:{port}/readyz", headers=host, timeout=5).status_code == 200:
                    return
            time.sleep(0.1)
        raise AssertionError((self._folder / f"node-{port}.log").read_text()[-2000:])

    def end(self, port: int, how: signal.Signals) -> None:
        process = self._running.pop(port)
        process.send_signal(how)
        process.wait(60)

    def end_all(self) -> None:
        for process in self._running.values():
            process.terminate()
            process.wait(60)


class Callers:
    """Clients with connections that stay open; what became of their requests."""

    def __init__(self, front: Edge, app: Created) -> None:
        self.outcomes: Counter[str] = Counter()
        self._stop = threading.Event()
        self._base = f"https://localhost:{front.https}"
        self._token = str(app.bearer_token)
        self._certificate = front.certificate
        self._threads = [threading.Thread(target=self._call, args=(number,)) for number in range(CLIENTS)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until the outcomes are such; however long that takes a slow machine, within bounds."""
        deadline = time.monotonic() + 60
        while not holds() and set(self.outcomes) <= {"fine", CLOSED}:
            assert time.monotonic() < deadline, self.outcomes
            time.sleep(0.05)

    def _call(self, number: int) -> None:
        read = f"{self._base}/2/users/by/username/dev"
        with requests.Session() as session:
            session.trust_env = False  # an environment's bundle of certificates would win over ours
            session.verify = self._certificate
            due = time.monotonic()
            while not self._stop.is_set():
                number += 1
                outcome = self._ask(session, read, number)
                if outcome == "ConnectionError":  # as any client does, once, on a new connection
                    self.outcomes[CLOSED] += 1
                    outcome = self._ask(session, read, number)
                self.outcomes[outcome] += 1
                due = max(due + 1 / EACH, time.monotonic() - 1)  # one that was held up catches up, for a second
                time.sleep(max(0.0, due - time.monotonic()))

    def _ask(self, session: requests.Session, read: str, number: int) -> str:
        try:
            if number % 3:
                answer = session.get(read, headers={"Authorization": f"Bearer {self._token}"}, timeout=30)
            else:  # a write of the server's: the wrong password is counted, by another name each time
                answer = session.post(f"{self._base}/2/oauth2/token", data={"grant_type": "none"}, timeout=30)
        except (requests.exceptions.SSLError, requests.ConnectionError):
            return "ConnectionError"
        except requests.RequestException as error:
            return type(error).__name__
        return "fine" if answer.status_code in {200, 400, 401} else str(answer.status_code)


@contextmanager
def two_nodes(kind: str, folder: Path) -> Iterator[tuple[Edge, Nodes, Created]]:
    """Two nodes behind a proxy, and an App."""
    https, http, a, b = (own_port() for _ in range(4))
    with new_valkey() as valkey:
        settings = {
            "database": new_postgres_database(f"volary_rolling_{os.getpid()}"),
            "valkey": f"unix://{valkey.unix_socket_path}",
            "key": "A" * 43,
            "public_url": f"https://localhost:{https}",
            "trusted_proxies": "127.0.0.1/32",
        }
        with serving(**settings) as first:
            nodes = Nodes(first, (a, b))
            app = first.app("Rolling", level=Level.READ_WRITE, type="web")
            try:
                for port in (a, b):
                    nodes.start(port)
                with edge(kind, folder, (a, b), (https, http)) as front:
                    yield front, nodes, app
            finally:
                nodes.end_all()


@pytest.mark.attack("SR-358")
@pytest.mark.parametrize("kind", ["nginx", "haproxy"])
def test_nodes_are_restarted_in_turn_and_no_request_fails(kind: str, tmp_path: Path) -> None:
    """Taken out of the rotation, ended, started, put back. The control: one that is killed while it is asked does leave a mark."""
    faulthandler.dump_traceback_later(900, exit=True, file=2)  # ten starts take longer than other tests
    with two_nodes(kind, tmp_path) as (front, nodes, app):
        with Callers(front, app) as callers:
            callers.until(lambda: callers.outcomes["fine"] > 100)
            for _ in range(ROUNDS):
                for port in nodes.ports:
                    front.take_out(port)
                    nodes.end(port, signal.SIGTERM)
                    nodes.start(port)
                    front.put_back(port)
            callers.until(lambda: callers.outcomes["fine"] > 1000)
        assert set(callers.outcomes) == {"fine"}, callers.outcomes
        with Callers(front, app) as broken:
            broken.until(lambda: broken.outcomes["fine"] > 10)
            for port in nodes.ports:
                nodes.end(port, signal.SIGKILL)
            broken.until(lambda: set(broken.outcomes) > {"fine"})
        assert set(broken.outcomes) > {"fine"}
