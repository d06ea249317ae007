"""Connections on which nobody says anything."""

import socket
import threading
from collections.abc import Iterator

import pytest

from volary.server.silent import close_silent


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as opened:
        yield opened


def port_of(opened: socket.socket) -> int:
    port: int = opened.getsockname()[1]
    return port


@pytest.mark.attack("SR-253")
def test_only_those_that_never_said_anything_are_closed(listener: socket.socket) -> None:
    clients = [socket.create_connection(listener.getsockname()) for _ in range(20)]
    servers = [listener.accept()[0] for _ in clients]
    talkers = clients[::2]
    for client in talkers:
        client.sendall(b"G")
    threading.Event().wait(0.15)
    assert close_silent(port_of(listener), seconds=60) == 0
    assert close_silent(port_of(listener) - 1, seconds=0.1) == 0
    assert close_silent(port_of(listener), seconds=0.1) == 10
    for client in clients:
        client.settimeout(0.05)
        if client in talkers:
            with pytest.raises(TimeoutError):
                client.recv(1)
        else:
            assert client.recv(1) == b""
    for one in (*clients, *servers):
        one.close()


def test_our_own_connections_to_others_are_left_alone(listener: socket.socket) -> None:
    """Such as those to PostgreSQL and Valkey: their far end has the port, ours has another."""
    with socket.create_connection(listener.getsockname()) as ours:
        threading.Event().wait(0.06)
        assert close_silent(ours.getsockname()[1] + 1, seconds=0.05) == 0
        assert ours.getpeername()[1] == port_of(listener)


def test_many_that_are_not_silent_yet_are_left_alone(listener: socket.socket) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=600) as busy:
        pairs = []
        for _ in range(500):
            client = socket.create_connection(busy.getsockname())
            pairs += [client, busy.accept()[0]]
        assert close_silent(port_of(busy), seconds=60) == 0
        for one in pairs:
            one.close()
