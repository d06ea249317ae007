"""The server that the tests of consent visit, and the App that sends people there: any third party's, with oauthlib's signatures."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2 as httpx
import msgspec
from oauthlib.oauth1 import Client
from starlette.types import ASGIApp

from tests.cast import Part, People
from tests.conftest import HeldDatabase
from tests.oauth.consent.walking import ORIGIN, Browser
from tests.sessions.arriving import signed_in
from volary.access.levels import Level
from volary.accounts.rules.hashing import PasswordHasher
from volary.developers.actions import create_app, create_project
from volary.developers.actions.values import NewApp
from volary.developers.rules.settings import Authentication, Details
from volary.kit.resources import Resources
from volary.oauth.connected import ConnectedApp, connected_apps
from volary.server import registry
from volary.server.owned import resources
from volary.sessions.rules.browsers import COOKIE
from volary.settings import Settings

# The database is handed over open; with this address the nonces stand in its table on both engines.
SETTINGS = Settings(public_url=ORIGIN, database="postgresql://in-the-test")
CALLBACK = "https://frame.test/cb"
LOOPBACK = "http://127.0.0.1:8765/back"
DEVICE = "com.frame.app://done/cb"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()

DETAILS = Details(
    name="Photo Frame",
    description="Shows your photos on the wall at home.",
    website="https://www.frame.test/",
    callbacks=(CALLBACK, LOOPBACK, DEVICE),
    organization="Frames Ltd",
    organization_url="https://frames.test/",
    terms_url="https://frame.test/terms",
    privacy_url="https://frame.test/privacy",
)
EVERYTHING = Authentication(level=Level.DIRECT_MESSAGES, email=True, oauth2=True, type="web")


class Pair(msgspec.Struct, frozen=True):
    """A token of OAuth 1.0a with its secret."""

    token: str
    secret: str


class App(msgspec.Struct):
    """An App as its developer runs it: it knows its own credentials and the server's addresses."""

    made: NewApp
    client: httpx.AsyncClient
    clock: Any

    @property
    def id(self) -> int:
        return self.made.app.id

    def asking(self, scope: str = "tweet.read users.read", **changes: str) -> str:
        """Where it sends people for OAuth 2.0."""
        parameters = {
            "response_type": "code",
            "client_id": self.made.app.client_id,
            "redirect_uri": CALLBACK,
            "scope": scope,
            "state": "their state",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return "/i/oauth2/authorize?" + urlencode(parameters | changes)

    async def tokens(self, location: str, redirect_uri: str = CALLBACK) -> dict[str, Any]:
        """What the token endpoint gives for the code that a browser brought."""
        form = {
            "grant_type": "authorization_code",
            "code": answer_in(location)["code"],
            "redirect_uri": redirect_uri,
            "code_verifier": VERIFIER,
        }
        client_id, secret = self.made.app.client_id, self.made.client_secret or ""
        answer = await self.client.post("/2/oauth2/token", data=form, auth=(client_id, secret))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def me(self, access_token: str) -> httpx.Response:
        """Who the API says that a token of OAuth 2.0 acts for."""
        return await self.client.get("/2/users/me", headers={"authorization": f"Bearer {access_token}"})

    async def request_token(self, callback: str = CALLBACK, access: str = "") -> Pair:
        """The first leg of OAuth 1.0a."""
        path = "/oauth/request_token" + (f"?x_auth_access_type={access}" if access else "")
        answer = await self.signed("POST", path, callback_uri=callback)
        assert answer.status_code == 200, answer.text
        return pair_in(answer.text)

    async def authorizing(
        self, path: str = "/oauth/authorize", access: str = "", callback: str = CALLBACK, **more: str
    ) -> str:
        """Where it sends people for OAuth 1.0a."""
        asked = await self.request_token(callback, access)
        return f"{path}?" + urlencode({"oauth_token": asked.token, **more})

    async def access_token(self, asked: Pair, verifier: str) -> Pair:
        """The third leg of OAuth 1.0a."""
        answer = await self.signed("POST", "/oauth/access_token", asked, verifier=verifier)
        assert answer.status_code == 200, answer.text
        return pair_in(answer.text)

    async def verified(self, pair: Pair) -> httpx.Response:
        """Who the API says that a token of OAuth 1.0a acts for."""
        return await self.signed("GET", "/1.1/account/verify_credentials.json", pair)

    async def signed(self, method: str, path: str, pair: Pair | None = None, **options: Any) -> httpx.Response:
        """A request signed by oauthlib."""
        client: Any = Client(
            self.made.api_key,
            self.made.api_key_secret,
            pair.token if pair else None,
            pair.secret if pair else None,
            timestamp=str(self.clock.now() // 1000),
            **options,
        )
        url, headers, _ = client.sign(ORIGIN + path, method)
        return await self.client.request(method, url, headers=headers)


class Place(msgspec.Struct):
    """The server, what it keeps, and who is there."""

    front: ASGIApp
    db: HeldDatabase
    hasher: PasswordHasher
    cast: People
    resources: Resources
    apps: list[App] = []

    @property
    def app(self) -> App:
        """The App that may ask for everything by both protocols."""
        return self.apps[0]

    def browser(self, **options: str) -> Browser:
        """A browser in which nobody is signed in."""
        return Browser(self.front, **options)

    async def browser_of(self, *parts: Part, **options: str) -> Browser:
        """A browser in which these people signed in, the first one being the current account."""
        browser = self.browser(**options)
        browser.hold(COOKIE, ".".join([(await signed_in(self.db, self.hasher, part)).token for part in parts]))
        return browser

    async def new_app(self, details: Details = DETAILS, authentication: Authentication = EVERYTHING) -> App:
        """An App of dev's, in a Project."""
        project = await self.db.write(create_project, self.cast.dev.id, name=details.name)
        made = await self.db.write(create_app, self.cast.dev.id, details, authentication, project_id=project.id)
        transport = httpx.ASGITransport(app=self.front, client=("203.0.113.7", 40000))
        return App(made, httpx.AsyncClient(transport=transport, base_url=ORIGIN), self.db.clock)

    async def connected(self, account_id: int) -> list[ConnectedApp]:
        """The apps that an account has connected."""
        return await connected_apps(self.db, account_id)


def answer_in(location: str) -> dict[str, str]:
    """The parameters with which a browser comes back to the App."""
    return dict(parse_qsl(urlsplit(location).query, strict_parsing=True))


def pair_in(body: str) -> Pair:
    found = dict(parse_qsl(body, strict_parsing=True))
    return Pair(found["oauth_token"], found["oauth_token_secret"])


async def place_of(
    db: HeldDatabase, cast: People, hasher: PasswordHasher, settings: Settings = SETTINGS, name: str = DETAILS.name
) -> Place:
    """A server with an App of dev's that may ask for everything by both protocols."""
    owned = await resources(settings, db)
    owned[PasswordHasher].close()
    owned.put(PasswordHasher, hasher)
    place = Place(registry.front(owned), db, hasher, cast, owned)
    place.apps.append(await place.new_app(msgspec.structs.replace(DETAILS, name=name)))
    return place
