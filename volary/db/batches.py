"""Work on many rows in small actions, so that nobody who writes meanwhile waits for all of it."""

from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec

from volary.db.database import Database
from volary.db.reading import Tx, Value
from volary.db.statement import Statement

P = ParamSpec("P")


async def in_batches(
    db: Database,
    batch: int,
    action: Callable[Concatenate[Tx, P], Coroutine[Any, Any, int]],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> int:
    """Run an action that does up to `batch` of something and says how many, until it does fewer; how many in all."""
    total = 0
    while True:
        done = await db.write(action, *args, **kwargs)
        total += done
        if done < batch:
            return total


async def rows_of(tx: Tx, /, asked: Statement[None], **params: Value) -> int:
    """A statement as an action; how many rows it changed."""
    return await tx.run(asked, **params)
