"""The part of a statement that finds posts by a query, on each engine, with all that decides who may see them.

Both engines take the same parameters: `match` (the query in the words of both, see `rules.tree.for_engines`), `viewer`, `after`, `before`,
and the numbers of `rules.tree.Least`. SQLite's FTS5 gives ids from the newest down and stops when a page is full; PostgreSQL chooses
between its index and a walk from the newest down by how often the words occur.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Select, Text, bindparam, column, literal_column, table
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


def found(chosen: Callable[[], Select[Any]], finish: Making) -> EachEngine:
    """A statement over the posts that a query finds and the viewer may see.

    `chosen` selects columns of posts; `finish` adds order and limit, given the id by which the engine walks its index.
    """
    at_sqlite: ColumnElement[int] = _INDEX.c.rowid
    return EachEngine(
        sqlite=finish(
            _seen(chosen().select_from(_INDEX).join(posts, posts.c.id == at_sqlite), at_sqlite).where(
                literal_column("search_index").op("MATCH", return_type=Boolean())(_QUERY)
            ),
            at_sqlite,
        ),
        postgresql=finish(
            _seen(
                chosen().select_from(search_documents).join(posts, posts.c.id == search_documents.c.post_id),
                search_documents.c.post_id,
            ).where(search_documents.c.tokens.op("@@", return_type=Boolean())(_QUERY)),
            search_documents.c.post_id,
        ),
    )


def _seen(chosen: Select[Any], at: ColumnElement[int]) -> Select[Any]:
    return chosen.join(accounts, accounts.c.id == posts.c.author_id).where(
        at > bindparam("after", type_=BigInteger()),
        at < bindparam("before", type_=BigInteger()),
        seen(),
        posts.c.replaced_at.is_(None),
        posts.c.like_count >= _number("likes"),
        posts.c.reply_count >= _number("replies"),
        posts.c.repost_count >= _number("reposts"),
        _drawn(posts.c.id) < _number("sample"),
    )


def _drawn(id: SQLCoreOperations[int]) -> ColumnElement[int]:
    """A number below a hundred for each post, always the same: its time's last digits."""
    return id // (1 << 22) % 100


def _number(name: str) -> ColumnElement[int]:
    return bindparam(name, type_=BigInteger())
