"""A third-party app, as any developer would write one: requests-oauthlib for OAuth 1.0a, Authlib for OAuth 2.0, nothing of Volary.

    python sample_app.py http://localhost:8000 http://127.0.0.1:8001 < app.json

The two addresses are the platform's and its own; app.json is what `volary app create --json` printed for an App with the callbacks
/callback/1 and /callback/2 at that second address. Without arguments the addresses are `platform` and `address` in the JSON.

It keeps what it is given in memory, shows every call that it makes with the answer, and is meant to be read.
"""

import contextlib
import html
import json
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import requests
from authlib.integrations.requests_client import OAuth2Session
from requests_oauthlib import OAuth1Session

SCOPES = "tweet.read tweet.write users.read offline.access"
TIMEOUT = 15
COOKIE = "sample_app_visitor"


@dataclass(frozen=True)
class Config:
    """Where the platform is, where this app is, and the credentials that the developer portal showed once."""

    platform: str
    address: str
    api_key: str
    api_key_secret: str
    client_id: str
    client_secret: str


@dataclass
class Visitor:
    """One browser: how it is connected, what waits for an answer, and the calls that were made for it."""

    protocol: str = ""
    token: dict[str, Any] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    name: str = ""
    user_id: str = ""
    calls: list[str] = field(default_factory=list)


class SampleApp:
    """The app without its web server: each method is one thing that a visitor can do, and returns where to go next."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.visitors: dict[str, Visitor] = {}

    # --- OAuth 1.0a ---

    def connect_1(self, visitor: Visitor, way: str) -> str:
        """Get a request token, remember its secret, and send the person to the platform."""
        callback = "oob" if way == "pin" else f"{self.config.address}/callback/1"
        session = self._signed(callback_uri=callback)
        token = session.fetch_request_token(f"{self.config.platform}/oauth/request_token", timeout=TIMEOUT)
        visitor.waiting = {"secret": token["oauth_token_secret"], "token": token["oauth_token"]}
        page = "authenticate" if way == "sign-in" else "authorize"
        return str(session.authorization_url(f"{self.config.platform}/oauth/{page}"))

    def finish_1(self, visitor: Visitor, query: dict[str, str]) -> str:
        """The person came back (or typed the PIN): exchange the verifier for an access token."""
        if query.get("denied"):
            return self._home(visitor, "You did not give access.")
        verifier = query.get("oauth_verifier") or query.get("pin", "").strip()
        if query.get("oauth_token", visitor.waiting.get("token")) != visitor.waiting.get("token"):
            return self._home(visitor, "This answer belongs to another browser.")
        session = self._signed(
            resource_owner_key=visitor.waiting.get("token"),
            resource_owner_secret=visitor.waiting.get("secret"),
            verifier=verifier,
        )
        token = session.fetch_access_token(f"{self.config.platform}/oauth/access_token", timeout=TIMEOUT)
        visitor.protocol, visitor.token, visitor.waiting = "OAuth 1.0a", dict(token), {}
        return self.who(visitor)

    # --- OAuth 2.0 ---

    def connect_2(self, visitor: Visitor) -> str:
        """Make a PKCE verifier and a state, remember them, and send the person to the platform."""
        verifier = secrets.token_urlsafe(48)
        url, state = self._client().create_authorization_url(
            f"{self.config.platform}/i/oauth2/authorize", code_verifier=verifier
        )
        visitor.waiting = {"state": state, "verifier": verifier}
        return str(url)

    def finish_2(self, visitor: Visitor, query: dict[str, str]) -> str:
        """The person came back: check the state, exchange the code."""
        if query.get("error"):
            return self._home(visitor, f"You did not give access ({query['error']}).")
        if not visitor.waiting or query.get("state") != visitor.waiting.get("state"):
            return self._home(visitor, "This answer belongs to another browser.")
        token = self._client().fetch_token(
            f"{self.config.platform}/2/oauth2/token",
            code=query.get("code", ""),
            code_verifier=visitor.waiting["verifier"],
            timeout=TIMEOUT,
        )
        visitor.protocol, visitor.token, visitor.waiting = "OAuth 2.0", dict(token), {}
        return self.who(visitor)

    def refresh(self, visitor: Visitor) -> str:
        """Get new tokens with the refresh token."""
        token = self._client(visitor.token).refresh_token(f"{self.config.platform}/2/oauth2/token", timeout=TIMEOUT)
        visitor.token = dict(token)
        return self._home(visitor, "New tokens are here; the old refresh token is dead.")

    # --- acting in the person's name, by either protocol ---

    def who(self, visitor: Visitor) -> str:
        """Whose account is this?"""
        answer = self._call(visitor, "GET", "/2/users/me")
        if answer.ok:
            data = answer.json()["data"]
            visitor.name, visitor.user_id = f"{data['name']} (@{data['username']})", data["id"]
        return "/"

    def post(self, visitor: Visitor, text: str) -> str:
        """Post in the person's name."""
        self._call(visitor, "POST", "/2/tweets", {"text": text})
        return "/"

    def posts(self, visitor: Visitor) -> str:
        """The person's posts."""
        self._call(visitor, "GET", f"/2/users/{visitor.user_id}/tweets?tweet.fields=created_at,source")
        return "/"

    def forget(self, visitor: Visitor) -> str:
        """Disconnect from this side: tell the platform that the token is not needed any more."""
        if visitor.protocol == "OAuth 2.0":
            url = f"{self.config.platform}/2/oauth2/revoke"
            self._client(visitor.token).revoke_token(url, token_type_hint="access_token", timeout=TIMEOUT)
        elif visitor.protocol:
            self._call(visitor, "POST", "/1.1/oauth/invalidate_token.json")
        visitor.protocol, visitor.token, visitor.name = "", {}, ""
        return self._home(visitor, "Disconnected.")

    def _call(self, visitor: Visitor, method: str, path: str, body: dict[str, Any] | None = None) -> requests.Response:
        """Call the API with the visitor's token, and show the call and its answer on the page."""
        url = self.config.platform + path
        if visitor.protocol == "OAuth 2.0":
            bearer = {"Authorization": f"Bearer {visitor.token.get('access_token', '')}"}
            answer = requests.request(method, url, json=body, headers=bearer, timeout=TIMEOUT)
        else:
            session = self._signed(
                resource_owner_key=visitor.token.get("oauth_token"),
                resource_owner_secret=visitor.token.get("oauth_token_secret"),
            )
            answer = session.request(method, url, json=body, timeout=TIMEOUT)
        visitor.calls.insert(0, f"{method} {path}\n{answer.status_code} {_pretty(answer)}")
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            visitor.calls.insert(0, "Cut off: the platform takes this app's token no more.")
        return answer

    def _signed(self, **parts: Any) -> Any:
        return OAuth1Session(self.config.api_key, client_secret=self.config.api_key_secret, **parts)

    def _client(self, token: dict[str, Any] | None = None) -> Any:
        return OAuth2Session(
            self.config.client_id,
            self.config.client_secret,
            scope=SCOPES,
            redirect_uri=f"{self.config.address}/callback/2",
            code_challenge_method="S256",
            token=token,
        )

    @staticmethod
    def _home(visitor: Visitor, line: str) -> str:
        visitor.calls.insert(0, line)
        return "/"


