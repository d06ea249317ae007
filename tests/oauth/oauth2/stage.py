"""Apps of every type, a person who connects them, and the doors of OAuth 2.0, as a third party meets them: requests and answers.

c1   confidential, dev's: a Web App in a Project          p1   public, dev's: a Native App
c2   confidential, dave's: a bot                          s1   public, dev's: a Single page App
"""

import base64
import hashlib
import itertools
import re
from collections.abc import Mapping, MutableMapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import msgspec
from sqlalchemy import func, select, text

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.developers.making import new_project
from volary.access.caller import Caller
from volary.access.levels import Level
from volary.api.kinds import Kinds
from volary.api.limits import Limiter, OwnCounters
from volary.api.machine import RawCall, machines_of
from volary.api.problems import refused
from volary.api.serve import Api
from volary.db import Statement, statement
from volary.developers.actions import NewApp, create_app
from volary.developers.rules.settings import Authentication, Details
from volary.kit.errors import Refusal
from volary.kit.resources import Resources
from volary.oauth import api as doors
from volary.oauth import models
from volary.oauth.asking import Redirect, Request
from volary.oauth.identify import identify
from volary.oauth.oauth2 import authorize
from volary.oauth.throttle import Throttle
from volary.oauth.turns import Turns
from volary.oauth.uses import Uses
from volary.settings import Settings

SETTINGS = Settings(public_url="http://localhost:8000")
CALLBACK = "https://app.example/cb"
LOOPBACK = "http://127.0.0.1/cb"
VERIFIER = "never-guessed-verifier.with~43_characters-or-more"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
STATE = "their state"
SCOPE = "tweet.read users.read offline.access"
FORM = "application/x-www-form-urlencoded"
ADDRESS = "203.0.113.7"
HeaderPairs = Mapping[str, str] | Sequence[tuple[str, str]]

TABLES = {
    "grants": models.grants,
    "families": models.families,
    "codes": models.codes,
    "access": models.access_tokens,
    "refresh": models.refresh_tokens,
    "pending": models.pending_authorizations,
}
_COUNTS: dict[str, Statement[int]] = {
    name: statement(select(func.count(text("1"))).select_from(table), int) for name, table in TABLES.items()
}
_LIVE_FAMILIES = statement(
    select(func.count(text("1"))).select_from(models.families).where(models.families.c.ended_at.is_(None)), int
)


_DESCRIPTION = re.compile(
    r"(response_type|scope|state|code_challenge(_method)?) (is|names|has|must)[A-Za-z0-9 :,.]+\.", re.ASCII
)


