"""What queries and actions are given: a `Reader` reads, a `Tx` also writes."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from volary.db.statement import Statement
from volary.kit.secrets import Keyring

R = TypeVar("R")

Value = int | str | bytes | None | Sequence[int] | Sequence[str]
"""What a statement's parameter may be. Sequences are for `in_list` alone."""


class Reader(Protocol):
    """Reads rows. A `Database` gives what is committed; a `Tx` also what its own action wrote before."""

    @property
    def now(self) -> int:
        """The time in milliseconds since 1970; in a `Tx` the same for the whole action."""
        ...

    @property
    def keys(self) -> Keyring:
        """The installation's keys."""
        ...

    async def one(self, asked: Statement[R], /, **params: Value) -> R | None:
        """The first row, or None. Raises Busy when the database cannot answer now."""
        ...

    async def all(self, asked: Statement[R], /, **params: Value) -> list[R]:
        """Every row, in the statement's order. Raises Busy when the database cannot answer now."""
        ...


class Tx(Reader, Protocol):
    """One action's share of a transaction. It ends with the action: whatever awaits it later is refused."""

    address: str
    """The IP address from which whoever acts asked for it; empty where nobody did by a request."""
    actor: int | None
    """Who acts where that is no person: `kit.whence` names them. None in a request."""

    async def run(self, asked: Statement[None], /, **params: Value) -> int:
        """Carry out a change that gives no rows; the number of rows that it changed."""
        ...

    def ring(self, bell: str) -> None:
        """Let whoever listens to a bell in this process hear it once the action is committed (`Database.listen`)."""
        ...

    def new_id(self) -> int:
        """A new snowflake id, larger than all that this process gave before."""
        ...
