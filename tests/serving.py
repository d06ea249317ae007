"""A real server process for tests that need one: `volary serve` on a throw-away database, with the cast and their Apps in it.

The process is started once for a worker of the test run. It also answers for X's host names, as a server behind a proxy of those
names would; `reaching` makes requests' connections to these names end at it. People act in it with the demo's windowless browser.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.cast import ANN, BOB, CAROL, DAVE, DEV, People, people
from tests.ports import own_port
from volary.db import Database
from volary.portal.actions.commands import AppOrder, Created, create_app_for
from volary.server.database import opened
from volary.server.demo.browser import Browser
from volary.settings import Settings, load

X_ORIGINS = (
    *("https://api.twitter.com", "https://twitter.com", "https://upload.twitter.com"),
    *("https://api.x.com", "https://x.com", "https://upload.x.com"),
)
PASSWORDS = {part.username: part.password for part in (ANN, BOB, CAROL, DAVE, DEV)}


class Server(msgspec.Struct, frozen=True):
    """A running server."""

    base: str
    port: int
    folder: Path
    environment: dict[str, str]
    cast: People
    process: int

    @property
    def settings(self) -> Settings:
        return load(self.environment, None)

    @property
    def log(self) -> str:
        """Everything that the process has said so far."""
        return (self.folder / "serve.log").read_text()

    def app(self, name: str, **order: Any) -> Created:
        """A new App of dev's, in a Project of its own, made beside the running server as the command line does."""

        async def make(db: Database) -> Created:
            return await db.write(create_app_for, "dev", AppOrder(name=name, **order))

        made: Created = self.in_database(make)
        return made

    def in_database(self, work: Any) -> Any:
        """Do something with the server's database from this process."""

        async def run() -> Any:
            async with opened(self.settings) as db:
                return await work(db)

        return asyncio.run(run())

    def browser(self, username: str = "") -> Browser:
        """A new browser, signed in as somebody of the cast or as nobody."""
        browser = Browser()
        if username:
            browser.open(f"{self.base}/login")
            browser.press("Sign in", username=username, password=PASSWORDS[username])
            assert browser.status == 200, browser.text
        return browser


@contextmanager
def serving(**settings: str) -> Iterator[Server]:
    """Run a server until the block ends. `settings` are further settings by their names in lower case."""
    with tempfile.TemporaryDirectory(prefix="volary-test-") as named:
        folder = Path(named)
        port = own_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("VOLARY_")}
        own = {"database": f"sqlite:///{folder}/test.db", "port": str(port), "rate_limits": "off"} | settings
        if "public_url" not in own:
            own["public_origins"] = ",".join((*X_ORIGINS, f"http://127.0.0.1:{port}"))
            own["public_url"] = f"http://localhost:{port}"
        own.setdefault("public_origins", f"http://localhost:{port}")
        environment |= {f"VOLARY_{name.upper()}": value for name, value in own.items()}
        cast = asyncio.run(_cast(load(environment, None)))
        with (folder / "serve.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "volary", "serve"], env=environment, cwd=folder, stdout=log, stderr=log
            )
            try:
                base = f"http://localhost:{port}"
                wait_until_ready(base, process, folder)
                yield Server(base, port, folder, environment, cast, process.pid)
            finally:
                process.terminate()
                process.wait(60)


def wait_until_ready(base: str, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{base}/readyz", timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.05)
    raise AssertionError("the server did not start: " + (folder / "serve.log").read_text()[-2000:])


async def _cast(settings: Settings) -> People:
    async with opened(settings) as db:
        return await people(db)


class ToServer(HTTPAdapter):
    """Sends what is meant for X's hosts to a server on this machine, with the host name that the client wrote."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        asked = request.url or ""
        place = urlsplit(asked)
        request.headers["Host"] = place.netloc
        request.url = asked.replace(f"{place.scheme}://{place.netloc}", f"http://127.0.0.1:{self._port}", 1)
        answer = super().send(request, *args, **kwargs)
        answer.url = request.url = asked
        return answer


@contextmanager
def reaching(server: Server) -> Iterator[None]:
    """Let `requests` find this server under X's host names: only the outside world is replaced, no client is changed."""
    with sent_through(ToServer(server.port), X_ORIGINS):
        yield


@contextmanager
def sent_through(adapter: HTTPAdapter, origins: tuple[str, ...]) -> Iterator[None]:
    """Let `requests`, whoever uses it, take this adapter for what it sends to these origins."""
    found = requests.Session.get_adapter

    def get_adapter(session: requests.Session, url: str) -> Any:
        return adapter if url.startswith(origins) else found(session, url)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "get_adapter", get_adapter)
        yield
