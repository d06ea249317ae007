"""Starting and stopping the demo's two programs: the server and the sample app, each a process of its own."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from volary.kit.errors import Refusal
from volary.server.database import opened
from volary.server.demo import sample_app
from volary.server.demo.people import Cast, fill
from volary.settings import PREFIX, Settings, load

READY_WITHIN = 30.0
_LOG = "%s.log"


class DidNotStart(Refusal):
    """A program of the demo did not answer in time."""


class Demo(msgspec.Struct, frozen=True):
    """A running demo."""

    platform: str
    sample_app: str
    cast: Cast
    folder: Path


@contextmanager
def running(folder: Path, port: int, app_port: int) -> Iterator[Demo]:
    """Run the demo in a folder until the block ends. A port that is taken is replaced by a free one."""
    port, app_port = free_port(port), free_port(app_port)
    platform, app = f"http://localhost:{port}", f"http://127.0.0.1:{app_port}"
    environment = _environment(folder, port)
    settings = load(environment, folder / "volary.toml" if (folder / "volary.toml").exists() else None)
    cast = asyncio.run(_filled(settings, app))
    with contextlib.ExitStack() as programs:
        serve = [sys.executable, "-m", "volary", "serve"]
        server = programs.enter_context(_program("serve", serve, environment, folder))
        started = [sys.executable, sample_app.__file__, platform, app]
        sample = programs.enter_context(
            _program("sample_app", started, environment, folder, msgspec.json.encode(cast.app))
        )
        wait_until_answers(f"{platform}/readyz", server, folder / (_LOG % "serve"))
        wait_until_answers(app, sample, folder / (_LOG % "sample_app"))
        yield Demo(platform, app, cast, folder)


def free_port(wanted: int) -> int:
    """The port if it is free on this machine, else any free one."""
    for port in (wanted, 0):
        with contextlib.closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    raise DidNotStart("This machine has no free port.")


async def _filled(settings: Settings, app: str) -> Cast:
    async with opened(settings) as db:
        return await fill(db, app)


def _environment(folder: Path, port: int) -> dict[str, str]:
    """The server's environment. Settings of the machine's own installation must not reach a throw-away one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    own = {"DATABASE": f"sqlite:///{folder}/demo.db", "PORT": str(port), "DEMO": "true", "HOST": "127.0.0.1"}
    limits = os.environ.get(PREFIX + "RATE_LIMITS")
    if limits:
        own["RATE_LIMITS"] = limits
    return kept | {PREFIX + name: value for name, value in own.items()}


@contextmanager
def _program(
    name: str, command: list[str], environment: dict[str, str], folder: Path, told: bytes = b""
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block. What it says goes to a file in the folder."""
    log = folder / (_LOG % name)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            if process.stdin is not None:
                process.stdin.write(told)
                process.stdin.close()
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a URL answers 200. Raises DidNotStart, with the last words of the process, when it ends or time runs out."""
    deadline = time.monotonic() + READY_WITHIN
    why = ""
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own URL
                if answer.status == 200:
                    return
        except OSError as error:
            why = str(error)
        time.sleep(0.05)
    said = log.read_text(encoding="utf-8", errors="replace")[-1_000:].strip()
    reason = why or "the program ended"
    raise DidNotStart("%(url)s does not answer: %(reason)s\n%(said)s", url=url, reason=reason, said=said)
