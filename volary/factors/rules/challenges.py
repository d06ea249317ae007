"""The challenges that passkeys answer (WebAuthn §13.4.3): made without writing anything down, since showing a page changes nothing.

A challenge says until when it holds and is signed for one purpose and one browser. Which ones were answered is written down.
"""

import base64
import binascii

from volary.kit.clock import MINUTE
from volary.kit.secrets import Keyring, mint, same

HOLDS = 15 * MINUTE
SIGN_IN, STEP, ADD = "sign in", "second step", "add"

_MARK = "passkey challenge"
_TIME, _RANDOM = 8, 32


def new_challenge(keys: Keyring, purpose: str, bound_to: str, now: int) -> bytes:
    """A challenge for one purpose, in the browser that `bound_to` stands for."""
    body = (now + HOLDS).to_bytes(_TIME) + _decoded(mint())
    return body + _signed(keys, purpose, bound_to, body)


def holds_until(keys: Keyring, purpose: str, bound_to: str, challenge: bytes, now: int) -> int | None:
    """Until when a challenge of ours holds; None for one that is not ours, not for this, or too old."""
    body, mark = challenge[: _TIME + _RANDOM], challenge[_TIME + _RANDOM :]
    if not any(same(mark, _signed(key, purpose, bound_to, body)) for key in keys.each):
        return None
    until = int.from_bytes(body[:_TIME])
    return until if now < until else None


def _signed(keys: Keyring, purpose: str, bound_to: str, body: bytes) -> bytes:
    return keys.mac(_MARK, purpose, bound_to, body.hex())


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def from_wire(text: str) -> bytes:
    """Base64url as browsers send it; empty for what is none."""
    try:
        return _decoded(text)
    except (binascii.Error, ValueError):
        return b""
