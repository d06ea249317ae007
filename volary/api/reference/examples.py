"""A real call of each operation with its real answer, as they were recorded from a server (`examples.json`)."""

from functools import cache
from pathlib import Path

import msgspec

FILE = Path(__file__).with_name("examples.json")
ME = "1990000000000000001"
"""The id of the account that calls, in every example."""


class Example(msgspec.Struct, frozen=True):
    """A call and its answer. What is no text is left out: bodies that are files, answers that are bytes."""

    target: str
    sent: str
    answered: str
    kind: str
    status: int


@cache
def examples() -> dict[str, Example]:
    """The examples by the names of their operations."""
    return msgspec.json.decode(FILE.read_bytes(), type=dict[str, Example])
