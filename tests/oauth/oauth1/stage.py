"""The stage of these tests: the cast, three Apps of dev, and the app's side of the protocol, played by oauthlib as any app would.

R1, RW1 and RWD1 are Apps with the read, the read-write and the read-write-directmessages level, each with one callback.
"""

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from oauthlib.oauth1 import Client

from tests.cast import People
from tests.conftest import HeldDatabase
from volary.access.caller import Caller
from volary.access.levels import Level
from volary.api.answer import Answer
from volary.api.limits import OwnCounters
from volary.api.machine import RawCall, machines_of
from volary.developers.actions import create_app
from volary.developers.models import AppRow
from volary.developers.rules.settings import Authentication, Details
from volary.kit.resources import Resources
from volary.oauth.asking import Outcome, Request
from volary.oauth.oauth1 import endpoints
from volary.oauth.oauth1.authorize import begin, finish
from volary.oauth.oauth1.caller import caller_from_oauth1
from volary.oauth.oauth1.nonces.store import NonceStore
from volary.oauth.oauth1.verify import Verifier
from volary.oauth.throttle import Throttle
from volary.oauth.uses import Uses
from volary.settings import Settings

HOST = "http://localhost:8000"
CALLBACK = "https://app.example/cb"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
ME = "/2/users/me"

DOORS = {(door.method, door.path): door.handler for door in machines_of(endpoints.__name__)}


class App(msgspec.Struct, frozen=True):
    """An App as its developer knows it."""

    row: AppRow
    key: str
    secret: str


class Pair(msgspec.Struct, frozen=True):
    """A token and its secret, as an app keeps them."""

    token: str
    secret: str


class Sent(msgspec.Struct, frozen=True):
    """A request as an app made it: what the wire carries."""

    method: str
    url: str
    headers: dict[str, str]
    body: str

    def changed(self, **what: Any) -> "Sent":
        """The same request, tampered with on its way."""
        return msgspec.structs.replace(self, **what)

    @property
    def authorization(self) -> str:
        return self.headers["Authorization"]


