"""A process of its own for password hashes, so that they never hold the interpreter's lock of the process that answers requests.

A thread that hashes lets go of the lock meanwhile, but needs it before and after, and the system pushes it aside while it has it: then
every request waits until that thread has its next turn, ten times as long as a read takes (decision 0021).
"""

import os
import subprocess
import sys

from volary.accounts.rules import argon2id
from volary.kit.errors import Busy
from volary.language import mark as _

_TRIES = 2


class HashingProcess:
    """One process, for one thread at a time. It is started when it is first asked, and another one where it is gone."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def hashed(self, plain: bytes, memory: int, passes: int) -> bytes:
        """As `argon2id.hashed`. Raises Busy when no process answers."""
        return self._asked(argon2id.line_of(plain, b"%d" % memory, b"%d" % passes))

    def matches(self, kept: bytes, plain: bytes) -> bool:
        """As `argon2id.matches`. Raises Busy when no process answers."""
        return self._asked(argon2id.line_of(kept, plain)) == b"1"

    def close(self) -> None:
        """Let the process end, which it does at once when it has nothing to do."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def _asked(self, line: bytes) -> bytes:
        """The answer. A process that ended because it was idle or was killed has a successor, which does the work anew."""
        for _try in range(_TRIES):
            answer = self._tried(line)
            if answer.endswith(b"\n"):
                return answer[:-1]
            self.close()
        why = f"{_TRIES} processes for password hashes ended without an answer"
        raise Busy(_("The server is busy. Please try again in a moment."), retry_after=1, why=why)

    def _tried(self, line: bytes) -> bytes:
        """What the process answers; a part of it, or nothing, where it ended meanwhile. Raises Busy when none can be started."""
        process = self._process = self._process or _started()
        if process.stdin is None or process.stdout is None:
            raise AssertionError("a process without pipes")
        try:
            process.stdin.write(line)
            process.stdin.flush()
        except BrokenPipeError:
            return b""
        return process.stdout.readline()


def _started() -> "subprocess.Popen[bytes]":
    """A new process: the interpreter without its site, with our module path and no other variable, above all not the master key.

    It is in a group of its own, so that Ctrl-C reaches the server alone, whose end is its end. Not in a session of its own: Linux gives
    sessions equal time whatever the niceness inside them (sched(7), "The autogroup feature"), and hashes would have half of a busy core.
    """
    try:
        return subprocess.Popen(
            [sys.executable, "-SP", argon2id.__file__],
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,
        )
    except OSError as error:  # no memory, or no room for another process
        why = f"no process for password hashes: {error!r}"
        raise Busy(_("The server is busy. Please try again in a moment."), retry_after=1, why=why) from error
