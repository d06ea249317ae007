"""Columns that hold sealed texts: how many of their rows need which key, and putting them under the current one, batch by batch.

Each seal begins with the mark of its key, so counting needs no key, and a row that was done is not done again: whoever is interrupted
begins anew and goes on where it ended.
"""

from collections.abc import AsyncIterator

import msgspec
from sqlalchemy import Column, LargeBinary, Table, bindparam, func, select, update

from volary.db.reading import Reader, Tx
from volary.db.statement import statement
from volary.kit.secrets import Keyring, SealBroken

_BATCH = 200

Place = bytes | int
"""What a row is found by: a digest or a number."""


class Row(msgspec.Struct, frozen=True):
    """A row by what it is found by, and what is sealed in it."""

    place: Place
    sealed: bytes


class Batch(msgspec.Struct, frozen=True):
    """What was done with some rows: how many have a new seal, how many no key here opens, and the last one that was looked at."""

    done: int
    unreadable: int
    last: Place | None


class Sealed:
    """A column of sealed texts in a table whose rows are found by a digest, or by a number. Make one as a module constant."""

    def __init__(self, table: Table, column: str, purpose: str, place: str = "digest") -> None:
        self.name = f"{table.name}.{column}"
        self._purpose = purpose
        found: Column[bytes] = table.c[column]
        mark = func.substr(found, 1, 6, type_=LargeBinary)
        key = table.c[place]
        self.first: Place = b"" if isinstance(key.type, LargeBinary) else 0
        """What lies before every place."""
        rows = select(key.label("place"), found.label("sealed")).where(found.is_not(None))
        after = rows.where(key > bindparam("after")).order_by(key).limit(_BATCH)
        self._count = statement(select(func.count()).select_from(table).where(mark == bindparam("mark")), int)
        self._count_all = statement(select(func.count()).select_from(table).where(found.is_not(None)), int)
        self._others = statement(after.where(mark != bindparam("mark")), Row)
        self._every = statement(after, Row)
        self._replace = statement(
            update(table)
            .where(key == bindparam("place"), found == bindparam("sealed"))
            .values({column: bindparam("renewed")})
        )

    async def count(self, reader: Reader, key_id: str) -> int:
        """How many rows a key sealed."""
        return await reader.one(self._count, mark=reader.keys.mark_of(key_id)) or 0

    async def count_all(self, reader: Reader) -> int:
        """How many rows there are."""
        return await reader.one(self._count_all) or 0

    async def unreadable(self, reader: Reader, keys: Keyring) -> AsyncIterator[Place]:
        """The places of the rows that none of the keys opens."""
        last: Place | None = self.first
        while last is not None:
            rows = await reader.all(self._every, after=last)
            last = rows[-1].place if rows else None
            for row in rows:
                if self._opened(keys, row.sealed) is None:
                    yield row.place

    async def reseal(self, tx: Tx, after: Place) -> Batch:
        """Put the next rows under the current key. A row that was changed meanwhile is left as it is."""
        rows = await tx.all(self._others, after=after, mark=tx.keys.mark_of(tx.keys.key_id))
        done = unreadable = 0
        for row in rows:
            plain = self._opened(tx.keys, row.sealed)
            if plain is None:
                unreadable += 1
            else:
                renewed = tx.keys.seal(self._purpose, plain)
                done += await tx.run(self._replace, place=row.place, sealed=row.sealed, renewed=renewed)
        return Batch(done, unreadable, rows[-1].place if rows else None)

    def _opened(self, keys: Keyring, sealed: bytes) -> str | None:
        try:
            return keys.unseal(self._purpose, sealed)
        except SealBroken:
            return None
