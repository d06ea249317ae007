"""Writing the index, a few documents at a time, and the trends."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, insert
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from volary.db import Tx, in_list, statement, upsert
from volary.search.models import TrendRow, search_documents, trends

Document = tuple[int, str, str]
"""A post's id, its tokens with blanks between, its language."""


class _Tokens(FunctionElement[Any]):
    """Tokens in their order, as the engine's column keeps them."""

    name = "tokens"
    type = TSVECTOR()
    inherit_cache = True


@compiles(_Tokens, "sqlite")
def _as_text(element: _Tokens, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.clauses, **how)


@compiles(_Tokens, "postgresql")
def _as_vector(element: _Tokens, compiler: SQLCompiler, **how: Any) -> str:
    # Tokens hold neither quotes nor backslashes, so each can stand between quotes; its number is its place.
    listed = f"unnest(string_to_array({compiler.process(element.clauses, **how)}, ' ')) WITH ORDINALITY"
    return f"(SELECT CAST(string_agg('''' || t.token || ''':' || t.place, ' ') AS tsvector) FROM {listed} AS t (token, place))"  # noqa: S608 - compiled, no value in it


_ADD = statement(
    upsert(
        search_documents,
        values={
            "post_id": bindparam("post_id"),
            "tokens": _Tokens(bindparam("tokens")),
            "language": bindparam("language"),
        },
        key=["post_id"],
    )
)
_REMOVE = statement(delete(search_documents).where(in_list(search_documents.c.post_id, "ids")))

_FORGET_TRENDS = statement(delete(trends))
_SET_TREND = statement(insert(trends).values({name: bindparam(name) for name in TrendRow.__struct_fields__}))


async def add_documents(tx: Tx, documents: Sequence[Document]) -> None:
    """Let posts be found; a document that is there already is made anew."""
    await tx.run(_REMOVE, ids=[post_id for post_id, _, _ in documents])
    for post_id, tokens, language in documents:
        await tx.run(_ADD, post_id=post_id, tokens=tokens, language=language)


async def remove_documents(tx: Tx, ids: Sequence[int]) -> None:
    """Let posts be found no longer."""
    await tx.run(_REMOVE, ids=list(ids))


async def set_trends(tx: Tx, found: Sequence[TrendRow]) -> None:
    """Let these be the trends, and no others."""
    await tx.run(_FORGET_TRENDS)
    for row in found:
        await tx.run(_SET_TREND, **msgspec.structs.asdict(row))