class Stage:
    """A server's rooms without the server: its doors are called as the ring calls them."""

    def __init__(
        self, db: HeldDatabase, nonces: NonceStore, people: People, apps: dict[str, App], settings: Settings
    ) -> None:
        self.db, self.people, self.settings = db, people, settings
        self.r1, self.rw1, self.rwd1 = apps["R1"], apps["RW1"], apps["RWD1"]
        self.resources = Resources()
        self.resources.put(Verifier, Verifier(settings, nonces))
        self.uses = self.resources.put(Uses, Uses())
        self.resources.put(Throttle, Throttle(OwnCounters(), settings.rate_limit_scale))

    # ------------------------------------------------------------------------------------------------------ the app's side

    def signed(
        self,
        app: App,
        pair: Pair | None,
        method: str,
        path: str,
        *,
        body: str | None = None,
        headers: dict[str, str] | None = None,
        origin: str = HOST,
        **options: Any,
    ) -> Sent:
        """A request signed by oauthlib; `options` go to its Client."""
        realm = options.pop("realm", None)
        client: Any = Client(
            app.key,
            options.pop("client_secret", app.secret),
            pair.token if pair else None,
            pair.secret if pair else None,
            timestamp=options.pop("timestamp", str(self.db.now // 1000)),
            **options,
        )
        url, sent, content = client.sign(origin + path, method, body, headers or {}, realm=realm)
        return Sent(method, url, dict(sent), content or "")

    def arrived(self, sent: Sent, host: str | None = None, extra: tuple[tuple[bytes, bytes], ...] = ()) -> RawCall:
        """The request as the server's ring hands it on."""
        parts = urlsplit(sent.url)
        headers = [(name.lower().encode(), value.encode()) for name, value in sent.headers.items()]
        return RawCall(
            method=sent.method,
            path=parts.path,
            raw_path=parts.path.encode(),
            query_string=parts.query.encode(),
            headers=[(b"host", (host or parts.netloc).encode()), *headers, *extra],
            body=sent.body.encode("latin-1"),
            address="192.0.2.1",
            request_id="r",
            db=self.db,
            settings=self.settings,
            resources=self.resources,
        )

    async def door(self, sent: Sent, **arriving: Any) -> Answer:
        """What one of the protocol's own doors answers."""
        call = self.arrived(sent, **arriving)
        return await DOORS[call.method, call.path](call)

    async def caller(self, sent: Sent, **arriving: Any) -> Caller:
        """Whom the server takes the sender of an API call for. Raises its refusals."""
        return await caller_from_oauth1(self.arrived(sent, **arriving))

    # ------------------------------------------------------------------------------------------------------ the three legs

    def asking(self, app: App, callback: str = CALLBACK, **options: Any) -> Sent:
        """The first leg's request."""
        path = options.pop("path", "/oauth/request_token")
        return self.signed(app, None, "POST", path, callback_uri=callback, **options)

    async def request_token(self, app: App, callback: str = CALLBACK, **options: Any) -> Pair:
        answer = await self.door(self.asking(app, callback, **options))
        return pair_of(answer)

    async def begin(self, token: str, path: str = "/oauth/authorize", **query: str) -> Request:
        sent = urlencode({"oauth_token": token, **query}).encode()
        request = await begin(self.db, self.settings, path, sent)
        assert isinstance(request, Request)
        return request

    async def decide(self, request: Request, account_id: int | None, *, approved: bool = True) -> Outcome:
        return await self.db.write(finish, request, account_id, approved=approved, address="192.0.2.2")

    async def approve(self, token: str, account_id: int) -> str:
        """A person authorizes; the verifier that their browser brings to the app, or the PIN that they type."""
        outcome = await self.decide(await self.begin(token), account_id)
        return outcome.pin or dict(parse_qsl(urlsplit(outcome.url).query))["oauth_verifier"]

    def exchanging(self, app: App, pair: Pair, verifier: str | None, **options: Any) -> Sent:
        """The third leg's request."""
        return self.signed(app, pair, "POST", "/oauth/access_token", verifier=verifier, **options)

    async def connect(self, app: App, account_id: int, **options: Any) -> Pair:
        """All three legs: the access token of an account for an App."""
        asked = await self.request_token(app, **options)
        verifier = await self.approve(asked.token, account_id)
        return pair_of(await self.door(self.exchanging(app, asked, verifier)))


def values(answer: Answer) -> dict[str, str]:
    """A form-encoded body, decoded strictly."""
    pairs = parse_qsl(answer.body.decode(), strict_parsing=True, keep_blank_values=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def pair_of(answer: Answer) -> Pair:
    assert answer.status == 200, answer.body
    found = values(answer)
    return Pair(found["oauth_token"], found["oauth_token_secret"])


def error(answer: Answer) -> tuple[int, int]:
    """The status and X's number of an error answer."""
    (one,) = json.loads(answer.body)["errors"]
    assert one["message"]
    return answer.status, one["code"]


def message(answer: Answer) -> str:
    text: str = json.loads(answer.body)["errors"][0]["message"]
    return text


async def make_app(
    db: HeldDatabase, owner_id: int, name: str, level: Level, callbacks: tuple[str, ...] = (CALLBACK,), **more: Any
) -> App:
    """An App of an owner, with OAuth 1.0a switched on."""
    links = {"terms_url": "https://app.example/terms", "privacy_url": "https://app.example/privacy"}
    details = Details(name=name, callbacks=callbacks, **(links if more.get("email") else {}))
    made = await db.write(create_app, owner_id, details, Authentication(level=level, **more))
    return App(made.app, made.api_key, made.api_key_secret)


async def set_up(db: HeldDatabase, nonces: NonceStore, people: People, settings: Settings) -> Stage:
    levels = {"R1": Level.READ, "RW1": Level.READ_WRITE, "RWD1": Level.DIRECT_MESSAGES}
    apps = {name: await make_app(db, people.dev.id, name, level) for name, level in levels.items()}
    return Stage(db, nonces, people, apps, settings)
