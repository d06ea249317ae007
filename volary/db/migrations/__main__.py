"""Writes a revision from the difference between the tables in the code and those that the present revisions make.

    python -m volary.db.migrations "add the language of an app"

The difference is taken on a throw-away SQLite database; the revision runs on both engines, since the types know both.
"""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import Script
from sqlalchemy import Connection, MetaData

from volary.db.migrate import PLACE, configured, migrate
from volary.db.schema import every_table, on_connection


async def revise(message: str, metadata: MetaData, versions: Path | None = None) -> Path:
    """Write the next revision; the file. Revisions are numbered, so that two made side by side collide visibly."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/throw-away.db"
        await migrate(url, metadata, versions)

        def write(connection: Connection) -> Path:
            configuration = configured(metadata, versions)
            configuration.attributes["connection"] = connection
            number = len(list((versions or PLACE / "versions").glob("[0-9]*.py"))) + 1
            made = command.revision(configuration, message, autogenerate=True, rev_id=f"{number:04}")
            if not isinstance(made, Script):
                raise TypeError("one message makes one revision")
            return Path(made.path)

        return await on_connection(url, write)


if __name__ == "__main__":
    written = asyncio.run(revise(" ".join(sys.argv[1:]), every_table()))
    subprocess.run(["ruff", "format", written], check=True)
    print(written)  # noqa: T201 - a command
