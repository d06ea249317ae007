"""Starting and stopping other programs, each a process that ends with the block in which it is used."""

import contextlib
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from volary.kit.errors import Refusal

READY_WITHIN = 30.0
_LOG = "%s.log"


class DidNotStart(Refusal):
    """A program did not answer in time."""


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
