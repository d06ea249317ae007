"""Under which address the bytes of a media are found, and for whom (SR-202, decision 0038).

What anybody may see has a plain address, with a random name of 154 bits. What only some may see has one that is signed for one account
and a time: it opens the media while that account may see it, asked anew at each request, and for nobody else.
"""

from urllib.parse import urlencode

from volary.kit.clock import HOUR
from volary.kit.secrets import Keyring, same

PREFIX = "/media/"
SIGNATURE = ("for", "until", "signature")
"""The parameters of an address that is for somebody."""
_PURPOSE = "media address"


def address(base: str, name: str, ending: str, signature: dict[str, str]) -> str:
    """The address of a media's file; `signature` is empty for what anybody may see."""
    found = f"{base}{PREFIX}{name}.{ending}"
    return f"{found}?{urlencode(signature)}" if signature else found


def signed_for(keys: Keyring, name: str, viewer: int, now: int) -> dict[str, str]:
    """What to add to the address for one account. It holds for one to two hours, and is the same for most of an hour."""
    until = (now // HOUR + 2) * HOUR // 1000
    return {"for": str(viewer), "until": str(until), "signature": _signature(keys, name, str(viewer), str(until))}


def viewer_of(keys: Keyring, name: str, query: dict[str, str], now: int) -> int:
    """The account that an address was signed for; 0 where it was for nobody, is over, or was made up."""
    viewer, until, signature = (query.get(key, "") for key in SIGNATURE)
    if not (viewer.isascii() and viewer.isdigit() and until.isascii() and until.isdigit()):
        return 0
    if len(viewer) > 19 or len(until) > 15 or int(until) * 1000 <= now:
        return 0
    right = any(same(signature, _signature(key, name, viewer, until)) for key in keys.each)
    return int(viewer) if right else 0


def _signature(keys: Keyring, name: str, viewer: str, until: str) -> str:
    return keys.derived(_PURPOSE, name, viewer, until)
