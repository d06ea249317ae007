"""Passwords that are known to guessers: a small list that comes with the product, and a large one that the operator brings (ASVS 6.2.4,
6.2.12; decision 0051). Nobody outside is asked.

The small list holds the first five bytes of the SHA-1 of each of the 11,611 most used passwords of eight characters or more, in order. The
large one is in the two forms in which Have I Been Pwned gives its own out: one file of lines `SHA1:COUNT` in order, or a folder with a
file for each five hexadecimal digits, `00000.txt` and so on, with the rest of each hash. SHA-1 only names passwords here.
"""

import hashlib
from functools import cache
from io import BufferedReader
from pathlib import Path

_WIDTH = 5
_DIGITS = 40


def is_common(folded: str) -> bool:
    """Whether a password in lower case is one of those that most people choose."""
    wanted, held = _sha1(folded)[:_WIDTH], _small()
    low, high = 0, len(held) // _WIDTH
    while low < high:
        middle = (low + high) // 2
        if held[middle * _WIDTH : (middle + 1) * _WIDTH] < wanted:
            low = middle + 1
        else:
            high = middle
    return held[low * _WIDTH : (low + 1) * _WIDTH] == wanted


@cache
def _small() -> bytes:
    return (Path(__file__).parent / "common_passwords.sha1").read_bytes()


class Breached:
    """The operator's list. It is read where it lies: a look-up costs some forty small reads, or one of a small file."""

    def __init__(self, path: str) -> None:
        """Look whether there is a list. Raises OSError, or ValueError for what is none."""
        self._path = Path(path)
        if self._path.is_dir():
            if self._range("00000") is None:
                raise ValueError("the folder has no file 00000.txt")
            return
        with self._path.open("rb") as file:
            if not _is_line(file.readline()):
                raise ValueError("its first line is no SHA-1 with a count")

    def has(self, plain: bytes) -> bool:
        """Whether a password is in the list. Raises OSError."""
        wanted = hashlib.sha1(plain, usedforsecurity=False).hexdigest().upper()
        if not self._path.is_dir():
            with self._path.open("rb") as file:
                return _found(file, wanted.encode(), self._path.stat().st_size)
        return any(_counts(line, wanted[5:]) for line in (self._range(wanted[:5]) or "").splitlines())

    def _range(self, prefix: str) -> str | None:
        for name in (f"{prefix}.txt", prefix):
            if (file := self._path / name).is_file():
                return file.read_text("ascii", "replace")
        return None


def _found(file: BufferedReader, wanted: bytes, size: int) -> bool:
    """Halve the file until the line at hand is the one; a line begins after the next line's end."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        file.seek(middle)
        if middle:
            file.readline()
        line = file.readline()
        if line and line[:_DIGITS].upper() < wanted:
            low = middle + 1
        else:
            high = middle
    # The line that is wanted begins at the first place from which no earlier line is read.
    file.seek(low)
    if low:
        file.readline()
    return _counts(file.readline().decode("ascii", "replace"), wanted.decode())


def _counts(line: str, wanted: str) -> bool:
    """Whether a line is this hash's. Lines with a count of 0 only fill files up, and say nothing."""
    held, _, count = line.strip().partition(":")
    return held.upper() == wanted and count != "0"


def _is_line(line: bytes) -> bool:
    held, _, count = line.strip().partition(b":")
    return len(held) == _DIGITS and all(digit in b"0123456789ABCDEFabcdef" for digit in held) and count.isdigit()


def _sha1(text: str) -> bytes:
    return hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()
