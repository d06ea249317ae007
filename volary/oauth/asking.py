"""What passes between a protocol, the pending store and the consent page: what is asked, and what became of it.

A protocol's `authorize` module has two functions of these types. `begin` checks what the browser brought, in order: a request that may
be shown is a `Request`; one that goes back to the app with an error is a `Redirect`; one whose way back cannot be trusted raises
PageRefusal. `finish` is part of the action in which the person decides: it grants or declines, and says where the browser goes next.
"""

from typing import Protocol

import msgspec

from volary.db import Reader, Tx
from volary.kit.errors import Refusal
from volary.settings import Settings


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A validated authorization request. Nothing in it is read from the browser again."""

    protocol: str
    """`models.OAUTH1` or `models.OAUTH2`."""
    app_id: int
    target: str
    """Where the answer goes: a URL of the App's allowlist, or `oob` for a PIN."""
    scopes: tuple[str, ...] = ()
    """What OAuth 2.0 asks for, in the order of the request."""
    optional: frozenset[str] = frozenset()
    """Those of them that the app can do without: the person may untick them (decision 0055)."""
    level: str = ""
    """What OAuth 1.0a asks for: the wire value of a level."""
    email: bool = False
    """Whether the email address is asked for as well, by either protocol."""
    sign_in: bool = False
    """Whether this is "Sign in with…", which needs no page when nothing new is asked (OAuth 1.0a's `authenticate`)."""
    force_login: bool = False
    """Whether the person must prove again who they are."""
    screen_name: str = ""
    """The username to fill in when nobody is signed in."""
    here: str = ""
    """The local path that asked, with its query: a sign-in on another page comes back to it and begins anew. The page fills it in."""
    extra: dict[str, str] = {}
    """What only the protocol itself needs at the end (state, challenge, request token)."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What the person made of a request besides agreeing: less than was asked for, for a time, and in which browser they said so."""

    left_out: frozenset[str] = frozenset()
    """Scopes that the app called optional and the person unticked."""
    read_only: bool = False
    lasting: int | None = None
    """For how long, in milliseconds: 0 until the person revokes it; None where nobody was asked."""
    device: str = ""
    """The browser and its system, by the names that their makers give them."""


AS_ASKED = Choice()


class Redirect(msgspec.Struct, frozen=True):
    """The way back to this URL, which stands on the App's allowlist or leads there, with the refusal that it carries."""

    app_id: int
    url: str
    refusal: Refusal


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a decision: a URL to go to, a PIN to show, or a page that says that no access was given."""

    url: str = ""
    """Go there with 303: the app's callback, with its answer."""
    pin: str = ""
    """Show this PIN; there is no way back (OAuth 1.0a with `oob`)."""
    denied: bool = False
    """Show that no access was given (OAuth 1.0a, X facts 1.4; OAuth 2.0 tells the app by `url`)."""
    back: str = ""
    """The link to the app on that page; empty where there is none (`oob`)."""


class Begin(Protocol):
    """Check a request. `path` tells a protocol's doors apart; `query` is the raw query string. Raises PageRefusal."""

    async def __call__(self, reader: Reader, settings: Settings, path: str, query: bytes) -> Request | Redirect: ...


class Finish(Protocol):
    """Carry out a decision on a request that `pending.take` gave in the same action. `account_id` may be None only on refusal.

    Raises PageRefusal when the App may not ask any more.
    """

    async def __call__(
        self,
        tx: Tx,
        request: Request,
        account_id: int | None,
        *,
        approved: bool,
        address: str,
        choice: Choice = AS_ASKED,
    ) -> Outcome: ...
