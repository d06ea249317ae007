"""Collecting the parameters of a signed request, from bytes, exactly (RFC 5849 §3.4.1.3, §3.5, §3.6).

This runs on every signed call, so the common case stays in C: what all headers of one client have in common, everything outside the
quotation marks, is read once, and a value that is already in its encoded form (letters, digits, `-._~`) is neither decoded nor encoded.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

import msgspec

from volary.oauth.oauth1.errors import BadData

MOST_PARAMETERS = 1000
"""More than this many parameters in one request are refused: no client signs that many, and sorting them is the server's work."""

SIGNATURE = "oauth_signature"
"""The one protocol parameter that is not signed."""

_UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_ENCODED = [bytes([byte]) if byte in _UNRESERVED else b"%%%02X" % byte for byte in range(256)]
_HEX = "0123456789abcdefABCDEF"
_DECODED = {(high + low).encode(): bytes([int(high + low, 16)]) for high in _HEX for low in _HEX}
_LONG = 1024
"""Bytes from which on a header is not a usual one: what is kept of usual ones is small."""
_PAIR = re.compile(rb'([^\s",=]++)[ \t]*+=[ \t]*+"([^"\\]*+(?:\\.[^"\\]*+)*+)"[ \t]*+(?:,[ \t,]*+|\Z)|(.++)', re.DOTALL)

Pairs = list[tuple[bytes, bytes]]


class Parameters(msgspec.Struct, frozen=True, gc=False):
    """What one signed request says of itself.

    `protocol` holds each `oauth_…` parameter, decoded. `normalized` is the sorted string of RFC 5849 §3.4.1.3.2: every parameter
    but `realm` and `oauth_signature`, encoded.
    """

    protocol: dict[str, str]
    normalized: bytes


def collect(
    header: bytes, query: bytes = b"", form: bytes = b"", *, mirrored: frozenset[str] = frozenset()
) -> Parameters:
    """The parameters of a request from its Authorization header, its query and its form body (empty for any other body).

    Each `oauth_…` parameter may be there once. The names in `mirrored` may stand in the header and, with the same value, in the
    query as well; they count once, as xdk signs them (X facts 1.6, 12.2). Everything else may repeat. Raises BadData.
    """
    if header.count(b",") + query.count(b"&") + form.count(b"&") > MOST_PARAMETERS:
        raise BadData("too many parameters")
    usual = _usual(header)
    if usual is not None and not query and not form:
        return usual
    collected = _Collected({}, [])
    if usual is not None:
        collected = _Collected(usual.protocol, usual.normalized.replace(b"=", b"\0").split(b"&"))
    elif header:
        _add_header(header, collected)
    if query:
        for name, value in form_pairs(query):
            _add(name, value, collected, mirrored)
    if form:
        for name, value in form_pairs(form):
            _add(name, value, collected)
    collected.signed.sort()
    return Parameters(collected.protocol, b"&".join(collected.signed).replace(b"\0", b"="))


def quoted(raw: bytes) -> bytes:
    """Percent-encode every byte outside letters, digits and `-._~`, with capital digits (RFC 5849 §3.6)."""
    if not raw.translate(None, _UNRESERVED):
        return raw
    return b"".join([_ENCODED[byte] for byte in raw])


def unquoted(raw: bytes) -> bytes:
    """Undo percent-encoding; a `%` without two hexadecimal digits is refused. Raises BadData."""
    if b"%" not in raw:
        return raw
    first, *rest = raw.split(b"%")
    try:
        return first + b"".join([_DECODED[piece[:2]] + piece[2:] for piece in rest])
    except KeyError:
        raise BadData("a percent sign without two hexadecimal digits") from None


def form_pairs(text: bytes) -> Pairs:
    """The decoded pairs of an application/x-www-form-urlencoded text: a `+` is a space, a lone name has an empty value."""
    pairs = []
    for piece in text.replace(b"+", b" ").split(b"&"):
        if piece:
            name, _, value = piece.partition(b"=")
            pairs.append((unquoted(name), unquoted(value)))
    return pairs


class _Collected(NamedTuple):
    """What was collected so far. A signed pair is kept encoded, as its name, a zero byte and its value: sorted as bytes, these are in
    the order of the RFC, by name and then by value, because no encoded text holds a byte as small.
    """

    protocol: dict[str, str]
    signed: list[bytes]


class _Layout(NamedTuple):
    """What the headers of one client have in common."""

    names: tuple[str, ...]
    signed: Callable[[list[str]], tuple[str, ...]]
    """The values that are signed, in their order."""
    normalized: str
    """The text that is signed, with a `%s` for each value."""


def _usual(header: bytes) -> Parameters | None:
    """What a header says, if it is written as almost every client does: protocol parameters alone, each once, and nothing that is
    encoded but the signature, as base64 is. None for every other header.
    """
    if len(header) > _LONG:
        return None
    pieces = header.decode("latin-1").split('"')
    values = pieces[1::2]
    layout = _layout(tuple(pieces[::2]))
    if layout is None or len(values) != len(layout.names):
        return None
    protocol = dict(zip(layout.names, values, strict=True))
    signature = protocol[SIGNATURE]
    plain = signature.replace("%3D", "=").replace("%2B", "+").replace("%2F", "/")
    encoded = "".join(values).encode().translate(None, _UNRESERVED)
    if "%" in plain or encoded != b"%" * signature.count("%"):
        return None
    protocol[SIGNATURE] = plain
    return Parameters(protocol, (layout.normalized % layout.signed(values)).encode())


@lru_cache(maxsize=256)
def _layout(outside: tuple[str, ...]) -> _Layout | None:
    """What is outside the quotation marks of a header, read; None where it is not that of a usual one."""
    collected = _Collected({}, [])
    try:
        _add_header('""'.join(outside).encode("latin-1"), collected)
    except BadData:
        return None
    names = tuple(collected.protocol)
    signed = sorted(set(names) - {SIGNATURE})
    if SIGNATURE not in names or len(signed) < 2:
        return None
    if "".join(signed).encode().translate(None, _UNRESERVED):
        return None
    return _Layout(names, itemgetter(*map(names.index, signed)), "&".join([f"{name}=%s" for name in signed]))


def _add_header(header: bytes, collected: _Collected) -> None:
    """Add the pairs of `OAuth name="value", …` but `realm`, which is not signed (RFC 5849 §3.5.1)."""
    if header[:6].lower() != b"oauth ":
        raise BadData("the Authorization header is of another scheme")
    for name, value, other in _PAIR.findall(header[6:].strip(b" \t,")):
        if other:
            raise BadData('the Authorization header is not a list of name="value"')
        if name.lower() != b"realm":
            _add(unquoted(name), unquoted(value), collected)


def _add(name: bytes, value: bytes, collected: _Collected, mirrored: frozenset[str] = frozenset()) -> None:
    """Add one decoded pair to what is signed, and to the protocol parameters where it is one."""
    if name[:6] == b"oauth_":
        try:
            key, text = name.decode(), value.decode()
        except UnicodeDecodeError:
            raise BadData("an OAuth parameter is not UTF-8") from None
        if key in collected.protocol:
            if key in mirrored and collected.protocol[key] == text:
                return
            raise BadData("an OAuth parameter is there twice")
        collected.protocol[key] = text
        if key == SIGNATURE:
            return
    collected.signed.append(quoted(name) + b"\0" + quoted(value))
