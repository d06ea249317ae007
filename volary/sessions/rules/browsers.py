"""One browser, several accounts: the cookie holds a token for each session, the current account's first, with dots between them."""

import re
from collections.abc import Iterable, Mapping
from typing import Protocol

import msgspec

from volary.kit.clock import DAY
from volary.kit.secrets import digest

COOKIE = "session"
MOST_ACCOUNTS = 5
MOST_SESSIONS = 100
"""Live sessions of one account. The next sign-in ends the oldest: whoever signs in all day fills no table and no page."""

IDLE = 30 * DAY
LONGEST = 365 * DAY
"""A session counts while it was seen in the last 30 days, and a year at most (ASVS 7.3)."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Browser(Protocol):
    """The part of a visit that signing in and out needs."""

    @property
    def cookies(self) -> Mapping[str, str]: ...
    def set_cookie(self, name: str, value: str, *, max_age: int | None = None) -> None: ...
    def drop_cookie(self, name: str) -> None: ...
    def renew_browser_key(self) -> None: ...


def held_tokens(cookies: Mapping[str, str]) -> list[str]:
    """The session tokens that a browser holds, the current account's first; whatever is no token is passed over."""
    parts = cookies.get(COOKIE, "").split(".", MOST_ACCOUNTS)[:MOST_ACCOUNTS]
    return list(dict.fromkeys(part for part in parts if _TOKEN.fullmatch(part)))


def keep_tokens(browser: Browser, tokens: Iterable[str]) -> None:
    """Have the browser hold these tokens, the first one's account being the current one, and nothing that was said before (SR-143)."""
    kept = list(tokens)[:MOST_ACCOUNTS]
    if kept:
        browser.set_cookie(COOKIE, ".".join(kept), max_age=LONGEST // 1000)
    else:
        browser.drop_cookie(COOKIE)
    browser.renew_browser_key()


class Opened(msgspec.Struct, frozen=True):
    """A new session: the token that its browser keeps, and the digests of the sessions that stay beside it."""

    session_id: int
    account_id: int
    token: str
    beside: frozenset[bytes] = frozenset()


def enter(browser: Browser, opened: Opened) -> None:
    """Have the browser hold a new session as its current one, beside those of other accounts."""
    others = [token for token in held_tokens(browser.cookies) if digest(token) in opened.beside]
    keep_tokens(browser, [opened.token, *others])
