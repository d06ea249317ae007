"""The peer that the goals name: `oidc-provider` from npm, on this machine's Node, with a store in memory."""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from volary.server.programs import free_port

VERSION = "9.13.3"
_SCRIPT = Path(__file__).with_name("peer.mjs")


class Peer(msgspec.Struct, frozen=True):
    """A running peer: where it answers, an access token, and refresh tokens that were never used."""

    base: str
    access: str
    refresh: list[str]
    secret: str


def available() -> bool:
    """Whether Node is there to run it."""
    return shutil.which("node") is not None and shutil.which("npm") is not None


@contextmanager
def running(refresh_tokens: int) -> Iterator[Peer]:
    """Install the peer into a folder of its own, run it, and end it."""
    with tempfile.TemporaryDirectory(prefix="volary-peer-") as named:
        folder = Path(named)
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", named]
        subprocess.run([*install, f"oidc-provider@{VERSION}"], check=True, capture_output=True, timeout=300)
        shutil.copy(_SCRIPT, folder)
        port, told = free_port(0), folder / "told.json"
        command = ["node", str(folder / _SCRIPT.name), str(port), str(refresh_tokens), str(told)]
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, text=True, env=_environment()) as process:
            try:
                if process.stdout is None or "ready" not in process.stdout.readline():
                    raise RuntimeError("the peer did not start")
                yield Peer(f"http://127.0.0.1:{port}", **json.loads(told.read_text()))
            finally:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)


def _environment() -> dict[str, str]:
    return {**os.environ, "NODE_ENV": "production"}
