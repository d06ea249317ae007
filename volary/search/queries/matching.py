"""The part of a statement that finds posts by a query, on each engine, with all that decides who may see them.

Both engines take the same parameters: `match` (the query in the words of both, see `rules.tree.for_engines`), `viewer`, `after`, `before`,
and the numbers of `rules.tree.Least`. SQLite's FTS5 gives ids from the newest down and stops when a page is full; PostgreSQL chooses
between its index and a walk from the newest down by how often the words occur.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    Text,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlalchemy.sql.functions import FunctionElement

from volary.accounts.models import accounts
from volary.db.constructs import EachEngine, ListOf
from volary.posts.models import posts
from volary.posts.queries.visibility import seen
from volary.search.models import search_documents

_INDEX = table("search_index", column("rowid"))


class _Asked(FunctionElement[Any]):
    """The query in the words of the engine."""

    name = "asked"
    type = TSQUERY()
    inherit_cache = True


@compiles(_Asked, "sqlite")
def _in_fts5(element: _Asked, compiler: SQLCompiler, **how: Any) -> str:
    return f"json_extract({compiler.process(element.clauses, **how)}, '$[0]')"


@compiles(_Asked, "postgresql")
def _in_tsquery(element: _Asked, compiler: SQLCompiler, **how: Any) -> str:
    return f"CAST(({compiler.process(element.clauses, **how)})[2] AS tsquery)"


_QUERY = _Asked(bindparam("match", type_=ListOf(Text())))
Making = Callable[[Select[Any], ColumnElement[int]], Select[Any]]


class _Where(NamedTuple):
    """Where an engine finds posts: what it reads, the id there, and whether a query finds it."""

    read: FromClause
    id: ColumnElement[int]
    holds: ColumnElement[bool]


_WHERE = {
    "sqlite": _Where(_INDEX, _INDEX.c.rowid, literal_column("search_index").op("MATCH", return_type=Boolean())(_QUERY)),
    "postgresql": _Where(
        search_documents,
        search_documents.c.post_id,
        search_documents.c.tokens.op("@@", return_type=Boolean())(_QUERY),
    ),
}


def found(chosen: Callable[[], Select[Any]], finish: Making) -> EachEngine:
    """A statement over all posts that a query finds and the viewer may see.

    `chosen` selects columns of posts; `finish` adds what comes after, given the id by which posts are ordered.
    """
    return EachEngine(
        **{
            engine: finish(_seen(_matched(chosen().select_from(at.read), at), at.id), at.id)
            for engine, at in _WHERE.items()
        }
    )


def newest(chosen: Callable[[], Select[Any]], finish: Making) -> EachEngine:
    """The same of the `look` newest posts that a query finds; whether the viewer sees them is asked of these alone.

    So an engine stops early, and PostgreSQL weighs its ways to find posts by nothing but how common the words are.
    """
    made = {}
    for engine, at in _WHERE.items():
        some = _looked_at(at)
        made[engine] = finish(_seen(chosen().select_from(some), some.c.id), some.c.id)
    return EachEngine(**made)


def edge() -> EachEngine:
    """How many posts were looked at, and the oldest of them."""
    made = {}
    for engine, at in _WHERE.items():
        some = _looked_at(at)
        oldest = func.coalesce(func.min(some.c.id), 0).label("oldest")
        made[engine] = select(func.count(some.c.id).label("looked"), oldest)
    return EachEngine(**made)


def _looked_at(at: _Where) -> Subquery:
    chosen = _matched(select(at.id.label("id")).select_from(at.read), at)
    return chosen.order_by(at.id.desc()).limit(_number("look")).subquery("candidates")


def _matched(chosen: Select[Any], at: _Where) -> Select[Any]:
    return chosen.where(at.id > _number("after"), at.id < _number("before"), at.holds)


def _seen(chosen: Select[Any], id: ColumnElement[int]) -> Select[Any]:
    return (
        chosen.join(posts, posts.c.id == id)
        .join(accounts, accounts.c.id == posts.c.author_id)
        .where(
            seen(),
            posts.c.replaced_at.is_(None),
            posts.c.like_count >= _number("likes"),
            posts.c.reply_count >= _number("replies"),
            posts.c.repost_count >= _number("reposts"),
            _drawn(posts.c.id) < _number("sample"),
        )
    )


def _drawn(id: SQLCoreOperations[int]) -> ColumnElement[int]:
    """A number below a hundred for each post, always the same: its time's last digits."""
    return id // (1 << 22) % 100


def _number(name: str) -> ColumnElement[int]:
    return bindparam(name, type_=BigInteger())
