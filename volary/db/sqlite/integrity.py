"""Reading the whole file to see whether it is sound."""

import contextlib
import sqlite3
from pathlib import Path

from volary.db.sqlite import connections


def problems(path: Path) -> list[str]:
    """What SQLite finds wrong with a database, one line each; none for a sound one. It reads everything."""
    with contextlib.closing(connections.reading(path, lock_wait=5)) as connection:
        try:
            found = [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
            for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
                found.append(f"row {row} of {table} refers to a row of {parent} that does not exist")
        except sqlite3.DatabaseError as error:
            return [str(error)]
        return found
