"""Not a test: how long reads and writes take here. Run: python -m tests.db.measure [FOLDER for the SQLite file]"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from tests.db.databases import new_postgres_database
from tests.db.ledger import ENTRY, enter, ledger
from volary.db import Database
from volary.db.schema import create_all, every_table
from volary.kit.clock import SystemClock
from volary.kit.secrets import Keyring

READS, WRITES = 20_000, 4_000


async def measure(url: str) -> None:
    database = await Database.open(url, SystemClock(), Keyring(bytes(32)))
    for batch in range(20):
        await asyncio.gather(*(database.write(enter, f"entry {batch * 50 + number}") for number in range(50)))
    began = time.perf_counter()
    for number in range(READS):
        await database.one(ENTRY, name=f"entry {number % 1000}")
    print(f"  keyed read: {(time.perf_counter() - began) / READS * 1e6:.1f} µs")
    for writers in (1, 8, 32, 128):
        total = WRITES if writers > 1 else WRITES // 8

        began = time.perf_counter()
        await asyncio.gather(*(_write(database, f"{writers} {writer}", total // writers) for writer in range(writers)))
        print(f"  {writers:4} writers: {total / (time.perf_counter() - began):,.0f} durable writes/s (two rows each)")
    await database.close()


async def _write(database: Database, name: str, share: int) -> None:
    for number in range(share):
        await database.write(enter, f"{name} {number}")


def main() -> None:
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else ".") as folder:
        urls = {
            "SQLite": f"sqlite:///{Path(folder).absolute()}/measure.db",
            "PostgreSQL": new_postgres_database("volary_measure"),
        }
        for name, url in urls.items():
            print(name)
            for tables in (every_table(), ledger):
                asyncio.run(create_all(url, tables))
            uvloop.run(measure(url))


if __name__ == "__main__":
    main()
