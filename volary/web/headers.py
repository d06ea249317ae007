"""The headers that every page carries (SR-128, SR-141, SR-298; ASVS 3.4)."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from volary.kit.urls import origin_of

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_YEAR = 31_536_000

FIXED = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "vary": "Cookie, Accept-Language",
}
HSTS = f"max-age={_YEAR}"


def form_target(url: str) -> str:
    """How a Content-Security-Policy names the place that a URL leads to: its origin, or its scheme when that is an app's own.

    An IPv6 address has no name in a policy (CSP 3 §2.3.1), and browsers pass over what they cannot read: its scheme is named alone.

    Raises ValueError when there is no scheme.
    """
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    if scheme in {"http", "https"} and ":" not in (parts.hostname or ""):
        return origin_of(url)
    if not _SCHEME.fullmatch(scheme):
        raise ValueError("a form's target needs a scheme")
    return f"{scheme}:"


def content_policy(form_targets: Iterable[str] = ()) -> str:
    """The policy of one page. Chromium holds redirects after a form's POST to `form-action` too (SR-129): a page whose form ends at an
    app's callback names it.
    """
    targets = " ".join(("'self'", *dict.fromkeys(form_targets)))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        f"form-action {targets}; frame-ancestors 'none'; base-uri 'none'"
    )
