"""Whatever can be sent: honest requests with a few bytes changed, and requests that nobody honest would think of.

Each of `SENT` draws one request for a desk, at which everybody's credentials lie.
"""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from hypothesis import strategies as st
from oauthlib.oauth1 import Client

from tests.cast import DEV
from tests.oauth.oauth2.stage import CHALLENGE, basic
from tests.server.calls import ASK, FORM, JSON, OPERATION, Ask
from tests.server.house import CALLBACK, ORIGIN, Bearer, House, Signed
from tests.sessions.arriving import signed_in
from volary.accounts.rules.hashing import PasswordHasher
from volary.developers.actions import NewApp
from volary.sessions.rules.browsers import COOKIE

Draw = Callable[[st.SearchStrategy[Any]], Any]
PIECES = [
    b"", b'"', b"'", b",", b"=", b"%", b"%00", b"%ff", b"%0d%0a", b"\\", b"&", b";", b"?", b"#", b"@", b":", b"/", b"//", b"..",
    b"[]", b"{", b"}", b"[", b"<", b"\0", b"\xff", b"\xc3\x28", b" ", b"\t", b"+", b"-", b"0", b"9" * 40, b"null", b"true",
    b"1e999", b"\\ud800", b"oauth_token", b"Basic ", b"Bearer ", b"OAuth ", b"--", b"\r\n", "\u202e\u0000\U0001f426".encode(),
]  # fmt: skip


class Sent(msgspec.Struct, frozen=True):
    """One request."""

    method: str
    target: str
    headers: list[tuple[str, str]] = []
    body: bytes = b""


class Desk(msgspec.Struct):
    """The server, and what an app and its developer hold."""

    house: House
    app: NewApp
    bearer: Bearer
    signer: Signed
    cookie: str
    csrf: str

    @property
    def portal(self) -> str:
        return f"/portal/apps/{self.app.app.id}"

    def page(self, kind: str) -> list[tuple[str, str]]:
        """The headers of the developer's own browser."""
        held = [("cookie", self.cookie), ("origin", ORIGIN), ("sec-fetch-site", "same-origin")]
        return [*held, ("content-type", kind)] if kind else held

    def signature(self, method: str, target: str, body: bytes = b"", *, own: bool = True, **more: Any) -> str:
        """An honest Authorization header of OAuth 1.0a."""
        client: Any = Client(
            self.signer.key,
            self.signer.secret,
            self.signer.token if own else None,
            self.signer.token_secret if own else None,
            timestamp=str(self.house.clock.now() // 1000),
            **more,
        )
        kind = {"Content-Type": FORM} if body else {}
        return str(client.sign(ORIGIN + target, method, body.decode() or None, kind)[1]["Authorization"])


async def desk_of(house: House) -> Desk:
    """Everybody's credentials, and dev in a browser."""
    opened = await signed_in(house.db, house.application.resources[PasswordHasher], DEV)
    app = house.apps["Reader"]
    cookie = f"{COOKIE}={opened.token}"
    page = await house.get(f"/portal/apps/{app.app.id}", headers=[("cookie", cookie)])
    held = [pair.partition(";")[0] for name, pair in page.headers if name == "set-cookie"]
    found = re.search(rb'name="csrf" value="([^"]+)"', page.body)
    assert found, page.status
    return Desk(
        house,
        app,
        await house.bearer(house.cast.ann),
        await house.signed(house.cast.ann),
        "; ".join([cookie, *held]),
        found[1].decode(),
    )


Recipe = bytes | list[tuple[int, int, bytes]]
RECIPES: st.SearchStrategy[Recipe] = st.one_of(
    st.lists(st.tuples(st.integers(0, 999), st.integers(0, 3), st.sampled_from(PIECES)), max_size=4),
    st.lists(st.tuples(st.integers(0, 999), st.integers(0, 3), st.sampled_from(PIECES)), max_size=4),
    st.binary(max_size=60),
)
"""How a text is changed, drawn without knowing the text: what is honest differs from run to run, and chance must be repeatable."""


def changed(honest: bytes, recipe: Recipe) -> bytes:
    """An honest text with a few places changed, by chance none; or another one altogether."""
    if isinstance(recipe, bytes):
        return recipe
    text = bytearray(honest)
    for place, cut, piece in recipe:
        at = len(text) * place // 1_000
        text[at : at + cut] = piece
    return bytes(text)


def header(draw: Draw, honest: str) -> str:
    """A header that a server hands on: any bytes but line ends and NUL."""
    raw = changed(honest.encode(), draw(RECIPES))
    return str(raw.translate(None, b"\r\n\0").decode("latin-1"))


def query(draw: Draw, honest: str) -> str:
    """A query that a server hands on: no blanks, no control characters, no letters outside ASCII."""
    raw = changed(honest.encode(), draw(RECIPES))
    return str("".join(chr(byte) for byte in raw if 0x20 < byte < 0x7F and byte != 0x23))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)


