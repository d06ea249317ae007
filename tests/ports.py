"""Ports for servers that must be told theirs before they start, since their own addresses are among their settings.

A port that the system chooses may be given to somebody's connection before the server takes it. These lie below those that the system
chooses from, and each process of the tests has some of its own.
"""

import contextlib
import itertools
import os
import socket

_FIRST, _COUNT, _APART = 10_000, 20_000, 97
_steps = itertools.count()


def own_port() -> int:
    """A port of 127.0.0.1 that nobody has, and that no other call and no connection is given."""
    for step in _steps:
        port = _FIRST + (os.getpid() * _APART + step) % _COUNT
        with contextlib.closing(socket.socket()) as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("numbers do not end")
