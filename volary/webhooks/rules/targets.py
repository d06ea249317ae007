"""Where this server may be sent to by an address that somebody typed (SR-229, SR-231, SR-233).

An address is public unless a registry of IANA says otherwise (RFC 6890 and its successors); one that wraps another, as NAT64 and 6to4 do,
is as good as what it wraps, and none of those is needed to reach a receiver.
"""

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_LONGEST = 500
_LONGEST_LABEL = 63
_NEVER: tuple[Network, ...] = tuple(
    map(
        ipaddress.ip_network,
        (
            *(
                "0.0.0.0/8",
                "10.0.0.0/8",
                "100.64.0.0/10",
                "127.0.0.0/8",
                "169.254.0.0/16",
                "172.16.0.0/12",
                "192.0.0.0/24",
            ),
            *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
            *("224.0.0.0/4", "240.0.0.0/4"),
            *(
                "::/8",
                "64:ff9b::/96",
                "64:ff9b:1::/48",
                "100::/64",
                "2001::/23",
                "2001:db8::/32",
                "2002::/16",
                "3fff::/20",
            ),
            *("5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
        ),
    )
)


class BadTarget(Exception):
    """An address that a webhook may not lead to; the text says why."""


class Target(msgspec.Struct, frozen=True):
    """An address, taken apart once, so that what was checked is what is called."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """The host as the Host header names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"https": 443, "http": 80}[self.scheme] else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """The parts of an address. Raises BadTarget for what is no plain http or https address, or carries a name and password."""
    if len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise BadTarget("must be an address of printable ASCII characters, 500 at most")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadTarget("is no address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadTarget("must begin with https:// and name a host")
    if "@" in parts.netloc or parts.fragment:
        raise BadTarget("must hold no user name and no number sign")
    host = parts.hostname.rstrip(".")
    # A resolver would not even be asked for anything else (RFC 1035 §2.3.4).
    if not all(1 <= len(label) <= _LONGEST_LABEL for label in host.split(".")):
        raise BadTarget("must begin with https:// and name a host")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or {"https": 443, "http": 80}[parts.scheme], path)


def checked_addresses(target: Target, found: Sequence[str], own: Sequence[Network]) -> list[str]:
    """The addresses that a host's name stands for, if each of them may be called. Raises BadTarget.

    `own` are networks that the operator named: any port there, with or without TLS. Everywhere else it is https on its own port. One
    address too many is enough to refuse: whoever mixes them wants the server to pick the wrong one.
    """
    addresses = [_unwrapped(one) for one in found]
    if not addresses:
        raise BadTarget(f"{target.host} has no address")
    for address in addresses:
        if any(address in network for network in own if network.version == address.version):
            continue
        if not is_public(address):
            raise BadTarget(f"{target.host} is not a public address")
        if target.scheme != "https" or target.port != 443:
            raise BadTarget("must begin with https:// and name no port")
    return [str(address) for address in dict.fromkeys(addresses)]


def is_public(address: Address) -> bool:
    """Whether an address is reached over the public internet, and is one receiver's."""
    return address.is_global and not any(address in network for network in _NEVER if network.version == address.version)


def _unwrapped(text: str) -> Address:
    address = ipaddress.ip_address(text.partition("%")[0])
    return address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address
