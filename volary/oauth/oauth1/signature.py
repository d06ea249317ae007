"""The arithmetic of a signature: base string, key, HMAC, comparison (RFC 5849 §3.4). Pure, and on the path of every signed call."""

import binascii
import hmac

from volary.kit.urls import origin_of
from volary.oauth.oauth1.parameters import quoted

METHODS = {"HMAC-SHA1": "sha1", "HMAC-SHA256": "sha256"}
"""The signature methods that are taken, by their exact names. PLAINTEXT and RSA-SHA1 are not (SR-052)."""


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
    return binascii.b2a_base64(hmac.digest(key, base, METHODS[method]), newline=False)


def matches(method: str, key: bytes, base: bytes, signature: bytes) -> bool:
    """Whether a signature is the right one, compared in constant time and in its text form, so that only one spelling passes."""
    return hmac.compare_digest(signed(method, key, base), signature)
