"""Volary behind nginx and behind HAProxy, with the configurations of docs/proxies: the whole walk, and what the edge keeps out."""

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.cast import ANN
from tests.flows.making import beside, new_app
from tests.flows.sink import listening
from tests.ports import own_port
from tests.server.proxies import Edge, edge
from tests.serving import Server, serving
from volary.server.demo.browser import Browser

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("proxies")]

LIES = {
    "X-Forwarded-For": "198.51.100.66",
    "X-Real-IP": "198.51.100.66",
    "Forwarded": "for=198.51.100.66;proto=https;host=evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
}


@pytest.fixture(scope="module", params=["nginx", "haproxy"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Edge, Server]]:
    folder = tmp_path_factory.mktemp(request.param)
    ports = [own_port(), own_port()]
    settings = {
        "public_url": f"https://localhost:{ports[0]}",
        "trusted_proxies": "127.0.0.1/32",
        "log_requests": "on",
    }
    with serving(**settings) as server, edge(request.param, folder, [server.port], ports) as made:
        yield made, server


@pytest.fixture
def front(place: tuple[Edge, Server], monkeypatch: pytest.MonkeyPatch) -> Edge:
    """The proxy, whose certificate requests trust."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", place[0].certificate)
    return place[0]


@pytest.fixture
def server(place: tuple[Edge, Server]) -> Server:
    return place[1]


@contextmanager
def speaking(front: Edge) -> Iterator[ssl.SSLSocket]:
    """A connection of our own over TLS, on which anything can be said."""
    context = ssl.create_default_context(cafile=front.certificate)
    with (
        contextlib.closing(socket.create_connection(("127.0.0.1", front.https), timeout=60)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as wrapped,
    ):
        yield wrapped


def base(front: Edge) -> str:
    return f"https://localhost:{front.https}"


@pytest.mark.claim("C211")
def test_the_whole_walk_through_both_protocols(front: Edge, server: Server) -> None:
    with listening() as sink:
        _, app = beside(server, new_app, server.cast.dev.id, base(front), sink.callback)
        browser = Browser()
        browser.open(app.asking())
        browser.press("Sign in and authorize app", username=ANN.username, password=ANN.password)
        new = app.connected(browser.url)
        browser.open(app.asking1("authenticate"))
        browser.press("Sign in")
        old = app.connected1(browser.url)
    assert [connection.username for connection in (new, old)] == ["ann", "ann"]
    assert [new.post("Through the edge").status_code, old.post("Signed, with ö & 100%").status_code] == [201, 201]
    assert old.verified().status_code == 200
    new.refresh()
    assert all(cookie.secure for cookie in browser._session.cookies)
    browser.open(f"{base(front)}/settings/apps")
    browser.press("Revoke access")
    assert [connection.me().status_code for connection in (new, old)] == [401, 401]


@pytest.mark.attack("SR-292", "SR-297")
def test_what_a_client_says_about_itself_is_not_believed(front: Edge, server: Server) -> None:
    page = requests.get(f"{base(front)}/login", headers=LIES, timeout=30)
    assert page.status_code == 200
    assert "evil.example" not in page.text + str(page.headers)
    until = time.monotonic() + 30
    while not (lines := [line for line in server.log.splitlines() if "/login" in line]) and time.monotonic() < until:
        time.sleep(0.05)
    line = lines[-1]
    assert "198.51.100.66" not in line
    assert "127.0.0.1" in line
    for host in ("evil.example", f"evil.example:{front.https}"):
        answer = requests.get(f"{base(front)}/login", headers={"Host": host}, timeout=30)
        assert answer.status_code == 421, host


@pytest.mark.attack("SR-305")
def test_over_http_pages_are_sent_on_and_credentials_refused_unread(front: Edge) -> None:
    plain = f"http://localhost:{front.http}"
    told = LIES | {"Host": f"localhost:{front.https}"}  # on the usual ports both have the same Host
    page = requests.get(f"{plain}/login?next=1", headers=told, timeout=30, allow_redirects=False)
    assert page.status_code in {301, 307, 308}
    assert page.headers["location"].startswith("https://")
    call = requests.get(f"{plain}/2/users/me", headers={"Authorization": "Bearer x", **told}, timeout=30)
    assert (call.status_code, call.json()["errors"][0]["code"]) == (403, 92)
    assert "max-age" in requests.get(f"{base(front)}/login", timeout=30).headers["strict-transport-security"]


def test_what_is_too_large_ends_at_the_edge(front: Edge, server: Server) -> None:
    before = server.log
    with speaking(front) as caller:  # it is answered before the body is sent
        host = f"Host: localhost:{front.https}\r\n".encode()
        caller.sendall(b"POST /2/tweets HTTP/1.1\r\n" + host + b"Content-Length: 2000000\r\n\r\n")
        assert b" 413 " in caller.recv(4096)
    assert "413" not in server.log.removeprefix(before)
    long = requests.get(f"{base(front)}/login?{'x' * 12_000}", timeout=30)
    assert long.status_code == 200, "as long as Volary takes it"
    assert requests.get(f"{base(front)}/login?{'x' * 20_000}", timeout=30).status_code in {400, 414}


def test_metrics_are_not_for_the_world(front: Edge) -> None:
    assert requests.get(f"{base(front)}/metrics", headers=LIES, timeout=30).status_code == 404


def test_http2_is_spoken_at_the_edge(front: Edge) -> None:
    context = ssl.create_default_context(cafile=front.certificate)
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        contextlib.closing(socket.create_connection(("127.0.0.1", front.https), timeout=30)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as wrapped,
    ):
        assert wrapped.selected_alpn_protocol() == "h2"


@pytest.mark.attack("SR-253")
def test_whoever_is_slow_is_let_go_and_keeps_nobody_out(front: Edge, server: Server) -> None:
    """Slow headers, and a slow body; Volary itself hears of neither."""
    before = server.log
    host = f"Host: localhost:{front.https}\r\n".encode()
    with speaking(front) as headers, speaking(front) as body:
        headers.sendall(b"GET /slow-headers HTTP/1.1\r\n" + host + b"X-A: ")
        body.sendall(b"POST /2/tweets?slow-body HTTP/1.1\r\n" + host + b"Content-Length: 1000\r\n\r\n{")
        began = time.monotonic()
        assert requests.get(f"{base(front)}/login", timeout=30).status_code == 200
        for slow in (headers, body):
            assert b"200" not in _said(slow)
        assert time.monotonic() - began < 60
    assert "slow-" not in server.log.removeprefix(before)


@pytest.mark.attack("SR-253")
def test_one_address_has_a_hundred_connections(front: Edge) -> None:
    host = f"Host: localhost:{front.https}\r\n".encode()
    with contextlib.ExitStack() as held:
        refused = 0
        for _ in range(110):
            try:
                one = held.enter_context(speaking(front))
                one.sendall(b"GET /healthz HTTP/1.1\r\n" + host + b"\r\n")
                refused += b" 200 " not in one.recv(4096)
                one.sendall(b"POST /healthz HTTP/1.1\r\n" + host + b"Content-Length: 10\r\n\r\n")
            except OSError:
                refused += 1
        assert 5 <= refused <= 20


def _said(connection: ssl.SSLSocket) -> bytes:
    """All that still comes until the other side closes."""
    heard = b""
    with contextlib.suppress(OSError):
        while part := connection.recv(4096):
            heard += part
    return heard


def test_the_files_are_those_of_the_guide(tmp_path: Path) -> None:
    """A control: the files name what the tests put their own in place of, so nothing of theirs is left over by mistake."""
    from tests.server import proxies

    made = Edge("nginx", tmp_path, 4430, 8080, (9001, 9002))
    for text in (proxies._nginx(made), proxies._haproxy(made)):
        assert "volary.example" not in text.replace("#", "")
        assert not {"/etc/", "/run/", "/var/", ":443", ":80\n", "8000", "8001"} & set(text.split())
        assert "127.0.0.1:9001" in text
        assert "127.0.0.1:9002" in text
