"""Making all tables at once, without migrations: for tests and throw-away databases."""

from sqlalchemy import MetaData, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from volary.db.sqlite.connections import path_of, prepare


def alchemy_url(url: str) -> URL:
    """A database URL of the settings as SQLAlchemy writes it, with the driver that this package brings."""
    if url.startswith("sqlite:///"):
        return URL.create("sqlite", database=str(path_of(url)))
    return make_url(url).set(drivername="postgresql+asyncpg")


async def create_all(url: str, metadata: MetaData) -> None:
    """Make every table that is not there yet."""
    if url.startswith("sqlite:///"):
        prepare(path_of(url))
        engine = create_engine(alchemy_url(url), poolclass=NullPool)
        metadata.create_all(engine)
        engine.dispose()
        return
    made = create_async_engine(alchemy_url(url), poolclass=NullPool)
    async with made.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await made.dispose()
