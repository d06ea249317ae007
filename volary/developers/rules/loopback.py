"""The free port of native Apps (RFC 8252 §7.3, D6): they listen at whatever port the system gives them.

Only the port may differ from what is listed, and only at the two addresses that never leave the machine. The rest is compared byte for
byte like every callback URL; nothing is decoded or filled in.
"""

import re
from collections.abc import Sequence

_LISTENING = re.compile(r"(http://(?:127\.0\.0\.1|\[::1\]))(?::([1-9][0-9]{0,4}))?((?:[/?].*)?)", re.DOTALL | re.ASCII)
_HIGHEST = 65_535


def listed_but_for_port(url: str, allowlist: Sequence[str]) -> str | None:
    """The listed URL that differs from this one in nothing but the port; None where there is none, or where this one names no port."""
    asked = _LISTENING.fullmatch(url)
    if asked is None or asked[2] is None or int(asked[2]) > _HIGHEST:
        return None
    for entry in allowlist:
        listed = _LISTENING.fullmatch(entry)
        if listed is not None and (listed[1], listed[3]) == (asked[1], asked[3]):
            return entry
    return None
