"""Where the person will be sent after the decision, in words: the one thing about the way back that a person can judge (B6, SR-133)."""

import ipaddress
from urllib.parse import urlsplit

import msgspec

from volary.language import mark as _

OUT_OF_BAND = "oob"
"""The target of a request that ends with a PIN."""

_SENT = _("Afterwards you will be sent to %(place)s.")
_COMPUTER_APP = _("Afterwards you will be sent back to the app on this computer (%(place)s).")
_DEVICE_APP = _("Afterwards an app on this device will open (%(place)s).")
_PIN = _("Afterwards you will see a PIN to type into the app.")


class Destination(msgspec.Struct, frozen=True):
    """A sentence with a place for what is named in it."""

    sentence: str
    place: str = ""


def destination(target: str) -> Destination:
    """Say where a URL of an App's allowlist, or `oob`, leads to. Hosts are shown as they go over the wire, so `xn--` stays visible."""
    if target == OUT_OF_BAND:
        return Destination(_PIN)
    parts = urlsplit(target)
    if parts.scheme.lower() not in {"http", "https"}:
        return Destination(_DEVICE_APP, f"{parts.scheme.lower()}:")
    return Destination(_COMPUTER_APP if _loopback(parts.hostname or "") else _SENT, parts.netloc.lower())


def host_of(url: str) -> str:
    """The host of an App's website as people read it, without `www.`; empty when there is none."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
