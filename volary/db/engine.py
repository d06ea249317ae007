"""What the two engines have in common."""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

from volary.db.bells import Bells
from volary.db.reading import Tx, Value
from volary.db.statement import Statement

R = TypeVar("R")
T = TypeVar("T")


class Engine(Protocol):
    """Carries out statements and actions. Parameters come as one dictionary. Errors are the product's own (`volary.db.errors`)."""

    bells: Bells
    """What actions ring, heard after their commit."""

    unclean: bool
    """Whether the last process stopped without closing the database, so that `check` is due."""

    async def one(self, asked: Statement[R], params: dict[str, Value]) -> R | None: ...

    async def all(self, asked: Statement[R], params: dict[str, Value]) -> list[R]: ...

    async def long_one(self, asked: Statement[R], params: dict[str, Value]) -> R | None: ...

    async def long_all(self, asked: Statement[R], params: dict[str, Value]) -> list[R]: ...

    async def write(self, action: Callable[[Tx], Coroutine[Any, Any, T]]) -> T: ...

    async def start_ids(self, worker_id: int | None, newest: int) -> None: ...

    async def check(self) -> list[str]: ...

    async def close(self) -> None: ...


def refuse_change(asked: Statement[Any]) -> None:
    """Raise TypeError for a statement that changes something, given to a reader: only an action may carry it out."""
    if asked.writes:
        raise TypeError("this statement changes rows: carry it out in an action, through its Tx")