class Got(msgspec.Struct):
    """What came back."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    def header(self, name: str) -> str | None:
        values = [value.decode() for key, value in self.headers if key == name.encode()]
        assert len(values) <= 1, f"{name} is there {len(values)} times"
        return values[0] if values else None


class Tokens(msgspec.Struct):
    """What a connected app holds."""

    access: str
    refresh: str


class Stage(msgspec.Struct):
    """The doors, what they keep, and who is there."""

    db: HeldDatabase
    cast: People
    settings: Settings
    resources: Resources
    api: Api
    c1: NewApp
    c2: NewApp
    p1: NewApp
    s1: NewApp

    # ----------------------------------------------------------------------------------------------------- at the browser

    def query(self, app: NewApp, **changes: str | None) -> bytes:
        """An honest authorization request; a change to None leaves a parameter out."""
        parameters: dict[str, str | None] = {
            "response_type": "code",
            "client_id": app.app.client_id,
            "redirect_uri": CALLBACK,
            "scope": SCOPE,
            "state": STATE,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        kept = {name: value for name, value in (parameters | changes).items() if value is not None}
        return urlencode(kept, quote_via=quote).encode()

    async def begin(self, query: bytes) -> Request | Redirect:
        return await authorize.begin(self.db, self.settings, authorize.PATHS[0], query)

    async def asked(self, app: NewApp, **changes: str | None) -> Request:
        """The request as the consent page shows it."""
        request = await self.begin(self.query(app, **changes))
        assert isinstance(request, Request), request
        return request

    async def sent_back(self, app: NewApp, **changes: str | None) -> dict[str, str]:
        """The parameters with which a refused request goes back, after seeing that it goes to the callback and nowhere else."""
        redirect = await self.begin(self.query(app, **changes))
        assert isinstance(redirect, Redirect), redirect
        back = parameters_of(redirect.url, changes.get("redirect_uri") or CALLBACK)
        # For the app's developer (RFC 6749 §4.1.2.1): in its letters, and nothing of what was sent.
        assert _DESCRIPTION.fullmatch(back.pop("error_description"))
        return back

    async def decided(self, request: Request, account_id: int | None, *, approved: bool = True) -> dict[str, str]:
        """The parameters with which the browser comes back after a decision."""
        outcome = await self.db.write(authorize.finish, request, account_id, approved=approved, address=ADDRESS)
        return parameters_of(outcome.url, request.target)

    async def code(self, app: NewApp, account_id: int | None = None, **changes: str | None) -> str:
        """A code that a person gave an App."""
        request = await self.asked(app, **changes)
        return (await self.decided(request, account_id or self.cast.ann.id))["code"]

    # ------------------------------------------------------------------------------------------------------ at the doors

    async def send(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: HeaderPairs = (),
        address: str = ADDRESS,
    ) -> Got:
        """One request at the machine doors."""
        raw = self.raw(method, target, headers, address)
        found = self.api.router.find(raw.path)
        if found is None:
            return Got(404, [], b"")
        answer, _ = await self.api.answer(found, raw, _receive(body))
        kind = [(b"content-type", answer.content_type)]
        return Got(answer.status, [*answer.headers, *kind], answer.body)

    async def post(
        self,
        path: str,
        form: Mapping[str, str] | list[tuple[str, str]],
        app: NewApp | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
        address: str = ADDRESS,
    ) -> Got:
        """A form, with the credentials that belong to the App's type."""
        pairs = list(form.items()) if isinstance(form, Mapping) else list(form)
        added = {}
        if app is not None and app.client_secret is not None:
            added["authorization"] = basic(app.app.client_id, app.client_secret)
        elif app is not None:
            pairs.append(("client_id", app.app.client_id))
        body = urlencode(pairs).encode()
        return await self.send("POST", path, body, {"content-type": FORM, **added, **headers}, address)

    async def exchange(self, app: NewApp, code: str, **changes: str | None) -> Got:
        """A code at the token endpoint, honestly unless changed."""
        form: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        kept = {name: value for name, value in (form | changes).items() if value is not None}
        return await self.post("/2/oauth2/token", kept, app)

    async def refresh(self, app: NewApp, token: str, **changes: str) -> Got:
        """A refresh token at the token endpoint."""
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return await self.post("/2/oauth2/token", form | changes, app)

    async def connect(self, app: NewApp, account_id: int | None = None, **changes: str | None) -> Tokens:
        """The tokens of a whole honest walk."""
        code = await self.code(app, account_id, **changes)
        got = await self.exchange(app, code, redirect_uri=changes.get("redirect_uri") or CALLBACK)
        assert got.status == 200, got.body
        return Tokens(got.json["access_token"], got.json.get("refresh_token", ""))

    # ------------------------------------------------------------------------------------------------------- at the API

    async def caller(self, token: str, path: str = "/2/users/me") -> Caller:
        """Who calls the API with a bearer token. Raises what identification refuses with."""
        return await identify(self.raw("GET", path, {"authorization": f"Bearer {token}"}, ADDRESS))

    async def lives(self, token: str) -> bool:
        """Whether the API takes a bearer token; a dead one must be answered as X answers it."""
        return await self.status(headers={"authorization": f"Bearer {token}"}) == 200

    async def status(self, target: str = "/2/users/me", headers: HeaderPairs = (), body: bytes = b"") -> int:
        """The status of a call of the API: 200 when somebody is known to be calling."""
        raw = self.raw("GET" if not body else "POST", target, headers, ADDRESS)
        try:
            await identify(msgspec.structs.replace(raw, body=body))
        except Refusal as refusal:
            return refused(refusal, raw.path, "").status
        return 200

    def raw(self, method: str, target: str, headers: HeaderPairs, address: str) -> RawCall:
        path, _, query = target.partition("?")
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        return RawCall(
            method=method,
            path=path,
            raw_path=path.encode(),
            query_string=query.encode(),
            headers=[(b"host", b"localhost:8000"), *((name.encode(), value.encode()) for name, value in pairs)],
            body=b"",
            address=address,
            request_id=f"{next(_IDS):x}",
            db=self.db,
            settings=self.settings,
            resources=self.resources,
        )

    # -------------------------------------------------------------------------------------------------- in the database

    async def rows(self) -> dict[str, int]:
        """How many rows each table of this room has: an attack must leave them as they were."""
        return {name: await self.db.one(count) or 0 for name, count in _COUNTS.items()}

    async def live_families(self) -> int:
        return await self.db.one(_LIVE_FAMILIES) or 0


_IDS = itertools.count(1)


def _receive(body: bytes) -> Any:
    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def parameters_of(url: str, callback: str) -> dict[str, str]:
    """The parameters that were appended to a callback."""
    assert url.startswith(callback), url
    added = url.removeprefix(callback)
    assert added[:1] == ("&" if urlsplit(callback).query else "?")
    pairs = parse_qsl(added[1:], keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def resources_of(settings: Settings) -> Resources:
    """What a process owns, as far as these doors need it."""
    resources = Resources()
    counters = OwnCounters()
    resources.put(Settings, settings)
    resources.put(Uses, Uses())
    resources.put(Turns, Turns())
    resources.put(Throttle, Throttle(counters, settings.rate_limit_scale))
    return resources


async def stage_of(db: HeldDatabase, cast: People, settings: Settings = SETTINGS) -> Stage:
    """The doors, and four Apps; one of them in a Project."""
    project = (await new_project(db, cast.dev.id)).id

    async def app(owner_id: int, name: str, kind: str, project_id: int | None) -> NewApp:
        details = Details(
            name=name,
            callbacks=(CALLBACK, LOOPBACK),
            terms_url="https://app.example/terms",
            privacy_url="https://app.example/privacy",
        )
        how = Authentication(level=Level.DIRECT_MESSAGES, email=True, oauth2=True, type=kind)
        return await db.write(create_app, owner_id, details, how, project_id=project_id)

    resources = resources_of(settings)
    limiter = Limiter(OwnCounters(), 1.0)
    return Stage(
        db,
        cast,
        settings,
        resources,
        Api([], machines_of(doors.__name__), identify, limiter, Kinds([], {}), "http://localhost:8000/portal"),
        await app(cast.dev.id, "Web", "web", project),
        await app(cast.dave.id, "Bot", "bot", None),
        await app(cast.dev.id, "Native", "native", None),
        await app(cast.dev.id, "Page", "spa", None),
    )
