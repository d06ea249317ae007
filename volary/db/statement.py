"""Statements: Core elements with the type of their rows, compiled once for each dialect, carried out by the raw drivers.

SQLAlchemy writes the SQL and then steps aside: compiling costs about a millisecond, so it happens once, and rows and parameters never
pass through its engine (design §4 has the measurements).
"""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar, overload

import msgspec
from sqlalchemy import Dialect
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import SelectBase

from volary.db.constructs import EachEngine, ListOf, Upsert

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
Element = SelectBase | UpdateBase | Upsert | EachEngine


class Compiled:
    """The text of a statement for one dialect, and how its parameters are ordered."""

    __slots__ = ("_count", "_fixed", "_names", "lists", "sql")

    def __init__(self, sql: str, names: tuple[str, ...], fixed: dict[str, Any], lists: tuple[int, ...]) -> None:
        self.sql = sql
        self.lists = lists
        """The positions of list parameters."""
        self._names = names
        self._fixed = fixed
        self._count = len(set(names) - fixed.keys())

    def arguments(self, params: Mapping[str, Any]) -> list[Any]:
        """The parameters in the order of the text. Raises TypeError when one is missing or unknown: a bug of the caller."""
        if len(params) != self._count:
            raise TypeError(self._complaint(params))
        given = {**self._fixed, **params} if self._fixed else params
        try:
            return [given[name] for name in self._names]
        except KeyError:
            raise TypeError(self._complaint(params)) from None

    def _complaint(self, params: Mapping[str, Any]) -> str:
        wanted = sorted(set(self._names) - self._fixed.keys())
        return f"this statement takes the parameters {wanted}, not {sorted(params)}: {self.sql}"


class Statement(Generic[R_co]):
    """A statement and what its rows are. Make it with `statement`, once, as a module constant."""

    __slots__ = ("__weakref__", "_compiled", "_element", "hot", "row", "writes")

    def __init__(self, element: Element, row: Callable[..., R_co] | None, *, hot: bool = False) -> None:
        self._element = element
        self._compiled: dict[str, Compiled] = {}
        self.row: Callable[..., R_co] | None = row
        self.hot = hot
        """Whether it is asked on every call of the API, so that an engine may answer from memory while nothing was committed since."""
        self.writes = isinstance(element, UpdateBase | Upsert)
        """Whether it changes anything, so that only a `Tx` may carry it out."""

    def compiled(self, dialect: Dialect) -> Compiled:
        """The statement for a dialect; compiled at the first call."""
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = _compile(self._element, dialect)
        return found


def _compile(element: Element, dialect: Dialect) -> Compiled:
    built: SelectBase | UpdateBase = (
        element.built(dialect.name) if isinstance(element, Upsert | EachEngine) else element
    )
    made: Any = built.compile(dialect=dialect)
    binds = made.binds
    asked = {name for name in made.positiontup or () if binds[name].required}
    # A list that is written in the statement itself has a known length, so it is unfolded here and not at each call.
    state: Any = made.construct_expanded_state(dict.fromkeys(asked), escape_names=False)
    names = tuple(state.positiontup or ())
    fixed = {name: state.parameters[name] for name in names if name not in asked}
    lists = tuple(place for place, name in enumerate(names) if name in asked and isinstance(binds[name].type, ListOf))
    return Compiled(state.statement, names, fixed, lists)


@overload
def statement(element: Element) -> Statement[None]: ...
@overload
def statement(element: Element, row: type[R], *, hot: bool = False) -> Statement[R]: ...
def statement(element: Element, row: Any = None, *, hot: bool = False) -> Statement[Any]:
    """Make a statement. Without `row` it gives no rows (for `Tx.run`); with it each row becomes `row(*columns)`.

    `row` is a struct whose fields are named and ordered as the columns (label a column that is named otherwise), or `int`, `str` or
    `bytes` for a single column that is never null. A `hot` one is asked on every call of the API, with parameters that come again (not
    the time), for one row. Raises TypeError when columns and fields differ.
    """
    _check(element, row)
    return Statement(element, row, hot=hot)


def _check(element: Element, row: Any) -> None:
    columns = _columns(element)
    if row is None:
        if columns:
            raise TypeError(f"a statement that gives {columns} needs a row type")
        return
    fields = list(row.__struct_fields__) if issubclass(row, msgspec.Struct) else [None]
    if len(fields) != len(columns):
        raise TypeError(f"{row.__name__} has the fields {fields}, the statement gives {columns}")
    for field, column in zip(fields, columns, strict=True):
        if field is not None and column is not None and field != column:
            raise TypeError(f"{row.__name__}.{field} would be filled from {column!r}: reorder, or label the column")


def _columns(element: Element) -> list[str | None]:
    """The names of what a statement gives; None for an expression without a name."""
    built: Any = element.built("sqlite") if isinstance(element, Upsert | EachEngine) else element
    if isinstance(built, SelectBase):
        return [column.key for column in built.selected_columns]
    return [column.key for column in built.exported_columns] if built._returning else []  # noqa: SLF001 - without RETURNING they are the table's columns
