"""Who is calling and under which of our names: the client's address behind trusted proxies, and the Host check.

Pure functions over header texts, used by the rings of pages and of the API alike. Nothing that a client can write is believed unless a
proxy that the operator named passed it on, and no URL is ever built from Host (SR-297).
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from volary.kit.urls import origin_of

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_HOST = re.compile(r"[A-Za-z0-9._-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")


def networks(names: Iterable[str]) -> tuple[Network, ...]:
    """Networks from their names, such as `10.0.0.0/8` or `::1`. Raises ValueError for one that is none."""
    return tuple(ipaddress.ip_network(name.strip(), strict=False) for name in names)


def client_address(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """The address of the client: the peer, or what trusted proxies say about it in X-Forwarded-For.

    `forwarded` are the header's lines in their order. Proxies append, so the list is read from the right, past every address that
    lies in a trusted network: the first one that does not is the client. Whatever stands further left was written by the client
    itself. An entry that is no address ends the search: the proxy that passed it on is then the best that is known.
    """
    known = _parsed(peer)
    if known is None:
        return peer
    hops = [hop for line in forwarded for hop in line.split(",")]
    while hops and _lies_in(known, trusted):
        hop = _parsed(hops.pop())
        if hop is None:
            break
        known = hop
    return str(known)


def is_trusted(peer: str, trusted: Sequence[Network]) -> bool:
    """Whether a peer lies in one of the trusted networks: what it says about the client is believed."""
    known = _parsed(peer)
    return known is not None and _lies_in(known, trusted)


def matching_origin(host: str | None, origins: Sequence[str]) -> str | None:
    """The first of our origins that a Host header names, or None: then the request is not for this server (421)."""
    if host is None or not _HOST.fullmatch(host):
        return None
    for origin in origins:
        scheme = origin.partition("://")[0]
        try:
            if origin_of(f"{scheme}://{host}") == origin:
                return origin
        except ValueError:
            return None
    return None


def is_loopback(url: str) -> bool:
    """Whether a URL leads to the computer that reads it: 127.0.0.0/8, ::1, or a name under localhost (RFC 6761)."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _parsed(f"[{host}]" if ":" in host else host)
    return address is not None and address.is_loopback


def _lies_in(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)


def _parsed(text: str) -> Address | None:
    """An address, with or without a port and brackets; an IPv4 address inside IPv6 as IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
