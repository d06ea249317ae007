"""Constructs that Core has no portable, precompiled form for: lists as parameters, the upsert, a text for each engine."""

from collections.abc import Mapping, Sequence
from typing import Any, Self, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    Insert,
    Table,
    Text,
    bindparam,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.types import TypeDecorator, TypeEngine

R = TypeVar("R")


class ListOf(TypeDecorator[Any]):
    """The type of a list parameter: an array on PostgreSQL, JSON text on SQLite (the engine encodes it)."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.ARRAY(self.item))
        return dialect.type_descriptor(Text())


class _InList(FunctionElement[bool]):
    name = "in_list"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Stand in a condition as it is. SQLAlchemy would add `= 1` on SQLite, and with that the index of the column goes unused."""
        return self


@compiles(_InList, "sqlite")
def _in_json(element: _InList, compiler: SQLCompiler, **how: Any) -> str:
    column, listed = element.clauses
    return f"{compiler.process(column, **how)} IN (SELECT value FROM json_each({compiler.process(listed, **how)}))"  # noqa: S608 - compiled parts


@compiles(_InList, "postgresql")
def _in_array(element: _InList, compiler: SQLCompiler, **how: Any) -> str:
    column, listed = element.clauses
    return f"{compiler.process(column, **how)} = ANY({compiler.process(listed, **how)})"


def in_list(column: SQLCoreOperations[Any], name: str) -> ColumnElement[bool]:
    """`column IN` a list of integers or texts that is given as the parameter `name`; an empty list matches nothing."""
    item: TypeEngine[Any] = Text() if isinstance(column.type, Text) else BigInteger()  # type: ignore[attr-defined]
    return _InList(column, bindparam(name, type_=ListOf(item)))


class _Items(FunctionElement[Any]):
    """The items of a list parameter as rows. Both engines name the column `value`: PostgreSQL after the alias."""

    name = "items"
    inherit_cache = True


@compiles(_Items, "sqlite")
def _each_of_json(element: _Items, compiler: SQLCompiler, **how: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **how)})"


@compiles(_Items, "postgresql")
def _each_of_array(element: _Items, compiler: SQLCompiler, **how: Any) -> str:
    return f"unnest({compiler.process(element.clauses, **how)})"


class _Part(FunctionElement[Any]):
    """One value of an item that is a JSON array."""

    name = "part"
    inherit_cache = True

    def __init__(self, place: int, type_: TypeEngine[Any]) -> None:
        super().__init__(literal_column("value.value"), literal_column(str(place)))
        self.type = type_


@compiles(_Part, "sqlite")
def _of_json(element: _Part, compiler: SQLCompiler, **how: Any) -> str:
    item, place = (compiler.process(one, **how) for one in element.clauses)
    return f"json_extract({item}, '$[{place}]')"


@compiles(_Part, "postgresql")
def _of_jsonb(element: _Part, compiler: SQLCompiler, **how: Any) -> str:
    item, place = (compiler.process(one, **how) for one in element.clauses)
    return f"CAST(CAST({item} AS json) ->> {place} AS {compiler.dialect.type_compiler_instance.process(element.type)})"


class Upsert:
    """INSERT … ON CONFLICT, written once and built for each dialect. Made by `upsert`."""

    def __init__(
        self,
        table: Table,
        values: Mapping[str, Any],
        key: Sequence[str],
        update: Mapping[str, Any],
        where: ColumnElement[bool] | None,
        listed: str | None,
    ) -> None:
        self._table, self._values, self._key, self._update, self._where = table, values, key, update, where
        self._listed = listed
        self._returned: tuple[Any, ...] = ()

    def returning(self, *columns: Any) -> "Upsert":
        """The same upsert, giving columns of the row that it inserted or updated (no row when it did nothing)."""
        copy = Upsert(self._table, self._values, self._key, self._update, self._where, self._listed)
        copy._returned = columns
        return copy

    def built(self, dialect: str) -> Insert:
        """The dialect's own INSERT."""
        made: postgresql.Insert | sqlite.Insert
        made = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(self._table)
        if self._listed is None:
            made = made.values(dict(self._values))
        else:
            items = _Items(bindparam(self._listed, type_=ListOf(Text()))).table_valued("value", name="value")
            # SQLite takes ON CONFLICT for the condition of a join unless a WHERE stands before it.
            made = made.from_select([*self._values], select(*self._values.values()).select_from(items).where(true()))
        if self._update:
            made = made.on_conflict_do_update(index_elements=self._key, set_=dict(self._update), where=self._where)
        else:
            made = made.on_conflict_do_nothing(index_elements=self._key)
        return made.returning(*self._returned) if self._returned else made


def upsert(
    table: Table,
    *,
    values: Sequence[str] | Mapping[str, Any],
    key: Sequence[str],
    update: Sequence[str] | Mapping[str, Any] = (),
    where: ColumnElement[bool] | None = None,
    listed: str | None = None,
) -> Upsert:
    """Insert a row, or update the one that has the same key, or leave that alone when `update` is empty.

    `values` names the columns that are given as parameters of the same names (or maps columns to expressions). `update` names the
    columns that take the proposed value (or maps columns to expressions, such as `{"uses": uses.c.uses + 1}`). `where` limits the
    update by what the existing row holds. `key` must be the columns of a primary key or of a unique index. `listed` names a parameter
    with a row in each item, as the text of a JSON array; `values` then are made of `part`, and the key of each item is another.
    """
    given = values if isinstance(values, Mapping) else {name: bindparam(name) for name in values}
    changed = update if isinstance(update, Mapping) else {name: _proposed(table, name) for name in update}
    return Upsert(table, given, key, changed, where, listed)


def part(place: int, like: Column[R]) -> ColumnElement[R]:
    """The value at a place of an item, for an upsert of a list; of the type of a column that holds such values."""
    return _Part(place, Text() if isinstance(like.type, Text) else BigInteger())


def _proposed(table: Table, name: str) -> ColumnElement[Any]:
    return literal_column(f"excluded.{name}", table.c[name].type)


class EachEngine:
    """A question that has to be put to each engine in its own words. Both take the same parameters and give the same columns."""

    def __init__(self, *, sqlite: SelectBase, postgresql: SelectBase) -> None:
        self._made = {"sqlite": sqlite, "postgresql": postgresql}

    def built(self, dialect: str) -> SelectBase:
        """The dialect's own."""
        return self._made[dialect]
