"""How an App's credentials look, and how the app-only bearer token is derived (X facts 1.5, 2.5, 3)."""

import base64
from urllib.parse import quote

from volary.kit.clock import DAY, HOUR
from volary.kit.secrets import Keyring, mint_alphanumeric

SECRET_PURPOSE = "api key secret"
"""The purpose under which the secret of an API key is sealed: `keys.unseal(SECRET_PURPOSE, row.secret)`."""

OVERLAPS = {"now": 0, "hour": HOUR, "day": DAY, "week": 7 * DAY, "month": 30 * DAY}
"""How long a credential may live on after a new one took its place, by the names of the form and of the command line."""

_HINT = 4
_BEARER_HEAD = "A" * 21
_BEARER_PURPOSE = "app-only bearer token"


def new_api_key() -> tuple[str, str]:
    """An API key (consumer key) and its secret, as long as X's."""
    return mint_alphanumeric(25), mint_alphanumeric(50)


def new_client_id() -> str:
    """An OAuth 2.0 client id in X's form: base64url of `<20 random characters>:1:ci`."""
    return base64.urlsafe_b64encode(f"{mint_alphanumeric(20)}:1:ci".encode()).rstrip(b"=").decode()


def new_client_secret() -> str:
    """An OAuth 2.0 client secret."""
    return mint_alphanumeric(50)


def bearer_token(keys: Keyring, app_id: int, generation: int) -> str:
    """The app-only bearer token of an App's generation, the same at every call (X facts 3: one live token, given again).

    Its form is X's: a long run of A, and percent-escapes that belong to the token itself, so that what cannot handle X's tokens
    fails here too. It carries 256 bits that only the installation's key can make.
    """
    made = keys.mac(_BEARER_PURPOSE, str(app_id), str(generation))
    return _BEARER_HEAD + quote(base64.b64encode(made[:20]).decode(), safe="") + _url_text(made[20:])


def hint_of(credential: str) -> str:
    """The last characters: enough to tell one's own credentials apart, no use to anybody else (C186)."""
    return credential[-_HINT:]


def _url_text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
