"""How a link is written where there is little room, as X writes it: the host, and the beginning of what follows."""

ROOM = 15
"""How many characters after the host's slash are shown whole; of more, all but the last are, and an ellipsis."""


def shown_address(url: str) -> str:
    """A link without its scheme and `www.`, cut where it is long."""
    host, slash, rest = url.split("://", 1)[-1].partition("/")
    if len(host) > 4 and host[:4].lower() == "www.":
        host = host[4:]
    return host + slash + (rest if len(rest) <= ROOM else rest[: ROOM - 1] + "…")
