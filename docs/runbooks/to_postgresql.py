"""Copies a stopped SQLite installation into an empty PostgreSQL database: to-postgresql.md says how to use it.

python docs/runbooks/to_postgresql.py sqlite:///volary.db postgresql://volary@host/volary
"""

import asyncio
import contextlib
import sqlite3
import sys

import asyncpg
from sqlalchemy import Table

from volary.db.migrate import migrate
from volary.db.schema import every_table
from volary.db.sqlite.connections import path_of
from volary.search.models import search_documents

ANEW = {search_documents.name}
"""What the server makes anew from what was copied, in the engine's own form: its first minutes go into letting posts be found."""


async def copy(source: str, target: str) -> dict[str, int]:
    """Copy every table in one transaction; how many rows each has. Stops when the target has an account already."""
    await migrate(target, every_table())
    connection = await asyncpg.connect(target)
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path_of(source)}?mode=ro", uri=True)) as opened:
            async with connection.transaction():
                if await connection.fetchval("SELECT count(*) FROM accounts"):
                    raise SystemExit("the target has accounts already: nothing was copied")
                await connection.execute("DELETE FROM installation")
                return {
                    table.name: await _copy_table(table, opened, connection)
                    for table in every_table().sorted_tables
                    if table.name not in ANEW
                }
    finally:
        await connection.close()


async def _copy_table(table: Table, opened: sqlite3.Connection, connection: asyncpg.Connection) -> int:
    columns = [column.name for column in table.columns]
    order = ", ".join(f'"{column.name}"' for column in table.primary_key)
    listed = ", ".join(f'"{name}"' for name in columns)
    rows = opened.execute(f'SELECT {listed} FROM "{table.name}" ORDER BY {order}').fetchall()  # noqa: S608 - names of our own tables
    await connection.copy_records_to_table(table.name, records=rows, columns=columns)
    return len(rows)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    for name, count in asyncio.run(copy(sys.argv[1], sys.argv[2])).items():
        print(f"{name}: {count}")  # noqa: T201 - it is a command
