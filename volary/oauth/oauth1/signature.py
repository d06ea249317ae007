"""The arithmetic of a signature: base string, key, HMAC, comparison (RFC 5849 §3.4). Pure, and on the path of every signed call."""

import binascii
import hashlib
import hmac
from functools import lru_cache

from volary.kit.urls import origin_of
from volary.oauth.oauth1.parameters import quoted

METHODS = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}
"""The signature methods that are taken, by their exact names. PLAINTEXT and RSA-SHA1 are not (SR-052)."""

_BLOCK = 64
"""The bytes that both hashes take in at a time."""
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


def base_origin(public_url: str) -> bytes:
    """The encoded start of a base string URI: scheme and host in small letters, no default port, then the URL's own path, if any.

    It comes from the settings and never from a request header (RFC 5849 §3.4.1.2, SR-045). Worked out once for each public URL.
    """
    origin = origin_of(public_url)
    _, _, after = public_url.partition("://")
    _, slash, prefix = after.partition("/")
    return quoted((origin + (slash + prefix).rstrip("/")).encode())


def base_string(method: str, origin: bytes, path: bytes, normalized: bytes) -> bytes:
    """The text that is signed. `origin` is from `base_origin`; `path` is the path's raw bytes as the client sent them (§3.4.1.1)."""
    # Encoding what is encoded already touches these three characters alone.
    parameters = normalized.replace(b"%", b"%25").replace(b"&", b"%26").replace(b"=", b"%3D")
    return b"%b&%b%b&%b" % (quoted(method.upper().encode()), origin, quoted(path or b"/"), parameters)


def signing_key(consumer_secret: str, token_secret: str) -> bytes:
    """The HMAC key: both secrets, encoded, around an ampersand that stands there even when a secret is empty (§3.4.2)."""
    return quoted(consumer_secret.encode()) + b"&" + quoted(token_secret.encode())


def signed(method: str, key: bytes, base: bytes) -> bytes:
    """The signature in base64. `method` is a name in METHODS."""
    begun, around = _begun(method, key)
    inner, outer = begun.copy(), around.copy()
    inner.update(base)
    outer.update(inner.digest())
    return binascii.b2a_base64(outer.digest(), newline=False)


@lru_cache(maxsize=10_000)
def _begun(method: str, key: bytes) -> tuple["hashlib._Hash", "hashlib._Hash"]:
    """The two hashes of an HMAC (RFC 2104 §2), fed with the key: what all signatures with it have in common is worked out once, which
    takes half the time.
    """
    make = METHODS[method]
    padded = (key if len(key) <= _BLOCK else make(key).digest()).ljust(_BLOCK, b"\0")
    return make(padded.translate(_INNER)), make(padded.translate(_OUTER))


def matches(method: str, key: bytes, base: bytes, signature: bytes) -> bool:
    """Whether a signature is the right one, compared in constant time and in its text form, so that only one spelling passes."""
    return hmac.compare_digest(signed(method, key, base), signature)
