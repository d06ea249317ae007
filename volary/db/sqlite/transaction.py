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
        self.now = now
        self.keys = keys
        self.new_id = new_id

    async def one(self, asked: Statement[R], /, **params: Value) -> R | None:
        return self._carry_out(rows.first, asked, params)

    async def all(self, asked: Statement[R], /, **params: Value) -> list[R]:
        return self._carry_out(rows.every, asked, params)

    async def run(self, asked: Statement[None], /, **params: Value) -> int:
        return self._carry_out(rows.changed, asked, params)

    def end(self) -> None:
        """Close after the action returned. Raises what a statement raised if the action swallowed it: half an act is no act."""
        self._connection = None
        if self._failure is not None:
            raise self._failure

    def abort(self) -> None:
        """Close after the action failed."""
        self._connection = None

    def _carry_out(
        self, how: Callable[[sqlite3.Connection, Statement[Any], Mapping[str, Any]], Out], asked: Any, params: Any
    ) -> Out:
        if self._failure is not None:
            raise self._failure
        if self._connection is None:
            raise TxOver
        try:
            return how(self._connection, asked, params)
        except Exception as error:
            self._failure = rows.translated(error)
            if self._failure is error:
                raise
            raise self._failure from error
