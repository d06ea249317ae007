"""What of a signature's base string may be shown to the App's developer: the way it is built, not what people wrote, and nothing secret.

A parameter's value is shown only where its name is on the list; of any other its length in bytes is told, and which of the characters
that must be encoded it holds: that is where signatures go wrong (RFC 5849 §3.6).
"""

import string
from urllib.parse import unquote_to_bytes

MOST = 4_096
"""Bytes of a base string that are looked at."""

_PROTOCOL = {"oauth_nonce", "oauth_timestamp", "oauth_signature_method", "oauth_version", "oauth_callback"}
_NUMBERS = {
    "id",
    "ids",
    "user_id",
    "tweet_id",
    "list_id",
    "target_user_id",
    "media_id",
    "media_ids",
    "in_reply_to_status_id",
}
_CHOICES = {
    *{
        "expansions",
        "max_results",
        "count",
        "cursor",
        "page",
        "since_id",
        "until_id",
        "max_id",
        "start_time",
        "end_time",
    },
    *{
        "granularity",
        "exclude",
        "include_entities",
        "include_rts",
        "include_user_entities",
        "skip_status",
        "tweet_mode",
    },
    *{"trim_user", "stringify_ids", "usernames", "username", "screen_name", "command", "media_type", "media_category"},
    *{"segment_index", "total_bytes", "x_auth_access_type", "sort_order", "include_email", "woeid", "resources"},
}
_SHOWN = _PROTOCOL | _NUMBERS | _CHOICES
_HINTED = {"oauth_consumer_key"}
_MARKED = " !\"#$%&'()*+,/:;<=>?@[\\]^`{|}"


def value_shown(name: str, value: str) -> str:
    """A parameter's value, or what may be told of it."""
    if name in _SHOWN or name.endswith(".fields"):
        return value
    if name in _HINTED:
        return f"…{value[-6:]}" if len(value) > 12 else "…"
    raw = value.encode()
    marks = [mark if mark != " " else "space" for mark in _MARKED if mark in value]
    if name.startswith("oauth_"):
        return f"[{len(raw)} bytes]"
    beyond = ["letters beyond ASCII"] if not value.isascii() else []
    kinds = ", ".join([*marks, *beyond])
    return f"[{len(raw)} bytes with {kinds}]" if kinds else f"[{len(raw)} bytes]"


def base_shown(base: bytes) -> str:
    """A base string with its parameters' values shown as far as they may be; a longer one ends where it was cut."""
    method, _, rest = base[:MOST].partition(b"&")
    address, _, parameters = rest.partition(b"&")
    pieces = parameters.split(b"%26")
    if len(base) > MOST:
        pieces.pop()  # it may be cut in the middle of a name
    shown = "%26".join(map(_pair, pieces)) + ("…" if len(base) > MOST else "")
    return f"{_plain(method)}&{_plain(address)}&{shown}"


def _pair(piece: bytes) -> str:
    """An encoded pair of the third part, in which everything is encoded twice."""
    name, sign, value = piece.partition(b"%3D")
    sent = unquote_to_bytes(unquote_to_bytes(value)).decode("utf-8", "replace")
    known = unquote_to_bytes(unquote_to_bytes(name)).decode("utf-8", "replace")
    shown = value_shown(known, sent)
    return _plain(name) + _plain(sign) + (_plain(value) if shown == sent else shown)


def _plain(raw: bytes) -> str:
    return "".join(letter if letter in string.printable[:95] else "?" for letter in raw.decode("latin-1"))
