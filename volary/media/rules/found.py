"""What the process of `worker` tells of a file. It stands apart from what reads files, so that the server loads no decoder (SR-268)."""

import msgspec


class Read(msgspec.Struct, frozen=True):
    """What was found, and the files that were written, by the names of their parts."""

    kind: str
    format: str
    width: int
    height: int
    parts: list[str]
    duration_ms: int = 0
    bit_rate: int = 0
