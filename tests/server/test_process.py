"""A server as a program: what it does with odd connections, and how it and its parts end."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1

from tests.serving import Server, serving
from volary.access.levels import Level
from volary.oauth.connected import connected_app


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def until(holds: Callable[[], object], seconds: float = 60.0) -> float:
    """Wait until something holds; how long it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "it never came"
        time.sleep(0.02)
    return time.monotonic() - began


def children_of(process: int) -> list[int]:
    threads = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for thread in threads for child in thread.read_text().split()]


def worker_of(server: Server) -> int:
    (worker,) = children_of(server.process)
    return worker


def alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def answers(server: Server) -> bool:
    with contextlib.suppress(requests.RequestException):
        return requests.get(f"{server.base}/readyz", timeout=2).status_code == 200
    return False


class Wire:
    """A connection on which anything can be said."""

    def __init__(self, server: Server) -> None:
        self.host = f"Host: localhost:{server.port}\r\n".encode()
        self._socket = socket.create_connection(("127.0.0.1", server.port), timeout=30)

    def say(self, *parts: bytes) -> None:
        self._socket.sendall(b"".join(parts))

    def hear(self, seconds: float = 60) -> bytes:
        """Everything until the other end closes, or is silent for so long."""
        heard = b""
        self._socket.settimeout(seconds)
        with contextlib.suppress(TimeoutError, ConnectionResetError):
            while piece := self._socket.recv(65_536):
                heard += piece
                self._socket.settimeout(0.3)
        return heard

    def status(self) -> int:
        heard = self.hear()
        return int(heard.split(b" ", 2)[1]) if heard.startswith(b"HTTP/1.1 ") else 0

    @property
    def ended(self) -> bool:
        """Whether the other end has closed it; what it said before is passed over."""
        self._socket.setblocking(False)
        try:
            while self._socket.recv(65_536):
                pass
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self._socket.setblocking(True)
        return True

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def wire(server: Server) -> Iterator[Callable[[], Wire]]:
    with contextlib.ExitStack() as opened:

        def connect() -> Wire:
            made = Wire(server)
            opened.callback(made.close)
            return made

        yield connect


# -------------------------------------------------------------------------------------------------------- odd requests


@pytest.mark.attack("SR-254", "SR-256")
def test_sizes_and_hosts_are_held_to_on_the_wire_too(wire: Callable[[], Wire]) -> None:
    table: list[tuple[int, bytes, *tuple[bytes, ...]]] = [
        (200, b"GET /healthz HTTP/1.1\r\n"),
        (414, b"GET /healthz?" + b"a" * 20_000 + b" HTTP/1.1\r\n"),
        (414, b"GET /healthz?" + b"a" * 100_000 + b" HTTP/1.1\r\n"),
        (431, b"GET /healthz HTTP/1.1\r\n", b"X-A: " + b"a" * 40_000 + b"\r\n"),
        (431, b"GET /healthz HTTP/1.1\r\n", b"X-A: " + b"a" * 300_000 + b"\r\n"),
        (431, b"GET /healthz HTTP/1.1\r\n", *[b"X-A: a\r\n"] * 150),
        (421, b"GET /healthz HTTP/1.1\r\n", b"Host: evil.example\r\n"),
        (200, b"GET http://evil.example/healthz HTTP/1.1\r\n"),  # the Host header names the host, as ours it must be
        (415, b"GET /healthz HTTP/1.1\r\n", b"Content-Encoding: gzip\r\n"),
    ]
    for status, start, *lines in table:
        one = wire()
        one.say(start, one.host, *lines, b"Connection: close\r\n\r\n")
        assert one.status() == status, start[:40]
    none = wire()
    none.say(b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert none.status() == 421


@pytest.mark.attack("SR-255")
@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        b"Content-Length: +5\r\n\r\nabcde",
        b"Content-Length: 5, 5\r\n\r\nabcde",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"X-A: b\r\n c\r\n\r\n",
        b"X-A\0: b\r\n\r\n",
    ],
)
def test_a_second_request_is_never_smuggled_in_with_the_first(wire: Callable[[], Wire], framing: bytes) -> None:
    one = wire()
    one.say(b"POST /2/tweets HTTP/1.1\r\n", one.host, framing, b"GET /healthz HTTP/1.1\r\n", one.host, b"\r\n")
    heard = one.hear()
    assert heard.count(b"HTTP/1.1 ") <= 1 or framing.startswith(b"X-A: b"), heard
    assert b'{"status":"ok"}' not in heard or heard.startswith(b"HTTP/1.1 401")


