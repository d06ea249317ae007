"""Proof that a form was filled in on a page of ours: a token in the form, and where the browser says that the request comes from.

The token is an HMAC over the session (or, when nobody is signed in, over a random cookie), so a token of another session, of another
person or from before the sign-in is worth nothing (SR-122, SR-136). Each page shows it under a fresh mask, so that its bytes differ from
page to page and cannot be guessed from the size of compressed answers (BREACH).
"""

import base64
import binascii
import os
from collections.abc import Mapping, Sequence

from volary.kit.secrets import Keyring, same

FIELD = "csrf"
_SIZE = 32


def token_for(keys: Keyring, binding: str) -> str:
    """A masked token for what the form is bound to."""
    mask = os.urandom(_SIZE)
    return base64.urlsafe_b64encode(mask + _mixed(mask, keys.mac("csrf", binding))).rstrip(b"=").decode()


def holds(token: str, keys: Keyring, binding: str) -> bool:
    """Whether a token was made for this binding, with a key that the installation has now; compared in constant time."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return False
    if len(raw) != 2 * _SIZE:
        return False
    told = _mixed(raw[:_SIZE], raw[_SIZE:])
    return any(same(told, key.mac("csrf", binding)) for key in keys.each)


def same_site(headers: Mapping[str, str], origins: Sequence[str]) -> bool:
    """Whether the browser's own account of where the request comes from allows it.

    Sec-Fetch-Site is believed first: browsers send it on https and on this machine, and no page can change it. Without it, Origin has
    to be one of ours. `null` is what a browser writes under our own `Referrer-Policy: no-referrer`, and neither header is sent by
    programs and very old browsers: there the token alone decides.
    """
    fetch_site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    if fetch_site is not None and fetch_site not in {"same-origin", "none"}:
        return False
    return origin in (None, "null") or origin in origins


def _mixed(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
