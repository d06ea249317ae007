"""A third-party app as its developer runs it: Authlib for OAuth 2.0, requests-oauthlib for OAuth 1.0a.

It knows its credentials, the platform's address and its own, and keeps each person's connection apart.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from authlib.integrations.requests_client import OAuth2Session
from requests_oauthlib import OAuth1Session

TIMEOUT = 30
SCOPE = "tweet.read tweet.write users.read offline.access"


class Connection:
    """What an app can do with one person's token, by either protocol."""

    def __init__(self, base: str, session: Any) -> None:
        self.base = base
        self.session = session

    def me(self) -> requests.Response:
        answer: requests.Response = self.session.get(f"{self.base}/2/users/me", timeout=TIMEOUT)
        return answer

    @property
    def username(self) -> str:
        """Whose account it is."""
        answer = self.me()
        assert answer.status_code == 200, answer.text
        return str(answer.json()["data"]["username"])

    def post(self, text: str) -> requests.Response:
        answer: requests.Response = self.session.post(f"{self.base}/2/tweets", json={"text": text}, timeout=TIMEOUT)
        return answer

    def verified(self) -> requests.Response:
        url = f"{self.base}/1.1/account/verify_credentials.json"
        answer: requests.Response = self.session.get(url, timeout=TIMEOUT)
        return answer

    def refresh(self) -> None:
        """Trade the refresh token for new ones. Raises what Authlib raises when it is refused."""
        self.session.refresh_token(f"{self.base}/2/oauth2/token")


class App:
    """The app. One walk through the pages may wait for its answer at a time, by each protocol."""

    def __init__(self, base: str, callback: str, name: str, keys: Mapping[str, str | None]) -> None:
        self.base = base
        self.name = name
        self.callback = callback
        self.keys = dict(keys)
        self._waiting: Any = None
        self._waiting1: Any = None
        self._verifier = "v" * 64
        self.state = ""

    # --- OAuth 2.0 ---

    def asking(self, scope: str = SCOPE, path: str = "/i/oauth2/authorize", **more: str) -> str:
        """Where it sends a browser."""
        self._waiting = self._client(scope)
        url, self.state = self._waiting.create_authorization_url(self.base + path, code_verifier=self._verifier, **more)
        return str(url)

    def connected(self, landed: str) -> Connection:
        """What it makes of the address with which a browser came back. Raises what Authlib raises."""
        self._waiting.fetch_token(
            f"{self.base}/2/oauth2/token",
            authorization_response=landed,
            code_verifier=self._verifier,
            state=self.state,
            timeout=TIMEOUT,
        )
        return Connection(self.base, self._waiting)

    def _client(self, scope: str) -> Any:
        way = "client_secret_basic" if self.keys["client_secret"] else "none"
        return OAuth2Session(
            self.keys["client_id"],
            self.keys["client_secret"],
            token_endpoint_auth_method=way,
            scope=scope,
            redirect_uri=self.callback,
            code_challenge_method="S256",
        )

    # --- OAuth 1.0a ---

    def asking1(self, page: str = "authorize", callback: str = "", **more: str) -> str:
        """Where it sends a browser, after the first leg."""
        self._waiting1 = self.signing(callback_uri=callback or self.callback)
        self._waiting1.fetch_request_token(f"{self.base}/oauth/request_token", timeout=TIMEOUT)
        return str(self._waiting1.authorization_url(f"{self.base}/oauth/{page}", **more))

    def connected1(self, landed: str = "", pin: str = "") -> Connection:
        """What it makes of the address with which a browser came back, or of a PIN. Raises TokenRequestDenied."""
        if landed:
            self._waiting1.parse_authorization_response(landed)
        self._waiting1.fetch_access_token(f"{self.base}/oauth/access_token", verifier=pin or None, timeout=TIMEOUT)
        return Connection(self.base, self._waiting1)

    def signing(self, **options: Any) -> Any:
        """A session that signs with the app's own key and secret."""
        return OAuth1Session(self.keys["api_key"], client_secret=self.keys["api_key_secret"], **options)


def answer_in(landed: str) -> dict[str, str]:
    """The parameters with which a browser came back."""
    return dict(parse_qsl(urlsplit(landed).query, keep_blank_values=True))
