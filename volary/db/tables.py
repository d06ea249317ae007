"""How tables are written: one metadata, three kinds of columns, the same on both engines.

Columns hold integers (64 bits: ids, times in milliseconds, 0/1 flags), text and bytes, nothing else; so a row that comes back from a
raw driver needs no conversion. On SQLite every table is STRICT, and tables whose primary key is not one id have no rowid.
"""

from typing import Any

from sqlalchemy import DDL, BigInteger, Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text, event
from sqlalchemy import text as sql

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Whole = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit integer on both engines."""


def table(name: str, *parts: Any, by_key: bool = False) -> Table:
    """A table of the product. `by_key`: the primary key is no single id, so SQLite keeps rows under it, without a rowid."""
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=not by_key)


def beside(table: Table, engine: str, *rules: str) -> None:
    """What one engine (`sqlite`, `postgresql`) has beside a table, such as triggers: statements that are run once the table is made.

    A migration that makes the table anew says them again.
    """
    for rule in rules:
        made: DDL = DDL(rule)  # type: ignore[no-untyped-call]  # SQLAlchemy gives DDL no types
        event.listen(table, "after_create", made.execute_if(dialect=engine))


def id_column(name: str = "id") -> Column[int]:
    """A snowflake primary key."""
    return Column(name, Whole, primary_key=True, autoincrement=False)


def digest_column(name: str = "digest") -> Column[bytes]:
    """A primary key that is the digest of a secret."""
    return Column(name, LargeBinary, primary_key=True)


def whole(name: str, *, default: int | None = None, optional: bool = False, key: bool = False) -> Column[int]:
    """An integer: a count, an epoch, a position."""
    given = None if default is None else sql(str(default))
    if key:
        return Column(name, Whole, primary_key=True, autoincrement=False)
    return Column(name, Whole, nullable=optional, server_default=given)


def moment(name: str, *, optional: bool = False) -> Column[int]:
    """A time in milliseconds since 1970 UTC."""
    return Column(name, Whole, nullable=optional)


def flag(name: str, *, default: bool = False) -> Column[int]:
    """Yes or no, kept as 1 or 0."""
    return Column(name, Whole, nullable=False, server_default=sql(str(int(default))))


def text(name: str, *, default: str | None = None, optional: bool = False, key: bool = False) -> Column[str]:
    """Text, of any length; rules limit it before it comes here."""
    return Column(name, Text, nullable=optional, server_default=default, primary_key=key)


def octets(name: str, *, optional: bool = False, key: bool = False) -> Column[bytes]:
    """Bytes: a digest, a sealed secret, a picture."""
    return Column(name, LargeBinary, nullable=optional, primary_key=key)


def reference(
    name: str, target: str, *, optional: bool = False, key: bool = False, cascade: bool = False
) -> Column[int]:
    """An id of another table's row (`"accounts.id"`). `cascade`: the row goes when the other one goes."""
    return Column(
        name,
        Whole,
        ForeignKey(target, ondelete="CASCADE" if cascade else None),
        nullable=optional,
        primary_key=key,
        autoincrement=False,
    )