class Handler(BaseHTTPRequestHandler):
    """The web side: a cookie tells visitors apart, GET shows and follows redirects back, POST does things."""

    app: SampleApp

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(place.query).items()}
        finish = {"/callback/1": self.app.finish_1, "/callback/2": self.app.finish_2}.get(place.path)
        if finish is not None:
            self._do(lambda visitor: finish(visitor, query))
        elif place.path == "/":
            key, visitor = self._visitor()
            self._answer(HTTPStatus.OK, _page(self.app.config, visitor), key)
        else:
            self._answer(HTTPStatus.NOT_FOUND, "<p>There is nothing here.</p>", None)

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(min(int(self.headers.get("content-length") or 0), 10_000)).decode()))
        app = self.app
        actions: dict[str, Callable[[Visitor], str]] = {
            "/connect/1": lambda visitor: app.connect_1(visitor, form.get("way", "")),
            "/connect/2": app.connect_2,
            "/pin": lambda visitor: app.finish_1(visitor, form),
            "/post": lambda visitor: app.post(visitor, form.get("text", "")),
            "/posts": app.posts,
            "/who": app.who,
            "/refresh": app.refresh,
            "/forget": app.forget,
        }
        action = actions.get(self.path)
        if action is None:
            self._answer(HTTPStatus.NOT_FOUND, "<p>There is nothing here.</p>", None)
        else:
            self._do(action)

    def _do(self, action: Callable[[Visitor], str]) -> None:
        key, visitor = self._visitor()
        try:
            target = action(visitor)
        except Exception as error:  # noqa: BLE001 - whatever a library says, the person should read it
            visitor.calls.insert(0, f"That did not work. {type(error).__name__}: {error}")
            target = "/"
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("location", target)
        self.send_header("set-cookie", f"{COOKIE}={key}; HttpOnly; SameSite=Lax; Path=/")
        self.send_header("content-length", "0")
        self.end_headers()

    def _visitor(self) -> tuple[str, Visitor]:
        kept = SimpleCookie(self.headers.get("cookie", "")).get(COOKIE)
        key = kept.value if kept and kept.value in self.app.visitors else secrets.token_urlsafe(16)
        return key, self.app.visitors.setdefault(key, Visitor())

    def _answer(self, status: HTTPStatus, body: str, key: str | None) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(data)))
        if key:
            self.send_header("set-cookie", f"{COOKIE}={key}; HttpOnly; SameSite=Lax; Path=/")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's word
        """Say nothing: the page shows what happens."""


