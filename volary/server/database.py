"""The database of an installation, as commands use it: made ready once, or opened beside a running server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from volary.db import Database
from volary.db.keys import keyring, refuse_if_emptied
from volary.db.migrate import migrate
from volary.db.schema import every_table
from volary.kit.clock import SystemClock
from volary.kit.whence import ACTOR, COMMAND_LINE
from volary.settings import Settings


async def prepare(settings: Settings) -> None:
    """Make the key and the tables, or bring the tables up to date. Raises CannotStart (a newer database, another key, an emptied one)."""
    refuse_if_emptied(settings.database)
    keyring(settings.key, settings.database)
    await migrate(settings.database, every_table())


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database for one command; a server may be running on it. Raises CannotStart."""
    await prepare(settings)
    db = await Database.open(settings.database, SystemClock(), keyring(settings.key, settings.database))
    ACTOR.set(COMMAND_LINE)
    try:
        yield db
    finally:
        ACTOR.set(None)
        await db.close()
