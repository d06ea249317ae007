"""The front of the room: one `Database` for a process, whichever engine is behind it."""

from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar

from volary.db.installation import check_installation, newest_id
from volary.db.reading import Reader, Tx, Value
from volary.db.statement import Statement
from volary.kit.clock import Clock
from volary.kit.ids import Snowflakes
from volary.kit.secrets import Keyring

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class Engine(Protocol):
    """What both engines can do. Parameters come as one dictionary."""

    async def one(self, asked: Statement[R], params: dict[str, Value]) -> R | None: ...
    async def all(self, asked: Statement[R], params: dict[str, Value]) -> list[R]: ...
    async def long_one(self, asked: Statement[R], params: dict[str, Value]) -> R | None: ...
    async def long_all(self, asked: Statement[R], params: dict[str, Value]) -> list[R]: ...
    async def write(self, action: Callable[[Tx], Coroutine[Any, Any, T]]) -> T: ...
    async def close(self) -> None: ...


class Database:
    """Reads what is committed, and carries out actions. It is a `Reader`."""

    def __init__(self, engine: Engine, clock: Clock, keys: Keyring) -> None:
        self.engine = engine
        self.clock = clock
        self.keys = keys

    @classmethod
    async def open(cls, url: str, clock: Clock, keys: Keyring, worker_id: int | None = None) -> Self:
        """Open the database of a URL whose tables exist (`volary.db.migrate`). Raises CannotStart with one line that says why not.

        `worker_id` is part of every new id; without it SQLite takes 0 and PostgreSQL leases a free one.
        """
        if url.startswith("sqlite:///"):
            from volary.db.sqlite.connections import path_of
            from volary.db.sqlite.engine import SqliteEngine

            makers = _Ids()
            engine: Any = SqliteEngine(path_of(url), clock, keys, makers)
        else:
            from volary.db.postgres.engine import PostgresEngine

            makers = _Ids()
            engine = await PostgresEngine.open(url, clock, keys, makers)
        database = cls(engine, clock, keys)
        try:
            await check_installation(database)
            makers.start(Snowflakes(clock, worker_id or 0, await newest_id(database)))
        except BaseException:
            await database.close()
            raise
        return database

    @property
    def now(self) -> int:
        return self.clock.now()

    async def one(self, asked: Statement[R], /, **params: Value) -> R | None:
        return await self.engine.one(asked, params)

    async def all(self, asked: Statement[R], /, **params: Value) -> list[R]:
        return await self.engine.all(asked, params)

    @property
    def long(self) -> Reader:
        """A reader for what may take long (search, archives, analytics): it never holds up the event loop."""
        return _LongReader(self)

    async def write(
        self, action: Callable[Concatenate[Tx, P], Coroutine[Any, Any, T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `action(tx, …)` and commit. What it returns is returned once the commit is on the disk; what it raises undoes it.

        The action awaits nothing but `tx` and may be run again. Raises Busy when the database cannot write now. A caller that is
        cancelled meanwhile does not undo an action that has begun.
        """
        return await self.engine.write(lambda tx: action(tx, *args, **kwargs))

    async def close(self) -> None:
        """Finish what waits and let go of everything."""
        await self.engine.close()


class _LongReader:
    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def now(self) -> int:
        return self._database.now

    @property
    def keys(self) -> Keyring:
        return self._database.keys

    async def one(self, asked: Statement[R], /, **params: Value) -> R | None:
        return await self._database.engine.long_one(asked, params)

    async def all(self, asked: Statement[R], /, **params: Value) -> list[R]:
        return await self._database.engine.long_all(asked, params)


class _Ids:
    """The maker of ids, which can only start once the database has told its newest id."""

    def __init__(self) -> None:
        self._maker: Snowflakes | None = None

    def start(self, maker: Snowflakes) -> None:
        self._maker = maker

    def __call__(self) -> int:
        if self._maker is None:
            raise RuntimeError("no ids before the database is open")
        return self._maker.next()
