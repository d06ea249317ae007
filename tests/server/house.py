"""A whole server in this process: the application with a real database, the cast and their Apps in it, spoken to as Granian would.

Reader, Writer, Messenger   Apps of dev's with the three OAuth 1.0a levels, each a Web App too, with email permission
Loner                       the same with every permission, but in no Project
Page                        a Single page App
"""

import json
import shutil
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
from oauthlib.oauth1 import Client

from tests.cast import People, people
from tests.db.server import scratch
from tests.server import contract
from volary.access.levels import Level
from volary.access.scopes import SCOPES
from volary.accounts.models import AccountRow
from volary.db import Database, Tx
from volary.db.sqlite.connections import path_of
from volary.developers.actions import NewApp, create_app, create_project, edit_authentication
from volary.developers.rules.settings import Authentication, Details
from volary.kit.clock import HeldClock
from volary.oauth import grants
from volary.oauth.models import OAUTH2
from volary.oauth.oauth1 import tokens as oauth1_tokens
from volary.oauth.tokens import Holder, issue_first
from volary.server.application import Application
from volary.settings import Settings, load

HOST = "localhost:8000"
ORIGIN = f"http://{HOST}"
PEER = "203.0.113.7"
CALLBACK = "https://app.example/cb"
PAGE_ORIGIN = "https://page.example"
EVERYTHING = " ".join(SCOPES)
Headers = Sequence[tuple[str, str]]
LATER = ("search_", "trends", "app_usage", "app_calls", "post_hours", "media_views", "jobs")
"""How the names of tables begin that tasks write beside the requests: index, trends, noted calls, views and plays, and jobs, which go
once they are done.
"""


