"""One action's share of a group, on the writing connection."""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from volary.db.driving import TxOver
from volary.db.reading import Value
from volary.db.sqlite import rows
from volary.db.statement import Statement
from volary.kit.secrets import Keyring

R = TypeVar("R")
Out = TypeVar("Out")


class SqliteTx:
    """A `Tx`. None of its methods ever suspends, so an action runs through in one go."""

    def __init__(self, connection: sqlite3.Connection, now: int, keys: Keyring, new_id: Callable[[], int]) -> None:
        self._connection: sqlite3.Connection | None = connection
        self._failure: Exception | None = None
        self.cause: Exception | None = None
        """SQLite's own error behind the first statement that failed."""
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
        return self._carry_out(rows.first, asked, params)

    async def all(self, asked: Statement[R], /, **params: Value) -> list[R]:
        return self._carry_out(rows.every, asked, params)

    async def run(self, asked: Statement[None], /, **params: Value) -> int:
        return self._carry_out(rows.changed, asked, params)

    def end(self) -> None:
        """Close it. After this it refuses everything."""
        self._connection = None

    def raise_failure(self) -> None:
        """Raise what a statement raised, if the action swallowed it: half an act is no act, and PostgreSQL would not go on either."""
        if self._failure is not None:
            raise self._failure

    def _carry_out(
        self, how: Callable[[sqlite3.Connection, Statement[Any], Mapping[str, Any]], Out], asked: Any, params: Any
    ) -> Out:
        self.raise_failure()
        if self._connection is None:
            raise TxOver
        try:
            if asked.writes:
                rows.refuse_unstorable(params)
            return how(self._connection, asked, params)
        except Exception as error:
            self.cause = error
            self._failure = rows.translated(error)
            if self._failure is error:
                raise
            raise self._failure from error
