"""One action's transaction on PostgreSQL."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from volary.db.driving import TxOver
from volary.db.postgres import rows
from volary.db.postgres.connections import is_gone
from volary.db.reading import Value
from volary.db.statement import Statement
from volary.kit.secrets import Keyring

R = TypeVar("R")
Out = TypeVar("Out")


class PostgresTx:
    """A `Tx`."""

    def __init__(self, connection: Any, now: int, keys: Keyring, new_id: Callable[[], int]) -> None:
        self._connection: Any = connection
        self._failure: Exception | None = None
        self.again: Exception | None = None
        """The error for which the whole action should run once more, whatever the action made of it."""
        self.waits = False
        """Whether one of its methods is under way, so that a suspended action waits for the database and for nothing else."""
        self.now = now
        self.keys = keys
        self.new_id = new_id

    address = ""
    """From where the act is done."""

    actor: int | None = None
    """Who does it, where that is no person."""

    rung: tuple[str, ...] = ()
    """The bells that the action rang."""

    def ring(self, bell: str) -> None:
        self.rung = (*self.rung, bell)

    async def one(self, asked: Statement[R], /, **params: Value) -> R | None:
        return await self._carry_out(rows.first, asked, params)

    async def all(self, asked: Statement[R], /, **params: Value) -> list[R]:
        return await self._carry_out(rows.every, asked, params)

    async def run(self, asked: Statement[None], /, **params: Value) -> int:
        return await self._carry_out(rows.changed, asked, params)

    def end(self) -> None:
        """Close it. After this it refuses everything."""
        self._connection = None

    def raise_failure(self) -> None:
        """Raise what a statement raised, if the action swallowed it: PostgreSQL would answer the COMMIT with a silent ROLLBACK."""
        if self._failure is not None:
            raise self._failure

    async def _carry_out(
        self,
        how: Callable[[Any, Statement[Any], Mapping[str, Any]], Coroutine[Any, Any, Out]],
        asked: Any,
        params: Any,
    ) -> Out:
        self.raise_failure()
        if self._connection is None:
            raise TxOver
        self.waits = True
        try:
            return await how(self._connection, asked, params)
        except rows.AGAIN as error:
            self.again = self._failure = error
            raise
        except Exception as error:
            self._failure = rows.translated(error, away=is_gone(self._connection))
            if self._failure is error:
                raise
            raise self._failure from error
        finally:
            self.waits = False