async def _authorization(desk: Desk, draw: Draw) -> Sent:
    method, target = draw(
        st.sampled_from(
            [("GET", "/2/users/me"), ("GET", "/1.1/account/verify_credentials.json"), ("POST", "/2/tweets")]
        )
    )
    honest = draw(
        st.sampled_from(
            [f"Bearer {desk.bearer.token}", desk.signature(method, target), f"Bearer {desk.app.bearer_token}"]
        )
    )
    body = b'{"text":"hello"}' if method == "POST" else b""
    return Sent(method, target, [("authorization", header(draw, honest)), ("content-type", JSON)], body)


async def _signed_doors(desk: Desk, draw: Draw) -> Sent:
    path = draw(st.sampled_from(["/oauth/request_token", "/oauth/access_token", "/1.1/oauth/invalidate_token.json"]))
    more: dict[str, Any] = (
        {"callback_uri": CALLBACK} if "request" in path else {"verifier": "x"} if "access" in path else {}
    )
    body = changed(b"x_auth_access_type=read&a=b", draw(RECIPES)) if draw(st.booleans()) else b""
    honest = desk.signature("POST", path, own="request" not in path, **more)
    return Sent("POST", path, [("authorization", header(draw, honest)), ("content-type", FORM)], body)


async def _token_doors(desk: Desk, draw: Draw) -> Sent:
    path = draw(st.sampled_from(["/2/oauth2/token", "/2/oauth2/revoke", "/oauth2/token", "/oauth2/invalidate_token"]))
    secret = desk.app.client_secret or ""
    pair = (desk.app.app.client_id, secret) if path.startswith("/2/") else (desk.app.api_key, desk.app.api_key_secret)
    grants = [
        {"grant_type": "authorization_code", "code": "x", "redirect_uri": CALLBACK, "code_verifier": "v" * 43},
        {"grant_type": "refresh_token", "refresh_token": "x", "scope": "tweet.read"},
        {"grant_type": "client_credentials"},
        {"token": "x", "token_type_hint": "access_token"},
        {"access_token": "x"},
    ]
    form = draw(st.sampled_from(grants))
    as_json = draw(st.booleans())
    honest = json.dumps(form).encode() if as_json else urlencode(form).encode()
    body = changed(honest, draw(RECIPES))
    kind = header(draw, JSON if as_json else FORM) if draw(st.booleans()) else (JSON if as_json else FORM)
    authorization = header(draw, basic(*pair)) if draw(st.booleans()) else basic(*pair)
    target = f"{path}?{query(draw, 'access_token=x')}" if draw(st.booleans()) else path
    return Sent("POST", target, [("authorization", authorization), ("content-type", kind)], body)


async def _icon(desk: Desk, draw: Draw) -> Sent:
    honest = (
        b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n' + desk.csrf.encode() + b"\r\n"
        b'--x\r\nContent-Disposition: form-data; name="icon"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\r\n--x--\r\n"
    )
    kind = "multipart/form-data; boundary=x"
    if draw(st.booleans()):
        kind = header(draw, kind)
    return Sent("POST", f"{desk.portal}/icon", desk.page(kind), changed(honest, draw(RECIPES)))


async def _page_form(desk: Desk, draw: Draw) -> Sent:
    pages = [
        f"{desk.portal}/authentication",
        f"{desk.portal}/callbacks",
        "/i/oauth2/authorize",
        "/oauth/authorize",
        "/login",
        "/settings/profile",
    ]
    honest = urlencode(
        {"csrf": desk.csrf, "url": CALLBACK, "request": "x", "decision": "allow", "login": "nobody", "password": "x"}
    )
    body = changed(honest.encode(), draw(RECIPES))
    return Sent("POST", draw(st.sampled_from(pages)), desk.page(FORM), body)


async def _listed(desk: Desk, draw: Draw) -> Sent:
    """The developer writes a callback URL into the list."""
    honest = draw(st.sampled_from([b"https://app.example/cb?a=b", b"http://127.0.0.1:8000/cb", b"com.app:/cb"]))
    url = changed(honest, draw(RECIPES))
    fields = {
        "csrf": desk.csrf,
        "name": "Reader",
        "terms_url": "https://a.example/",
        "privacy_url": "https://a.example/",
    }
    body = urlencode([*fields.items(), ("callbacks", CALLBACK + "\n" + url.decode("utf-8", "replace"))]).encode()
    return Sent("POST", desk.portal, desk.page(FORM), body)


