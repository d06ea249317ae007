"""A sentence for the next page, such as “The app was disconnected.”, carried by a cookie that lives until it is shown.

It is authenticated, and bound to the session or browser that it was written for: nobody can have us say something.
"""

import base64
import binascii

import msgspec

from volary.kit.secrets import Keyring, same

COOKIE = "notice"
_PURPOSE = "notice"
_SIZE = 32

Told = tuple[str, dict[str, str | int]]
_DECODER = msgspec.json.Decoder(Told)


def sealed(keys: Keyring, binding: str, sentence: str, parameters: dict[str, str | int]) -> str:
    """The cookie's value for a catalogue sentence and what fills its places."""
    told = msgspec.json.encode((sentence, parameters))
    return base64.urlsafe_b64encode(_mark(keys, binding, told) + told).rstrip(b"=").decode()


def opened(keys: Keyring, binding: str, value: str) -> Told | None:
    """What the cookie says, or None when it was not written by us for this visitor."""
    try:
        raw = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if not any(same(raw[:_SIZE], _mark(key, binding, raw[_SIZE:])) for key in keys.each):
        return None
    told: Told = _DECODER.decode(raw[_SIZE:])
    return told


def _mark(keys: Keyring, binding: str, told: bytes) -> bytes:
    return keys.mac(_PURPOSE, binding, told.decode("utf-8", "replace"))
