"""Connections that never say anything: closed after ten seconds, so that nobody can hold all the places by doing nothing (SR-253).

The server below reads headers against a clock, but that clock starts with the first byte (measured: a connection without one was still
open after 45 seconds). The kernel knows of each connection how much came in and when; this asks it, on Linux.
"""

import contextlib
import os
import socket
import stat
import struct
import sys

SECONDS = 10
_ESTABLISHED = 1
_INFO = struct.Struct("=B51xI72xQ")
"""From the kernel's `struct tcp_info`: state, milliseconds since data came in (or since the start), bytes that came in."""


def close_silent(port: int, seconds: float = SECONDS) -> int:
    """Close the connections to our port on which nothing came in for so long since they began; how many there were."""
    if sys.platform != "linux":
        return 0
    return sum(_closed(int(name), port, seconds) for name in os.listdir("/proc/self/fd"))  # noqa: PTH208 - names, no paths


def _closed(number: int, port: int, seconds: float) -> bool:
    with contextlib.suppress(OSError, struct.error):
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            return False
        with socket.socket(
            fileno=os.dup(number)
        ) as copy:  # the number may be given to another connection meanwhile, the copy not
            if _is_silent(copy, port, seconds):
                copy.shutdown(socket.SHUT_RDWR)
                return True
    return False


def _is_silent(connection: socket.socket, port: int, seconds: float) -> bool:
    if connection.family not in {socket.AF_INET, socket.AF_INET6} or connection.type != socket.SOCK_STREAM:
        return False
    if connection.getsockname()[1] != port:
        return False
    state, waited, received = _INFO.unpack(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO.size))
    return bool(state == _ESTABLISHED and received == 0 and waited >= seconds * 1000)
