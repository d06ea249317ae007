"""Which callback URLs an App may list (C217 to C225, X facts 8.4), and why another one is refused.

They are compared byte for byte (RFC 9700 §4.1.3), so these rules run when a URL is saved and never when it is used.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from volary.developers.errors import BadAddress, TooManyCallbacks
from volary.developers.rules.addresses import (
    Fault,
    authority_of,
    fault_in_text,
    fault_in_web_address,
    reads_one_way,
    scheme_of,
)
from volary.language import mark as _

MOST_CALLBACKS = 10
"""How many callback URLs an App may have, for both protocols together (C219, contradiction 19)."""

DISALLOWED_PROTOCOLS = (
    "vbscript", "javascript", "vbs", "data", "mocha", "keyword", "livescript", "ftp", "file", "gopher", "acrobat", "callto",
    "daap", "itpc", "itms", "firefoxurl", "hcp", "ldap", "mailto", "mmst", "mmsu", "msbd", "rtsp", "mso-offdap", "snews", "news",
    "nntp", "outlook", "stssync", "rlogin", "telnet", "tn3270", "shell", "sip",
)  # fmt: skip
"""The 34 protocols that are not allowed, in the order in which they are published (C225); compared without case."""

BROWSER_PROTOCOLS = frozenset(
    {
        "about", "android-app", "blob", "chrome", "chrome-extension", "chrome-search", "chrome-untrusted", "content", "devtools",
        "edge", "filesystem", "intent", "jar", "moz-extension", "ms-browser-extension", "resource", "safari-web-extension",
        "view-source",
    }
)  # fmt: skip
"""Protocols by which a browser shows what is its own or another app's: no app can receive a callback there (contradiction 20)."""

_WEB = {"http", "https"}
_LOOPBACK = {"127.0.0.1", "[::1]"}


def check_callbacks(urls: Sequence[str]) -> tuple[str, ...]:
    """The list as it will be kept. Raises TooManyCallbacks, or BadAddress for the first URL that breaks a rule."""
    if len(urls) > MOST_CALLBACKS:
        raise TooManyCallbacks(MOST_CALLBACKS)
    for place, url in enumerate(urls):
        fault = fault_of(url)
        if fault is None and url in urls[:place]:
            fault = Fault(_("This callback URL stands in the list twice."))
        if fault is not None:
            raise BadAddress("callbacks", _shown(url), fault.message, fault.parameters)
    return tuple(urls)


def fault_of(url: str) -> Fault | None:
    """The first rule that a callback URL breaks, as a plain sentence; None for one that may be listed."""
    scheme = scheme_of(url)
    return (
        (None if scheme is None else _fault_in_scheme(scheme.lower(), url))
        or fault_in_text(url)
        or _fault_in_form(scheme, url)
        or _fault_in_target(url)
    )


def warning_of(url: str) -> str | None:
    """What to tell the developer about a URL that is allowed but weak; None for nothing."""
    if url.startswith("http://") and _host(url) not in _LOOPBACK:
        return _("Without https, codes sent to this callback URL can be read on the way. Use it for testing only.")
    return None


def _fault_in_scheme(scheme: str, url: str) -> Fault | None:
    if scheme in DISALLOWED_PROTOCOLS:
        return Fault(_("The protocol %(protocol)s is not allowed in callback URLs."), {"protocol": scheme})
    if scheme in BROWSER_PROTOCOLS:
        return Fault(
            _("The protocol %(protocol)s belongs to the browser itself: no app can receive a callback there."),
            {"protocol": scheme},
        )
    if _is_localhost(scheme) or _is_localhost(_host(url)):
        return Fault(
            _("localhost is not allowed as a callback URL. Use 127.0.0.1 instead, such as %(instead)s"), _instead(url)
        )
    return None


def _fault_in_form(scheme: str | None, url: str) -> Fault | None:
    if scheme is None:
        return Fault(_("A callback URL must be complete: it begins with a protocol, such as https://."))
    if scheme != scheme.lower():
        return Fault(_("Write the protocol of a callback URL in small letters."))
    if "*" in url:
        return Fault(_("Callback URLs are compared exactly: a placeholder (*) is not possible."))
    if "#" in url:
        return Fault(_("A callback URL cannot have a fragment (the part after a # sign)."))
    if "@" in authority_of(url):
        return Fault(_("A URL with a user name or password in it (before an @ sign) is not allowed."))
    if url.endswith("?"):
        return Fault(
            _("This URL ends with a question mark, and programs disagree about what that means. Please remove it.")
        )
    return None


def _fault_in_target(url: str) -> Fault | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return Fault(_("The host or port of this URL is not valid."))
    if parts.scheme in _WEB:
        fault = fault_in_web_address(url)
    elif not parts.netloc and not parts.path.startswith("/"):
        fault = Fault(_("A custom protocol needs a domain or a path after it, such as myapp://callback/path."))
    else:
        fault = None
    if fault is None and not reads_one_way(url, parts):
        fault = Fault(_("Programs could read this URL in different ways. Please write it in its usual form."))
    return fault


def _host(url: str) -> str:
    """The host as it is written, in small letters, without user name and port."""
    host = authority_of(url).rpartition("@")[2].lower()
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def _is_localhost(host: str) -> bool:
    bare = host.lower().rstrip(".")
    return bare == "localhost" or bare.endswith(".localhost")


def _instead(url: str) -> dict[str, str | int]:
    """The same URL on 127.0.0.1, to be copied."""
    authority = authority_of(url).rpartition("@")[2]
    if not authority:
        return {"instead": "http://127.0.0.1:" + url.partition(":")[2]}
    _name, colon, port = authority.partition(":")
    return {"instead": _shown(url.replace(authority_of(url), "127.0.0.1" + colon + port, 1))}


def _shown(url: str) -> str:
    """A URL in a message: not without end, and nothing in it that cannot be seen."""
    visible = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in url)
    return visible if len(visible) <= 120 else visible[:119] + "…"
