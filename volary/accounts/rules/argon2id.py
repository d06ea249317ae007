"""The arithmetic of a password hash, computed here or, when this file is run as a program, for the process that started it.

The program imports nothing of ours and stays as small as a Python can be. What it hashes comes in by its standard input and is in no
argument and no variable, which others on the machine could read. It ends with its parent, whose end of the pipe closes then, and after
a minute without work, which gives its 27 MB back.
"""

import binascii
import os
import select
import sys

from argon2.exceptions import VerificationError
from argon2.low_level import Type, hash_secret, verify_secret

BEHIND = 10
"""The program's niceness: a wave of sign-ins slows nobody else."""

_SALT, _TAG = 16, 32


def hashed(plain: bytes, memory: int, passes: int) -> bytes:
    """A password as it is kept: Argon2id with so many KiB and passes, one lane."""
    return hash_secret(plain, os.urandom(_SALT), passes, memory, parallelism=1, hash_len=_TAG, type=Type.ID)


def matches(kept: bytes, plain: bytes) -> bool:
    """Whether a hash is that of this password. One that cannot be read is nobody's."""
    try:
        return verify_secret(kept, plain, Type.ID)
    except VerificationError:
        return False


def answered(line: bytes) -> bytes:
    """The answer to one line of the parent: a hash for three words (password, memory, passes), 1 or 0 for two (hash, password)."""
    words = [binascii.a2b_base64(word) for word in line.split(b" ")]
    if len(words) == 2:
        return b"%d" % matches(words[0], words[1])
    return hashed(words[0], int(words[1]), int(words[2]))


def line_of(*words: bytes) -> bytes:
    """The line that asks for something, its words encoded so that whatever is in them ends neither a word nor the line."""
    return b" ".join([binascii.b2a_base64(word, newline=False) for word in words]) + b"\n"


def main(idle_seconds: float = 60) -> None:
    """Answer each line of standard input with one of standard output, until there is no more or none came for so long."""
    os.nice(BEHIND)
    while select.select([sys.stdin], [], [], idle_seconds)[0] and (line := sys.stdin.buffer.readline()):
        sys.stdout.buffer.write(answered(line) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
