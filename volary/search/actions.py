"""Writing the index, a few documents at a time, and the trends."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, insert
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from volary.db import Tx, in_list, part, statement, upsert
from volary.posts.actions.languages import tell_languages
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
            "post_id": part(0, search_documents.c.post_id),
            "tokens": _Tokens(part(1, search_documents.c.tokens)),
            "language": part(2, search_documents.c.language),
        },
        key=["post_id"],
        listed="documents",
    )
)
"""One statement for many: at each one that runs a trigger FTS5 writes out what it holds, three pages, so documents one by one cost
three times as much (23 µs instead of 7.5).
"""
_REMOVE = statement(delete(search_documents).where(in_list(search_documents.c.post_id, "ids")))

_FORGET_TRENDS = statement(delete(trends))
_SET_TREND = statement(insert(trends).values({name: bindparam(name) for name in TrendRow.__struct_fields__}))


async def take_in(tx: Tx, languages: Mapping[str, Sequence[int]], documents: Sequence[Document]) -> None:
    """Write down in which languages new posts are, and let them be found; a document that is there already is made anew."""
    if languages:
        await tell_languages(tx, languages)
    await tx.run(_REMOVE, ids=[post_id for post_id, _, _ in documents])
    await tx.run(_ADD, documents=[msgspec.json.encode(one).decode() for one in documents])


async def remove_documents(tx: Tx, ids: Sequence[int]) -> None:
    """Let posts be found no longer."""
    await tx.run(_REMOVE, ids=list(ids))


async def set_trends(tx: Tx, found: Sequence[TrendRow]) -> None:
    """Let these be the trends, and no others."""
    await tx.run(_FORGET_TRENDS)
    for row in found:
        await tx.run(_SET_TREND, **msgspec.structs.asdict(row))
