"""An app's own web address: browsers come back here, and everything that arrives is written down."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

_PAGE = """<!doctype html><html lang="en"><title>The app</title><link rel="icon" href="data:,"><main><h1>Back at the app</h1></main>"""


class Arrival(NamedTuple):
    """One request, whole."""

    method: str
    url: str
    headers: str
    body: str


class Sink:
    """What arrived, and pages of the app's own by their path."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.address = f"http://{host}:{port}"
        self.callback = f"{self.address}/callback"
        self.arrivals: list[Arrival] = []
        self.pages: dict[str, str] = {}

    @property
    def everything(self) -> str:
        """All that the app ever got to see through browsers."""
        return "\n".join(f"{one.method} {one.url}\n{one.headers}\n{one.body}" for one in self.arrivals)


class _Ipv6(ThreadingHTTPServer):
    address_family = socket.AF_INET6


@contextmanager
def listening(*, ipv6: bool = False) -> Iterator[Sink]:
    """Listen on 127.0.0.1, or on [::1], until the block ends."""
    if ipv6:
        server: ThreadingHTTPServer = _Ipv6(("::1", 0), BaseHTTPRequestHandler)
        sink = Sink(server.server_port, "[::1]")
    else:
        server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
        sink = Sink(server.server_port)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode("utf-8", "replace")
            if self.path != "/favicon.ico":  # browsers ask for it by themselves, whenever they find the time
                sink.arrivals.append(Arrival(self.command, self.path, str(self.headers), body))
            page = sink.pages.get(self.path.partition("?")[0], _PAGE).encode()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        do_POST = do_GET  # noqa: N815 - the name that http.server asks for

        def log_message(self, *args: Any) -> None:
            """Say nothing: the arrivals are the log."""

    server.RequestHandlerClass = Handler
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
