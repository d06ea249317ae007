"""Expansions: the objects that the answer's objects point to, each once, under `includes` (X facts 5.1, 5.2).

A thing that the caller may not see is simply not loaded, so it does not appear here either (SR-194): who may see what is part of each
kind's own query.
"""

from collections.abc import Sequence

from volary.api.fields import Selection
from volary.api.kinds import Kind, Kinds, Row, View
from volary.db import Reader


async def included(
    db: Reader, kinds: Kinds, kind: Kind, rows: Sequence[Row], selection: Selection, view: View
) -> dict[str, object]:
    """The buckets of `includes` for rows of one kind."""
    found: dict[str, dict[int, Row]] = {}
    for expansion in kind.expansions:
        if expansion.names.isdisjoint(selection.expansions) or kinds.get(expansion.kind) is None:
            continue
        start = found.get(expansion.through, {}).values() if expansion.through else rows
        wanted = {id for row in start for id in expansion.ids(row)}
        have = found.setdefault(expansion.kind, {})
        missing = sorted(wanted - have.keys())
        if missing:
            loaded = await kinds[expansion.kind].load(db, view.caller, missing)
            have.update((row.id, row) for row in loaded)
    buckets: dict[str, object] = {}
    for name, by_id in found.items():
        if by_id:
            target = kinds[name]
            shapes = await kinds.shaped(db, target, list(by_id.values()), selection.of(name), view)
            for bucket in view.vocabulary.names(*target.bucket):
                buckets[bucket] = shapes
    return buckets