async def _authorize(desk: Desk, draw: Draw) -> Sent:
    honest = {
        "response_type": "code", "client_id": desk.app.app.client_id, "redirect_uri": CALLBACK, "scope": "tweet.read",
        "state": "s", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    }  # fmt: skip
    if draw(st.booleans()):
        name = draw(st.sampled_from(sorted(honest)))
        honest[name] = changed(honest[name].encode(), draw(RECIPES)).decode("utf-8", "replace")
        asked = urlencode(honest, quote_via=quote)
    else:
        asked = query(draw, urlencode(honest))
    path = draw(st.sampled_from(["/i/oauth2/authorize", "/oauth/authorize", "/oauth/authenticate"]))
    return Sent("GET", f"{path}?{asked}", desk.page("") if draw(st.booleans()) else [])


async def _read(desk: Desk, draw: Draw) -> Sent:
    """Every operation that reads, with any query; cursors among them."""
    name = draw(st.sampled_from(sorted(one for one in ASK if OPERATION[one].method == "GET")))
    honest: Ask = await ASK[name](desk.house)
    asked = query(
        draw, "max_results=10&pagination_token=7140dibdnow9c7btw4e0&tweet.fields=created_at&expansions=author_id"
    )
    return Sent("GET", f"{honest.target.partition('?')[0]}?{asked}", [("authorization", f"Bearer {desk.bearer.token}")])


async def _write(desk: Desk, draw: Draw) -> Sent:
    """Every operation that takes a body, with any."""
    name = draw(st.sampled_from(sorted(one for one in ASK if OPERATION[one].body is not None)))
    honest: Ask = await ASK[name](desk.house)
    body = json.dumps(draw(VALUES)).encode() if draw(st.booleans()) else changed(honest.body, draw(RECIPES))
    kind = header(draw, honest.kind) if draw(st.booleans()) else honest.kind
    return Sent(
        OPERATION[name].method,
        honest.target,
        [("authorization", f"Bearer {desk.bearer.token}"), ("content-type", kind)],
        body,
    )


async def _public(desk: Desk, draw: Draw) -> Sent:
    pages = [
        "/",
        "/login",
        "/signup",
        "/help/errors",
        "/settings/apps",
        f"{desk.portal}/callback-tester",
        "/.well-known/oauth-authorization-server",
    ]
    asked = query(draw, "url=https://app.example/cb&then=/settings&error=x")
    return Sent("GET", f"{draw(st.sampled_from(pages))}?{asked}", desk.page("") if draw(st.booleans()) else [])


HEADERS = {
    "cookie": "session=x; language=nl; other=y",
    "accept-language": "nl-NL,nl;q=0.9,en;q=0.5",
    "origin": ORIGIN,
    "referer": ORIGIN + "/login",
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64)",
    "x-forwarded-for": "203.0.113.9, 10.0.0.1",
    "x-forwarded-proto": "https",
    "forwarded": "for=203.0.113.9;proto=https",
    "sec-fetch-site": "same-origin",
    "sec-purpose": "prefetch",
    "if-none-match": 'W/"x"',
    "range": "bytes=0-1",
    "accept": "text/html;q=0.5, */*",
    "content-length": "0",
    "expect": "100-continue",
    "x-http-method-override": "DELETE",
}


async def _other_headers(desk: Desk, draw: Draw) -> Sent:
    """Headers that say nothing of who is calling; one of them may be there twice."""
    names = draw(st.lists(st.sampled_from(sorted(HEADERS)), min_size=1, max_size=4))
    honest = HEADERS | {"cookie": desk.cookie}
    told = [(name, header(draw, honest[name])) for name in names]
    paths = [
        "/",
        "/settings/sessions",
        desk.portal,
        "/static/volary.css",
        "/2/users/me",
        "/2/oauth2/token",
        "/oauth/authorize",
    ]
    return Sent(
        draw(st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT", "X"])), draw(st.sampled_from(paths)), told
    )


async def _path(desk: Desk, draw: Draw) -> Sent:
    """Any path, by somebody whom both halves of the server know."""
    honest = [
        "/2/users/by/username/ann",
        f"/2/tweets/{desk.app.app.id}",
        f"{desk.portal}/keys",
        "/oauth/authorize",
        "/help/errors",
    ]
    path = "/" + query(draw, draw(st.sampled_from(honest))).replace("?", "").lstrip("/")
    who = [*desk.page(""), ("authorization", f"Bearer {desk.bearer.token}")]
    return Sent(draw(st.sampled_from(["GET", "POST", "DELETE"])), path, who)


SENT: dict[str, Callable[[Desk, Draw], Awaitable[Sent]]] = {
    "an Authorization header": _authorization,
    "a signed request of OAuth 1.0a": _signed_doors,
    "a request of OAuth 2.0": _token_doors,
    "a multipart form": _icon,
    "a form of a page": _page_form,
    "a callback URL to be listed": _listed,
    "an authorization request": _authorize,
    "a query, a cursor": _read,
    "a body in JSON": _write,
    "the query of a page": _public,
    "headers": _other_headers,
    "a path": _path,
}
