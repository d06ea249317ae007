"""Writes a small MaxMind database, as its format's description says (version 2.0): a binary tree over addresses, then values."""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Value = str | int | Mapping[str, Any] | list[str]

_UTF8, _UINT16, _UINT32, _MAP, _UINT64, _ARRAY = 2, 5, 6, 7, 9, 11
_WIDER = {"node_count": _UINT32, "build_epoch": _UINT64}


def write(path: Path, kind: str, places: Mapping[str, Value]) -> None:
    """Write a database of this kind in which each network has its value."""
    nodes: list[list[int | None]] = [[None, None]]
    values, offsets = b"", {}
    for name, value in places.items():
        offsets[name] = len(values)
        values += _encoded(value)
    leaves: list[tuple[int, int, str]] = []
    for name in places:
        network = ipaddress.ip_network(name)
        bits = format(int(network.network_address), "0128b")[: _length(network)]
        at = 0
        for bit in bits[:-1]:
            following = nodes[at][int(bit)]
            if following is None:
                following = nodes[at][int(bit)] = len(nodes)
                nodes.append([None, None])
            at = following
        leaves.append((at, int(bits[-1]), name))
    for node, side, leaf in leaves:
        nodes[node][side] = len(nodes) + 16 + offsets[leaf]
    tree = b"".join((len(nodes) if record is None else record).to_bytes(3) for node in nodes for record in node)
    about: Value = {
        "binary_format_major_version": 2,
        "binary_format_minor_version": 0,
        "build_epoch": 1_790_000_000,
        "database_type": kind,
        "description": {"en": "for a test"},
        "ip_version": 6,
        "languages": ["en"],
        "node_count": len(nodes),
        "record_size": 24,
    }
    path.write_bytes(tree + bytes(16) + values + b"\xab\xcd\xefMaxMind.com" + _encoded(about))


def _length(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> int:
    return network.prefixlen + (96 if network.version == 4 else 0)


def _encoded(value: Value, kind: int = _UINT16) -> bytes:
    if isinstance(value, str):
        return _control(_UTF8, len(value.encode())) + value.encode()
    if isinstance(value, int):
        size = (value.bit_length() + 7) // 8
        return _control(kind, size) + value.to_bytes(size)
    if isinstance(value, list):
        return _control(_ARRAY, len(value)) + b"".join(map(_encoded, value))
    parts = [_encoded(name) + _encoded(part, _WIDER.get(name, _UINT16)) for name, part in value.items()]
    return _control(_MAP, len(parts)) + b"".join(parts)


def _control(kind: int, size: int) -> bytes:
    extended = bytes([kind - 7]) if kind > 7 else b""
    return (
        bytes([((0 if extended else kind) << 5) | min(size, 29)])
        + extended
        + (bytes([size - 29]) if size > 28 else b"")
    )
