"""A process that writes until it is killed, for the tests of durability: python -m tests.db.load URL MODE WRITERS

It prints a line for every write that was acknowledged, straight to the pipe. Modes: `safe`; `early` is the control that answers before
the commit; `normal` and `off` are the controls that set SQLite's synchronous so after the start-up checks.
"""

import asyncio
import itertools
import os
import sys

import uvloop

from tests.db.controls import AnswersEarly
from tests.db.ledger import enter
from volary.db import Database
from volary.db.sqlite.engine import SqliteEngine
from volary.kit.clock import SystemClock
from volary.kit.errors import Busy
from volary.kit.secrets import Keyring


async def load(url: str, mode: str, writers: int) -> None:
    database = await Database.open(url, SystemClock(), Keyring(bytes(range(32))))
    if isinstance(database.engine, SqliteEngine):
        if mode in {"normal", "off"}:
            database.engine.writer._connection.execute(f"PRAGMA synchronous = {mode}")
        if mode == "early":
            database.engine.writer.__class__ = AnswersEarly
    numbers = itertools.count()
    os.write(1, b"ready\n")

    async def write() -> None:
        while True:
            name = f"entry {os.getpid()} {next(numbers)}"
            try:
                await database.write(enter, name)
            except Busy:
                os.write(1, b"busy\n")
                await asyncio.sleep(0.01)
            else:
                os.write(1, f"{name}\n".encode())

    await asyncio.gather(*(write() for _ in range(writers)))


if __name__ == "__main__":
    uvloop.run(load(sys.argv[1], sys.argv[2], int(sys.argv[3])))
