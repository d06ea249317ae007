"""The front of the room: one `Database` for a process, whichever engine is behind it."""

from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from volary.db.engine import Engine
from volary.db.errors import CannotStart, first_line
from volary.db.ids import IdSource
from volary.db.installation import check_installation, newest_id
from volary.db.reading import Reader, Tx, Value
from volary.db.sqlite.engine import SqliteEngine
from volary.db.statement import Statement
from volary.kit.clock import Clock
from volary.kit.errors import Busy
from volary.kit.secrets import Keyring
from volary.kit.whence import ACTOR, ADDRESS

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class Database:
    """Reads what is committed, and carries out actions. It is a `Reader`."""

    def __init__(self, engine: Engine, clock: Clock, keys: Keyring) -> None:
        self.engine = engine
        self.clock = clock
        self.keys = keys
        self.long: Reader = _LongReader(self)
        """A reader for what may take long (search, archives, analytics): it never holds up the event loop."""

    @classmethod
    async def open(
        cls, url: str, clock: Clock, keys: Keyring, worker_id: int | None = None, *, any_key: bool = False
    ) -> Self:
        """Open the database of a URL whose tables exist (`volary.db.migrate`). Raises CannotStart with one line that says why not.

        `worker_id` (0 to 1023) is part of every new id. Without it PostgreSQL leases a free one, and SQLite takes one at random, so
        that a command that runs beside the server makes other ids than the server does. `any_key` is for what must look at a database
        whose key is lost.
        """
        ids = IdSource(clock)
        opened = SqliteEngine.open if url.startswith("sqlite:///") else _postgres()
        engine: Engine = await opened(url, clock, keys, ids)
        database = cls(engine, clock, keys)
        try:
            if not any_key:
                await check_installation(database)
            await engine.start_ids(worker_id, await newest_id(database))
        except BaseException as error:
            await database.close()
            if isinstance(error, Busy):
                raise CannotStart(f"the database cannot be used now: {first_line(error)}") from error
            raise
        return database

    @property
    def now(self) -> int:
        return self.clock.now()

    async def one(self, asked: Statement[R], /, **params: Value) -> R | None:
        return await self.engine.one(asked, params)

    async def all(self, asked: Statement[R], /, **params: Value) -> list[R]:
        return await self.engine.all(asked, params)

    async def write(
        self, action: Callable[Concatenate[Tx, P], Coroutine[Any, Any, T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `action(tx, …)` and commit. What it returns is returned once the commit is on the disk; what it raises undoes it.

        The action awaits nothing but `tx` and may be run again. Raises Busy when the database cannot write now. A caller that is
        cancelled meanwhile does not undo an action that has begun.
        """
        address, actor = ADDRESS.get(), ACTOR.get()

        def begun(tx: Tx) -> Coroutine[Any, Any, T]:
            tx.address, tx.actor = address, actor
            return action(tx, *args, **kwargs)

        return await self.engine.write(begun)

    def listen(self, bell: str, call: Callable[[], None]) -> None:
        """Call something after each commit of this process whose action rang a bell (`Tx.ring`). It must be quick and must not fail."""
        self.engine.bells.listen(bell, call)

    async def check(self) -> list[str]:
        """What is wrong with the stored data, one line each; it reads everything, so it may take long."""
        return await self.engine.check()

    async def close(self) -> None:
        """Finish what waits and let go of everything."""
        await self.engine.close()


def _postgres() -> Any:
    from volary.db.postgres.engine import PostgresEngine  # loaded where there is one: it is slow to load

    return PostgresEngine.open


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
