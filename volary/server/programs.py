"""Throw-away installations: their settings, and starting and stopping programs, each a process that ends with its block."""

import contextlib
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from volary.kit.errors import Refusal
from volary.settings import PREFIX, Settings, load

READY_WITHIN = 30.0


class DidNotStart(Refusal):
    """A program did not answer in time."""


class Program(msgspec.Struct, frozen=True):
    """A running program, and the file to which goes what it says."""

    process: subprocess.Popen[bytes]
    log: Path


def throw_away(folder: Path, port: int, **own: str) -> tuple[dict[str, str], Settings]:
    """The environment of a server in a folder of its own, and the settings that it will read there.

    Nothing of the machine's own installation reaches it, neither by the environment nor by a `volary.toml` where the command was given;
    only rate limits may be switched off from outside.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    own = {"DATABASE": f"sqlite:///{folder}/volary.db", "PORT": str(port), "HOST": "127.0.0.1", **own}
    if limits := os.environ.get(f"{PREFIX}RATE_LIMITS"):
        own["RATE_LIMITS"] = limits
    environment = kept | {PREFIX + name: value for name, value in own.items()}
    with contextlib.chdir(folder):
        return environment, load(environment)


def free_port(wanted: int) -> int:
    """The port if it is free on this machine, else any free one."""
    for port in (wanted, 0):
        with contextlib.closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    raise DidNotStart("This machine has no free port.")


@contextmanager
def program(
    name: str, command: list[str], environment: dict[str, str], folder: Path, told: bytes = b""
) -> Iterator[Program]:
    """A process that ends with the block. What it says goes to a file in the folder."""
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            if process.stdin is not None:
                process.stdin.write(told)
                process.stdin.close()
            yield Program(process, log)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_answers(url: str, started: Program) -> None:
    """Wait until a URL answers 200. Raises DidNotStart, with the program's last words, when it ends or time runs out."""
    deadline = time.monotonic() + READY_WITHIN
    why = ""
    while time.monotonic() < deadline and started.process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own URL
                if answer.status == 200:
                    return
        except OSError as error:
            why = str(error)
        time.sleep(0.05)
    said = started.log.read_text(encoding="utf-8", errors="replace")[-1_000:].strip()
    reason = why or "the program ended"
    raise DidNotStart("%(url)s does not answer: %(reason)s\n%(said)s", url=url, reason=reason, said=said)
