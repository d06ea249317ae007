"""Expansions: the objects that the answer's objects point to, each once, under `includes` (X facts 5.1, 5.2).

A thing that the caller may not see is simply not loaded, so it does not appear here either (SR-194): who may see what is part of each
kind's own query. What was pointed to and is not there for this caller is told as a partial error, missing and hidden things alike.
"""

from collections.abc import Sequence

import msgspec

from volary.api.fields import Selection
from volary.api.kinds import Expansion, Kind, Kinds, Row, View
from volary.api.problems import not_found
from volary.db import Reader


class Included(msgspec.Struct):
    """The buckets of `includes`, and an error for each thing that could not be included."""

    buckets: dict[str, object]
    errors: list[dict[str, object]]


async def included(
    db: Reader, kinds: Kinds, kind: Kind, rows: Sequence[Row], selection: Selection, view: View
) -> Included:
    """What the selected expansions of rows of one kind lead to."""
    found: dict[str, dict[int, Row]] = {}
    errors: dict[tuple[str, int], dict[str, object]] = {}
    for expansion in kind.expansions:
        if expansion.names.isdisjoint(selection.expansions) or kinds.get(expansion.kind) is None:
            continue
        start = list(found.get(expansion.through, {}).values()) if expansion.through else rows
        wanted = await expansion.leads_to(db, view.caller, start)
        have = found.setdefault(expansion.kind, {})
        missing = sorted(wanted - have.keys())
        if missing:
            loaded = {row.id: row for row in await kinds[expansion.kind].load(db, view.caller, missing)}
            have.update((id, loaded[id]) for id in missing if id in loaded)  # the oldest first, however they came
        for id in missing:
            if id not in have:
                errors.setdefault((expansion.kind, id), _missing(kinds[expansion.kind], expansion, selection, id))
    made = await _included(db, kinds, kind, found, selection, view)
    made.errors[:0] = errors.values()
    return made


async def _included(
    db: Reader, kinds: Kinds, answers: Kind, found: dict[str, dict[int, Row]], selection: Selection, view: View
) -> Included:
    buckets: dict[str, object] = {}
    errors: list[dict[str, object]] = []
    for name, by_id in found.items():
        if by_id:
            target = kinds[name]
            selected = kinds.selected(answers, selection, name)
            rows = list(by_id.values())
            shapes = await kinds.shaped(db, target, rows, selected, view)
            errors += kinds.withheld(target, rows, selected, view, "includes") if target.private else ()
            for bucket in view.vocabulary.names(*target.bucket):
                buckets[bucket] = shapes
    return Included(buckets, errors)


def _missing(kind: Kind, expansion: Expansion, selection: Selection, id: int) -> dict[str, object]:
    parameter = min(expansion.names & selection.expansions)
    return {**not_found(kind.resource or kind.name, parameter, str(id)), "section": "includes"}