def _pretty(answer: requests.Response) -> str:
    try:
        return json.dumps(answer.json(), indent=2, ensure_ascii=False)
    except ValueError:
        return answer.text[:500]


def _button(action: str, label: str, **hidden: str) -> str:
    fields = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in hidden.items())
    return f'<form method="post" action="{action}">{fields}<button>{label}</button></form>'


def _page(config: Config, visitor: Visitor) -> str:
    if visitor.protocol:
        body = (
            f"<p>Connected over {visitor.protocol} as <strong>{html.escape(visitor.name)}</strong>.</p>"
            '<form method="post" action="/post"><label>Post in this name '
            '<input name="text" required maxlength="280" value="Hello from the sample app"></label>'
            "<button>Post</button></form><div class=row>"
            + _button("/who", "Who am I?")
            + _button("/posts", "My posts")
            + (_button("/refresh", "Refresh the tokens") if visitor.protocol == "OAuth 2.0" else "")
            + _button("/forget", "Disconnect")
            + f'</div><p><a href="{html.escape(config.platform)}/settings/apps">Apps and sessions on the platform</a>'
            " is where the person cuts this app off. Press a button here afterwards.</p>"
        )
    else:
        body = (
            "<p>This app would like to read and write posts for you.</p><div class=row>"
            + _button("/connect/1", "Connect to Volary (OAuth 1.0a)")
            + _button("/connect/1", "Sign in with Volary (OAuth 1.0a)", way="sign-in")
            + _button("/connect/2", "Connect to Volary (OAuth 2.0)")
            + "</div><details><summary>Connect with a PIN, as programs without a web page do</summary>"
            # In a tab of its own, so that this page is still there to type the PIN into.
            + _button("/connect/1", "Get a PIN", way="pin").replace("<form", '<form target="_blank"')
            + '<form method="post" action="/pin"><label>PIN <input name="pin" inputmode="numeric"></label>'
            "<button>Use this PIN</button></form></details>"
        )
    calls = "".join(f"<pre>{html.escape(call)}</pre>" for call in visitor.calls[:8])
    return _FRAME.format(body=body, calls=calls or "<p>Nothing yet.</p>")


_FRAME = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Tidy Garden, a sample app</title><style>
:root{{color-scheme:light dark}}body{{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}}
h1{{font-size:1.5rem}}button,input{{font:inherit;padding:.5rem .9rem;margin:.2rem 0;border-radius:.4rem;border:1px solid #8888}}
button{{cursor:pointer;background:#2f6f4f;color:#fff;border-color:#2f6f4f}}.row{{display:flex;gap:.5rem;flex-wrap:wrap}}
pre{{background:#8881;padding:.7rem;border-radius:.4rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}}</style>
<h1>Tidy Garden</h1><p>A sample third-party app. It is a separate program at its own address.</p>
{body}<h2>What the app did</h2>{calls}</html>"""


def main() -> None:
    """Serve until stopped. Credentials come as JSON on standard input, so that no secret stands in a command line."""
    made = json.load(sys.stdin)
    platform, address = sys.argv[1:] or (made["platform"], made["address"])
    credentials = {name: made[name] for name in ("api_key", "api_key_secret", "client_id", "client_secret")}
    config = Config(platform.rstrip("/"), address.rstrip("/"), **credentials)
    place = urlsplit(config.address)
    Handler.app = SampleApp(config)
    try:
        server = ThreadingHTTPServer((place.hostname or "127.0.0.1", place.port or 80), Handler)
    except OSError as error:
        sys.exit(f"The sample app cannot listen at {config.address}: {error.strerror}")
    sys.stdout.write(f"The sample app answers at {config.address}. Press Ctrl+C to stop it.\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