@pytest.mark.attack("SR-249")
def test_nobody_is_told_to_go_on_with_too_large_a_body(wire: Callable[[], Wire]) -> None:
    one = wire()
    one.say(b"POST /2/tweets HTTP/1.1\r\n", one.host, b"Content-Length: 5000000000\r\nExpect: 100-continue\r\n\r\n")
    heard = one.hear()
    assert heard.startswith(b"HTTP/1.1 413")
    assert b"100 Continue" not in heard
    fitting = wire()
    fitting.say(b"POST /2/tweets HTTP/1.1\r\n", fitting.host, b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
    assert fitting.hear().startswith(b"HTTP/1.1 100 Continue")


@pytest.mark.attack("SR-243")
def test_a_body_above_the_limit_ends_the_connection(wire: Callable[[], Wire]) -> None:
    one = wire()
    one.say(b"POST /2/tweets HTTP/1.1\r\n", one.host, b"Content-Length: 100000\r\n\r\n", b"a" * 70_000)
    heard = one.hear()
    assert heard.startswith(b"HTTP/1.1 413")
    assert b"connection: close" in heard


def test_nothing_but_http_1_1_is_spoken(wire: Callable[[], Wire]) -> None:
    two = wire()
    two.say(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x00\x00\x00\x04\x00\x00\x00\x00\x00")
    assert not two.hear(1.0).startswith(b"\x00")
    socketed = wire()
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    socketed.say(
        b"GET /healthz HTTP/1.1\r\n", socketed.host, upgrade, b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    assert socketed.status() == 200


# ------------------------------------------------------------------------------------------------- slow and silent clients


@pytest.mark.attack("SR-253")
def test_many_silent_connections_keep_nobody_out(server: Server) -> None:
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(1_200)]
    try:
        assert requests.get(f"{server.base}/healthz", timeout=30).status_code == 200
    finally:
        for one in silent:
            one.close()


@pytest.mark.slow
@pytest.mark.attack("SR-251", "SR-252", "SR-253")
def test_whoever_says_nothing_or_never_ends_is_sent_away(server: Server, wire: Callable[[], Wire]) -> None:
    silent, dripping, stalled = [wire() for _ in range(200)], [wire() for _ in range(100)], [wire() for _ in range(100)]
    for one in stalled:
        one.say(b"POST /2/tweets HTTP/1.1\r\n", one.host, b"Content-Length: 5\r\n\r\nabc")
    still_open = [*silent, *dripping, *stalled]
    began = time.monotonic()
    while still_open and time.monotonic() - began < 60:
        for one in dripping:
            with contextlib.suppress(OSError):
                one.say(b"X")
        assert requests.get(f"{server.base}/healthz", timeout=30).status_code == 200
        still_open = [one for one in still_open if not one.ended]
        time.sleep(0.5)
    assert not still_open, f"{len(still_open)} are still open"


# ------------------------------------------------------------------------------------------------------- beside the server


def test_commands_work_beside_it_and_a_second_server_does_not(server: Server) -> None:
    def volary(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "volary", *arguments],
            cwd=server.folder,
            env=server.environment | {f"VOLARY_{name.upper()}": value for name, value in settings.items()},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    made = volary("app", "create", "--owner", "ann", "--name", "Beside", "--json")
    assert made.returncode == 0, made.stderr
    token = json.loads(made.stdout)["access_token"]
    assert token
    bearer = {"Authorization": f"Bearer {json.loads(made.stdout)['bearer_token']}"}
    got = requests.get(f"{server.base}/2/users/by/username/ann", headers=bearer, timeout=30)
    assert got.json()["data"]["username"] == "ann"
    second = volary("serve", port="0")
    assert second.returncode == 3
    assert second.stderr.startswith(f"volary: another server runs on the database {server.folder}/test.db")
    assert answers(server)


# --------------------------------------------------------------------------------------------------------------- endings


@pytest.mark.attack("SR-327")
def test_a_killed_worker_comes_back(server: Server) -> None:
    app = server.app("Survivor")
    bearer = {"Authorization": f"Bearer {app.bearer_token}"}
    first = worker_of(server)
    os.kill(first, signal.SIGKILL)
    until(lambda: answers(server), 60)  # without respawning the whole server ends
    assert worker_of(server) != first
    assert requests.get(f"{server.base}/2/users/by/username/ann", headers=bearer, timeout=30).status_code == 200


@pytest.mark.attack("SR-325")
def test_a_killed_server_leaves_nothing_behind_and_starts_again_at_once() -> None:
    with serving() as server:
        worker = worker_of(server)
        server.browser("ann")
        hashing = children_of(worker)  # the one process that checked the password
        assert len(hashing) == 1
        os.kill(server.process, signal.SIGKILL)
        until(lambda: not any(map(alive, [worker, *hashing])), 60)
        with (server.folder / "again.log").open("wb") as log:
            again = subprocess.Popen(
                [sys.executable, "-m", "volary", "serve"],
                env=server.environment,
                cwd=server.folder,
                stdout=log,
                stderr=log,
            )
        try:
            until(lambda: answers(server) or again.poll() is not None, 120)
            assert again.poll() is None, (server.folder / "again.log").read_text()
        finally:
            again.terminate()
            assert again.wait(60) == 0


def test_it_ends_politely() -> None:
    """What was begun is finished, what was held in memory is written down, and the code is 0."""
    with serving() as server:
        app = server.app("Poster", level=Level.READ_WRITE)
        signed = OAuth1(app.api_key, app.api_key_secret, app.access_token, app.access_token_secret)
        assert requests.get(f"{server.base}/2/users/me", auth=signed, timeout=30).status_code == 200
        browser = server.browser("ann")
        slow = Wire(server)
        body = json.dumps({"text": "begun before the end"}).encode()
        told = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Expect": "100-continue"}
        asked = requests.Request("POST", f"{server.base}/2/tweets", data=body, auth=signed, headers=told).prepare()
        authorization: Any = asked.headers["Authorization"]  # bytes, whatever its types say
        told["Authorization"] = bytes(authorization).decode()
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        slow.say(b"POST /2/tweets HTTP/1.1\r\n", slow.host, lines.encode(), b"\r\n")
        assert slow.hear() == b"HTTP/1.1 100 Continue\r\n\r\n"  # it reads the body now
        slow.say(body[:10])
        stop = threading.Timer(0.0, lambda: os.kill(server.process, signal.SIGTERM))
        stop.start()
        time.sleep(0.5)
        slow.say(body[10:])
        heard = slow.hear(60)
        slow.close()
        assert heard.startswith(b"HTTP/1.1 201"), heard
        _, code = os.waitpid(server.process, 0)
        assert os.waitstatus_to_exitcode(code) == 0
        assert browser.status == 200
        connected = server.in_database(lambda db: connected_app(db, server.cast.dev.id, int(app.app_id)))
        assert connected.last_used_at is not None
        assert "Traceback" not in server.log