class Got(msgspec.Struct):
    """An answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        values = [value for key, value in self.headers if key == name]
        assert len(values) <= 1, f"{name} is there {len(values)} times"
        return values[0] if values else None

    def told(self, prefix: str) -> dict[str, str]:
        """The headers whose names begin so."""
        return {name: value for name, value in self.headers if name.startswith(prefix)}


class Nobody:
    """No credentials."""

    def headers(self, method: str, url: str, body: bytes, kind: str, now: int) -> Headers:
        return []


class Bearer(msgspec.Struct, frozen=True):
    """A bearer token: a person's, or an App's own."""

    token: str

    def headers(self, method: str, url: str, body: bytes, kind: str, now: int) -> Headers:
        return [("authorization", f"Bearer {self.token}")]


class Signed(msgspec.Struct, frozen=True):
    """An App's key and a person's token, with which requests are signed."""

    key: str
    secret: str
    token: str
    token_secret: str

    def headers(self, method: str, url: str, body: bytes, kind: str, now: int) -> Headers:
        is_form = kind == "application/x-www-form-urlencoded"
        client: Any = Client(self.key, self.secret, self.token, self.token_secret, timestamp=str(now // 1000))
        _, sent, _ = client.sign(
            url, method, body.decode() if is_form else None, {"Content-Type": kind} if is_form else {}
        )
        return [("authorization", sent["Authorization"])]


Credentials = Nobody | Bearer | Signed
NOBODY = Nobody()


class House(msgspec.Struct):
    """The server, and who is there."""

    application: Application
    clock: HeldClock
    cast: People
    apps: dict[str, NewApp]
    file: Path | None

    @property
    def db(self) -> Database:
        return self.application.resources[Database]

    # -------------------------------------------------------------------------------------------------------- requests

    async def send(
        self,
        method: str,
        target: str,
        who: Credentials = NOBODY,
        *,
        body: bytes = b"",
        kind: str = "",
        headers: Headers = (),
        host: str | None = HOST,
        peer: str = PEER,
    ) -> Got:
        """One request and its answer. `host` None sends no Host header."""
        found = [("host", host)] if host is not None else []
        found += [("content-type", kind)] if kind else []
        found += who.headers(method, ORIGIN + target, body, kind, self.clock.now())
        got = await asked(self.application, method, target, [*found, *headers], body, peer)
        contract.check(method, target, got.status, got.body)
        return got

    async def get(self, target: str, who: Credentials = NOBODY, **more: Any) -> Got:
        return await self.send("GET", target, who, **more)

    async def json(self, method: str, target: str, who: Credentials, value: object, **more: Any) -> Got:
        """A request with a JSON body."""
        return await self.send(method, target, who, body=json.dumps(value).encode(), kind="application/json", **more)

    # ----------------------------------------------------------------------------------------------------- credentials

    async def bearer(self, person: AccountRow, scopes: str = EVERYTHING, app: str = "Messenger") -> Bearer:
        """A person's access token for an App, with these scopes."""
        return Bearer(await self.db.write(_connect, person.id, self.apps[app].app.id, scopes))

    async def signed(
        self, person: AccountRow, app: str = "Messenger", level: Level | None = None, *, email: bool = True
    ) -> Signed:
        """A person's OAuth 1.0a token for an App, at the App's level or a lower one."""
        made = self.apps[app]
        pair = await self.db.write(_authorize, person.id, made, level or Level.from_wire(made.app.oauth1_level), email)
        return Signed(made.api_key, made.api_key_secret, pair.token, pair.secret)

    def app_only(self, app: str = "Messenger") -> Bearer:
        """An App's own token."""
        return Bearer(self.apps[app].bearer_token)

    async def set_level(self, app: str, level: Level, *, email: bool = True) -> None:
        """Change an App's OAuth 1.0a settings."""
        wanted = Authentication(level=level, email=email, oauth2=True, type="web")
        await self.db.write(edit_authentication, self.cast.dev.id, self.apps[app].app.id, wanted)

    # --------------------------------------------------------------------------------------------------------- database

    def rows(self) -> dict[str, int]:
        """How many rows each table has, but those that a task writes a moment later, or takes from; only on SQLite."""
        assert self.file is not None
        with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True) as opened:
            names = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            names = [name for name in names if not name.startswith(LATER)]
            counts = {name: opened.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608 - names of tables
        opened.close()
        return counts


async def asked(
    application: Any, method: str, target: str, headers: Headers, body: bytes | Sequence[bytes] = b"", peer: str = PEER
) -> Got:
    """One request through ASGI. A body in several parts comes in several messages."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": unquote(path, errors="replace"),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        "client": (peer, 40_000),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }
    parts = [body] if isinstance(body, bytes) else list(body)
    incoming = iter([{"type": "http.request", "body": part, "more_body": more} for part, more in _marked(parts)])
    sent: list[dict[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        return next(incoming, {"type": "http.disconnect"})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(scope, receive, send)
    start, *rest = sent
    found = [(name.decode(), value.decode("latin-1")) for name, value in start["headers"]]
    return Got(start["status"], found, b"".join(part.get("body", b"") for part in rest))


def _marked(parts: Sequence[bytes]) -> list[tuple[bytes, bool]]:
    return [(part, number < len(parts) - 1) for number, part in enumerate(parts)]


@asynccontextmanager
async def opened(url: str, **settings: str) -> AsyncIterator[House]:
    """A started server on a database with empty tables, until the block ends. Limits are off unless they are set."""
    clock = HeldClock()
    kept = scratch()
    chosen = {"database": url, "media_folder": str(kept / "media"), "rate_limits": "off", "key": "A" * 43}
    chosen |= settings
    application = Application(_settings(chosen), clock)
    await application.start()
    try:
        db = application.resources[Database]
        cast = await people(db)
        apps = await db.write(_make_apps, cast)
        yield House(application, clock, cast, apps, path_of(url) if url.startswith("sqlite") else None)
    finally:
        await application.stop()
        shutil.rmtree(kept)


def _settings(chosen: Mapping[str, str]) -> Settings:
    return load({f"VOLARY_{name.upper()}": value for name, value in chosen.items()})


async def _make_apps(tx: Tx, cast: People) -> dict[str, NewApp]:
    """Everybody's Apps."""
    levels = {"Reader": Level.READ, "Writer": Level.READ_WRITE, "Messenger": Level.DIRECT_MESSAGES}
    made = {}
    for name, level in levels.items():
        project = await create_project(tx, cast.dev.id, name=f"{name}s")
        made[name] = await _make_app(tx, cast.dev.id, name, level, project_id=project.id)
    made["Loner"] = await _make_app(tx, cast.dev.id, "Loner", Level.DIRECT_MESSAGES)
    made["Page"] = await _make_app(
        tx, cast.dave.id, "Page", Level.READ, kind="spa", callbacks=(f"{PAGE_ORIGIN}/cb", "http://127.0.0.1:3000/cb")
    )
    return made


async def _make_app(
    tx: Tx,
    owner: int,
    name: str,
    level: Level,
    *,
    kind: str = "web",
    callbacks: tuple[str, ...] = (CALLBACK,),
    project_id: int | None = None,
) -> NewApp:
    details = Details(
        name=name,
        website=f"https://{name.lower()}.example/",
        callbacks=callbacks,
        terms_url="https://app.example/terms",
        privacy_url="https://app.example/privacy",
    )
    how = Authentication(level=level, email=True, oauth2=True, type=kind)
    return await create_app(tx, owner, details, how, project_id=project_id)


async def _connect(tx: Tx, account_id: int, app_id: int, scopes: str) -> str:
    grant = await grants.record(tx, account_id, app_id, scopes=scopes.split())
    family = await grants.start_family(tx, grant, OAUTH2)
    holder = await oauth1_tokens.holder_of(tx, account_id)
    assert holder is not None
    return (await issue_first(tx, Holder(family, 0, holder.epoch), scopes)).access


async def _authorize(tx: Tx, account_id: int, made: NewApp, level: Level, email: bool) -> oauth1_tokens.TokenPair:
    grant = await grants.record(tx, account_id, made.app.id, level=level, email=email)
    holder = await oauth1_tokens.holder_of(tx, account_id)
    assert holder is not None
    return await oauth1_tokens.issue(tx, made.app, holder, grant, level=level, email=email)
