"""What every request must be before a door is looked for: of a bearable size, for one of our names, over https where we have it.

Nothing here depends on who is calling. A request that does not pass is answered at once, with as little work as can be.
"""

from collections.abc import Sequence

import msgspec

from volary.api.answer import Answer
from volary.kit.hosts import client_address, is_trusted, matching_origin, networks
from volary.settings import Settings

LONGEST_URL = 16 * 1024
"""Bytes of path and query. A hundred ids, or a post in a query string, need less than 4 KB."""
MOST_HEADERS, LONGEST_HEADERS = 100, 32 * 1024
"""Header lines, and their bytes together (SR-254)."""
_MOST_HOSTS = 64
"""Spellings of our own hosts that are remembered: there is no end to them (SR-367)."""

_PLAIN = b"text/plain; charset=utf-8"
_LONG_URL = Answer(414, b"This address is too long.\n", content_type=_PLAIN)
_LARGE_HEADERS = Answer(431, b"The headers of this request are too large.\n", content_type=_PLAIN)
_ENCODED = Answer(415, b"Bodies are taken as they are, without Content-Encoding.\n", content_type=_PLAIN)
_ODD_PATH = Answer(404, content_type=b"")
_ODD = (b"%2f", b"%5c", b"%00")
"""Percent-escapes that make one path look like another to whoever decodes it first."""

HeaderList = list[tuple[bytes, bytes]]


class Arrival(msgspec.Struct, frozen=True, gc=False):
    """A request that may look for its door: its path below the public URL's own, the client's address, and our own name in it.

    `plain` says that a proxy of ours took it over http although people reach us over https (SR-305).
    """

    path: str
    address: str
    origin: str
    plain: bool


class Gate:
    """Looks at each request once."""

    def __init__(self, settings: Settings) -> None:
        self._origins = settings.origins
        told = f"This server answers at {settings.public_url}.\n"
        self._elsewhere = Answer(421, told.encode(), content_type=_PLAIN)
        self._prefix = settings.path_prefix
        self._trusted = networks(settings.trusted_proxies)
        self._hosts: dict[bytes, str] = {}

    def admit(self, path: str, raw_path: bytes, query: bytes, headers: HeaderList, peer: str) -> Arrival | Answer:
        """The request as its door will see it, or the answer for one that has none."""
        if len(raw_path) + len(query) > LONGEST_URL:
            return _LONG_URL
        size, hosts, forwarded, proto = 0, [], [], b""
        for name, value in headers:
            size += len(name) + len(value)
            if name == b"host":
                hosts.append(value)
            elif name == b"x-forwarded-for":
                forwarded.append(value.decode("latin-1"))
            elif name == b"x-forwarded-proto":
                proto = value
            elif name == b"content-encoding" and value.strip().lower() != b"identity":
                return _ENCODED
        if size > LONGEST_HEADERS or len(headers) > MOST_HEADERS:
            return _LARGE_HEADERS
        origin = self._origin(hosts)
        if origin is None:
            return self._elsewhere
        if b"%" in raw_path and any(one in raw_path.lower() for one in _ODD):
            return _ODD_PATH
        if not self._trusted:
            return Arrival(self._below(path), peer, origin, plain=False)
        plain = origin.startswith("https:") and _said_http(proto) and is_trusted(peer, self._trusted)
        return Arrival(self._below(path), client_address(peer, forwarded, self._trusted), origin, plain)

    def _origin(self, hosts: Sequence[bytes]) -> str | None:
        """Which of our origins the one Host header names (SR-256, SR-297)."""
        if len(hosts) != 1:
            return None
        known = self._hosts.get(hosts[0])
        if known is None:
            known = matching_origin(hosts[0].decode("latin-1"), self._origins)
            if known is not None and len(self._hosts) < _MOST_HOSTS:
                self._hosts[hosts[0]] = known
        return known

    def _below(self, path: str) -> str:
        """The path below the public URL's own; a proxy may pass it on whole or without."""
        if self._prefix and (path == self._prefix or path.startswith(self._prefix + "/")):
            return path[len(self._prefix) :] or "/"
        return path


def _said_http(proto: bytes) -> bool:
    """Whether the nearest proxy, whose word stands last, took the request over http."""
    return proto.rpartition(b",")[2].strip().lower() == b"http"
