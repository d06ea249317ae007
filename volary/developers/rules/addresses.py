"""Which URLs can be read in one way only: the grammar that callback URLs and links share.

Two programs that read a URL differently are how a redirect ends somewhere else than it was allowed to (SR-028, SR-030). So a URL is
kept as it was written, and is refused unless every reader sees the same parts in it.
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

import msgspec

from volary.language import mark as _

LONGEST = 2000
"""The longest URL in characters; browsers and proxies begin to cut above that."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
_NEVER = frozenset('"<>\\^`{|}')


class Fault(msgspec.Struct, frozen=True):
    """Why a URL is refused: an English sentence for the catalogues, with its parameters."""

    message: str
    parameters: dict[str, str | int] = {}


def fault_in_text(url: str) -> Fault | None:
    """What is wrong with the characters of a URL, before anything is parsed; None when nothing is."""
    if not url:
        return Fault(_("A URL cannot be empty."))
    if len(url) > LONGEST:
        return Fault(_("This URL is too long: at most %(limit)s characters are possible."), {"limit": LONGEST})
    if any(ord(character) <= 0x20 or ord(character) == 0x7F for character in url):
        return Fault(_("A URL cannot hold spaces, tabs, line breaks or control characters."))
    if not url.isascii():
        if not authority_of(url).isascii():
            return Fault(_("Write a host name with other than plain letters in its xn-- form (punycode)."))
        return Fault(_("Letters other than a to z must be percent-encoded in a URL."))
    bad = next((character for character in url if character in _NEVER), None)
    if bad is not None:
        return Fault(_("The character %(character)s must be percent-encoded in a URL."), {"character": bad})
    if _BAD_PERCENT.search(url):
        return Fault(_("Each percent sign in a URL must be followed by two hexadecimal digits."))
    return None


def scheme_of(url: str) -> str | None:
    """The scheme as it is written, or None for a relative URL."""
    found = _SCHEME.match(url)
    return found[1] if found else None


def authority_of(url: str) -> str:
    """What stands between `//` and the next `/`, `?` or `#`, as it is written."""
    head, slashes, rest = url.partition("//")
    return re.split(r"[/?#]", rest, maxsplit=1)[0] if slashes and head.endswith(":") and "/" not in head else ""


def fault_in_web_address(url: str) -> Fault | None:
    """What is wrong with the host and port of an http(s) URL whose characters are in order; None when nothing is."""
    authority = authority_of(url)
    if "@" in authority:
        return Fault(_("A URL with a user name or password in it (before an @ sign) is not allowed."))
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return Fault(_("The host or port of this URL is not valid."))
    if not host:
        return Fault(_("This URL names no host."))
    written = authority.rpartition(":")[2] if not authority.endswith("]") and ":" in authority else None
    if not _is_host(host) or (written is not None and (not port or str(port) != written)):
        return Fault(_("The host or port of this URL is not valid."))
    return None


def reads_one_way(url: str, parts: SplitResult) -> bool:
    """Whether putting the parts together again gives the very same text. An empty authority (`app:///path`) may be left out."""
    return parts.geturl() in {url, url.replace(":///", ":/", 1)}


def _is_host(host: str) -> bool:
    """A DNS name, an IPv4 address in its usual form, or an IPv6 address. Browsers read `2130706433` and `0x7f.1` as addresses."""
    if "%" in host:
        return False
    if ":" in host:
        return _is_address(host, ipaddress.IPv6Address)
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _is_address(host, ipaddress.IPv4Address)
    return len(host) <= 253 and all(_LABEL.fullmatch(label) for label in labels)


def _is_address(host: str, kind: type[ipaddress.IPv4Address | ipaddress.IPv6Address]) -> bool:
    try:
        kind(host)
    except ValueError:
        return False
    return True
